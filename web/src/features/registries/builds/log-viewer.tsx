"use client";

import { ArrowDown } from "lucide-react";
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  type Ref,
  useRef,
  useState,
} from "react";
import { useRowWindow } from "../../../lib/use-row-window.ts";
import { useWidth } from "../../../lib/use-width.ts";
import { Button } from "../../../ui/button.tsx";
import { type BuildLog, lineOfHash, shownText } from "./build-log.ts";
import { LogLineRow } from "./log-line.tsx";

const LINE_PX = 20;
/** Room of the line numbers and the paddings beside the text. */
const GUTTER_PX = 88;
const AT_END_PX = 24;

export interface LogViewerHandle {
  /** Brings a line into view and stops following. */
  show(lineNumber: number): void;
}

interface LogViewerProps {
  log: BuildLog;
  /** Begins at the end and stays there while lines come, until somebody scrolls up. */
  startsAtEnd: boolean;
  isLive: boolean;
  wraps: boolean;
  withStamps: boolean;
  words: string;
  currentLine: number | undefined;
  onKey(key: string): void;
  ref: Ref<LogViewerHandle>;
}

/** The lines of a log, of which only those in view are rendered. */
export function LogViewer({
  log,
  startsAtEnd,
  isLive,
  wraps,
  withStamps,
  words,
  currentLine,
  onKey,
  ref,
}: LogViewerProps) {
  const { lines } = log;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const lastTop = useRef(0);
  const pending = useRef<number>(undefined);
  const [target, setTarget] = useState<number>();
  const [follow, setFollow] = useState({ isOn: startsAtEnd, seen: 0 });
  const width = useWidth(scroller);
  const [columns, setColumns] = useState(Number.POSITIVE_INFINITY);

  useLayoutEffect(() => {
    const characterPx = (probe.current?.getBoundingClientRect().width ?? 0) / 10;
    setColumns(
      wraps && characterPx > 0 && width > GUTTER_PX
        ? Math.floor((width - GUTTER_PX) / characterPx)
        : Number.POSITIVE_INFINITY,
    );
  }, [wraps, width]);

  // Long lines break at any character, so their height follows from their length.
  const estimate = useCallback(
    (index: number) => {
      const line = lines[index];
      return line ? Math.max(1, Math.ceil(shownText(line, withStamps).length / columns)) * LINE_PX : LINE_PX;
    },
    [lines, withStamps, columns],
  );
  const rows = useRowWindow({
    count: lines.length,
    keyOf,
    estimate,
    layoutKey: `${columns} ${withStamps} ${log.restarts}`,
    list,
    scroller,
  });

  const show = useCallback((number: number) => {
    setFollow({ isOn: false, seen: Number.POSITIVE_INFINITY });
    pending.current = number;
  }, []);
  const reach = (number: number) => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = Math.max(0, rows.offsetOf(number - 1) - element.clientHeight / 3);
    lastTop.current = element.scrollTop;
  };

  useEffect(() => {
    const look = () => {
      const number = lineOfHash(window.location.hash);
      setTarget(number);
      if (number !== undefined) show(number);
    };
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, [show]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (pending.current !== undefined && lines.length >= pending.current) {
      reach(pending.current);
      pending.current = undefined;
    } else if (follow.isOn && element.scrollHeight - element.scrollTop - element.clientHeight > 1) {
      element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
    }
  });

  function onScroll() {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
    const isUp = element.scrollTop < lastTop.current - 1;
    lastTop.current = element.scrollTop;
    if (isAtEnd) setFollow((before) => (before.isOn || !isLive ? before : { isOn: true, seen: 0 }));
    else if (isUp) setFollow((before) => (before.isOn ? { isOn: false, seen: lines.length } : before));
  }

  function resume() {
    setFollow({ isOn: true, seen: 0 });
    scroller.current?.focus({ preventScroll: true });
  }

  const pick = useCallback((number: number) => {
    window.history.replaceState(window.history.state, "", `#L${number}`);
    setTarget(number);
  }, []);

  useImperativeHandle(ref, () => ({ show }), [show]);

  const fresh = lines.length - follow.seen;
  return (
    <div className="relative">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a log is scrolled and searched by keys */}
      <div
        ref={scroller}
        role="log"
        aria-label="Build log"
        aria-live="off"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
          if (event.key === "f") resume();
          else onKey(event.key);
        }}
        className="log-scroller"
      >
        <span ref={probe} aria-hidden="true" className="invisible absolute">
          0000000000
        </span>
        {log.restarts > 0 && <RestartDivider />}
        <div ref={list} className={wraps ? "log-lines log-wraps" : "log-lines"}>
          <div aria-hidden="true" style={{ height: rows.before }} />
          {lines.slice(rows.start, rows.end).map((line, offset) => {
            const number = rows.start + offset + 1;
            return (
              <LogLineRow
                key={number}
                line={line}
                number={number}
                words={words}
                withStamps={withStamps}
                isTarget={number === target}
                isCurrent={number === currentLine}
                onPick={pick}
              />
            );
          })}
          <div aria-hidden="true" style={{ height: rows.after }} />
        </div>
      </div>
      {!follow.isOn && isLive && (
        <Button
          look="primary"
          onClick={resume}
          className="absolute bottom-4 left-1/2 -translate-x-1/2 rounded-full shadow-popup"
        >
          <ArrowDown size={15} aria-hidden="true" />
          {fresh > 0 && Number.isFinite(fresh) ? `${fresh} new ${fresh === 1 ? "line" : "lines"} · Resume` : "Follow"}
        </Button>
      )}
    </div>
  );
}

const keyOf = (index: number) => index;

function RestartDivider() {
  return (
    <div role="separator" aria-label="Azure replaced the log; lines begin again at 1" className="log-divider">
      log replaced by Azure · lines begin again
    </div>
  );
}

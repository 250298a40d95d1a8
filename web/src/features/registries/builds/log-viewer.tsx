"use client";

import { ArrowDown } from "lucide-react";
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  type Ref,
  useRef,
  useState,
} from "react";
import { useRowWindow } from "../../../lib/use-row-window.ts";
import { useWidth } from "../../../lib/use-width.ts";
import { Button } from "../../../ui/button.tsx";
import { type BuildLog, lineOfHash } from "./build-log.ts";
import { LogLineRow } from "./log-line.tsx";
import { linesOfStep, logRows, stepOfRow } from "./log-rows.ts";
import { LogStepHead } from "./log-step-head.tsx";
import type { LogFolds } from "./use-log-folds.ts";

const LINE_PX = 20;
const STEP_PX = 32;
/** Room of the line numbers and the paddings beside the text. */
const GUTTER_PX = 88;
const AT_END_PX = 24;

export interface LogViewerHandle {
  /** Brings a line of an open step into view and stops following. */
  show(lineNumber: number): void;
}

interface LogViewerProps {
  log: BuildLog;
  folds: LogFolds;
  /** Begins at the end and stays there while lines come, until somebody scrolls up. */
  startsAtEnd: boolean;
  isLive: boolean;
  wraps: boolean;
  withStamps: boolean;
  words: string;
  currentLine: number | undefined;
  /** True when the key was one that does something. */
  onKey(key: string): boolean;
  ref: Ref<LogViewerHandle>;
}

/** The lines of a log, of which only those in view are rendered. */
export function LogViewer({
  log,
  folds,
  startsAtEnd,
  isLive,
  wraps,
  withStamps,
  words,
  currentLine,
  onKey,
  ref,
}: LogViewerProps) {
  const { lines, lineCount, steps } = log;
  const { folded, reveal } = folds;
  const shown = useMemo(() => logRows(lineCount, steps, folded), [lineCount, steps, folded]);
  const keyOf = useCallback((index: number) => shown[index] ?? index, [shown]);
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
      const row = shown[index] ?? 0;
      if (row < 0) return STEP_PX;
      const line = lines[row];
      // All lines are asked for with each message: the text itself is not cut for it.
      const length = line ? line.text.length - (withStamps ? 0 : line.stampLength) : 0;
      return length <= columns ? LINE_PX : Math.ceil(length / columns) * LINE_PX;
    },
    [lines, shown, withStamps, columns],
  );
  const rows = useRowWindow({
    count: shown.length,
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
    element.scrollTop = Math.max(0, rows.offsetOf(Math.max(0, shown.indexOf(number - 1))) - element.clientHeight / 3);
    lastTop.current = element.scrollTop;
  };

  const open = useEffectEvent(reveal);
  useEffect(() => {
    const look = () => {
      const number = lineOfHash(window.location.hash);
      setTarget(number);
      if (number === undefined) return;
      open(number);
      show(number);
    };
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, [show]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (pending.current !== undefined && lineCount >= pending.current) {
      reach(pending.current);
      pending.current = undefined;
    } else if (follow.isOn) {
      const isAway = fromEnd(element) > 1;
      // Somebody may have scrolled up with the event of it still to come: following now would undo it.
      const isUp = isAway && element.scrollTop < lastTop.current - 1;
      if (isUp) stopFollowing();
      else if (isAway) element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
    }
  });

  function stopFollowing() {
    setFollow((before) => (before.isOn ? { isOn: false, seen: lineCount } : before));
  }

  function onScroll() {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = fromEnd(element) < AT_END_PX;
    const moved = element.scrollTop - lastTop.current;
    lastTop.current = element.scrollTop;
    // An event of the following itself, told of late, has not moved the view: it must not take back that somebody has left the end.
    if (isAtEnd && moved > 1) setFollow((before) => (before.isOn || !isLive ? before : { isOn: true, seen: 0 }));
    else if (!isAtEnd && moved < -1) stopFollowing();
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

  const fresh = lineCount - follow.seen;
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
        // The wheel is told of before the scrolling it causes, which lines that come meanwhile must not undo.
        onWheel={({ deltaY }) => {
          if (deltaY < 0 && (scroller.current?.scrollTop ?? 0) > 0) stopFollowing();
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
          if (event.key === "f") resume();
          // Otherwise the field that gets the focus is written the key as well.
          else if (onKey(event.key)) event.preventDefault();
        }}
        className="log-scroller"
        // The browser's own anchoring would move the view by itself, which nobody could tell from somebody who scrolls.
        style={{ overflowAnchor: follow.isOn ? "none" : "auto" }}
      >
        <span ref={probe} aria-hidden="true" className="invisible absolute">
          0000000000
        </span>
        {log.restarts > 0 && <RestartDivider />}
        <div ref={list} className={wraps ? "log-lines log-wraps" : "log-lines"}>
          <div aria-hidden="true" className="row-spacer" style={{ height: rows.before }} />
          {Array.from(shown.subarray(rows.start, rows.end), (shownRow, offset) => {
            const row = rows.start + offset;
            const at = stepOfRow(shownRow);
            const step = at === undefined ? undefined : steps[at];
            if (at !== undefined && step) {
              return (
                <LogStepHead
                  key={shownRow}
                  row={row}
                  at={at}
                  step={step}
                  lineCount={linesOfStep(steps, at, lineCount)}
                  isFolded={folded.has(at)}
                  isOver={!isLive}
                  onToggle={folds.toggle}
                />
              );
            }
            const line = lines[shownRow];
            if (!line) return null;
            const number = shownRow + 1;
            return (
              <LogLineRow
                key={shownRow}
                line={line}
                row={row}
                number={number}
                words={words}
                withStamps={withStamps}
                isTarget={number === target}
                isCurrent={number === currentLine}
                onPick={pick}
              />
            );
          })}
          <div aria-hidden="true" className="row-spacer" style={{ height: rows.after }} />
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

function fromEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

function RestartDivider() {
  return (
    <div role="separator" aria-label="Azure replaced the log; lines begin again at 1" className="log-divider">
      log replaced by Azure · lines begin again
    </div>
  );
}

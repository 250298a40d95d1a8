"use client";

import { ChevronDown, ChevronUp, Download } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { CombinedError } from "urql";
import { errorText } from "../../../graphql/error-text.ts";
import { useTime } from "../../../lib/time.tsx";
import { useRemembered } from "../../../lib/use-remembered.ts";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { SearchBox } from "../../../ui/search-box.tsx";
import { ToggleButton } from "../../../ui/toggle-button.tsx";
import { Toolbar } from "../../../ui/toolbar.tsx";
import type { BuildDetail } from "./build-documents.ts";
import type { BuildLog } from "./build-log.ts";
import { hasEnded, runsAhead } from "./build-words.ts";
import { downloadLog } from "./download-log.ts";
import { createLogSearch } from "./log-search.ts";
import { LogViewer, type LogViewerHandle } from "./log-viewer.tsx";
import { useLogFolds } from "./use-log-folds.ts";

const SPEAK_EVERY_MS = 2000;
const MOST_SPOKEN_LINES = 4;

interface LogCardProps {
  build: BuildDetail;
  log: BuildLog;
  error: CombinedError | undefined;
}

/** The log of a build with its tools, or why there is none to see. */
export function LogCard({ build, log, error }: LogCardProps) {
  const [wraps, setWraps] = useRemembered("slipway-log-wrap", true);
  const [withStamps, setWithStamps] = useRemembered("slipway-log-timestamps", true);
  const [isSpoken, setIsSpoken] = useRemembered("slipway-log-announce", false);
  const [words, setWords] = useState("");
  const [place, setPlace] = useState(0);
  const viewer = useRef<LogViewerHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const [search] = useState(createLogSearch);
  const matches = search.find(log, words);
  const [startsAtEnd] = useState(build.status !== "SUCCEEDED");
  const folds = useLogFolds(log);
  useSpokenLines(log, isSpoken);

  const at = matches.length === 0 ? 0 : Math.min(place, matches.length - 1);
  const currentIndex = matches[at];
  function show(lineNumber: number) {
    folds.reveal(lineNumber);
    viewer.current?.show(lineNumber);
  }
  function go(step: number) {
    if (matches.length === 0) return;
    const next = (at + step + matches.length) % matches.length;
    setPlace(next);
    show((matches[next] ?? 0) + 1);
  }
  function find(next: string) {
    setWords(next);
    setPlace(0);
    const [first] = search.find(log, next);
    if (first !== undefined) show(first + 1);
  }
  function onKey(key: string): boolean {
    if (key === "n") go(1);
    else if (key === "p") go(-1);
    else if (key === "/") searchField.current?.focus();
    else return false;
    return true;
  }

  const hasLines = log.lineCount > 0;
  return (
    <Card title="Log" aside={<LineCount build={build} log={log} />} flush>
      {hasLines && (
        <Toolbar>
          <div role="search" aria-label="Log" className="flex min-w-0 flex-1 basis-64 items-center gap-1 sm:max-w-96">
            <SearchBox
              ref={searchField}
              label="Search the log"
              value={words}
              onChange={find}
              onEnter={(isShifted) => go(isShifted ? -1 : 1)}
            />
            {words !== "" && (
              <>
                <span role="status" className="px-1 text-[12.5px] whitespace-nowrap text-text-3 tabular-nums">
                  {matches.length === 0
                    ? "no match"
                    : `${(at + 1).toLocaleString("en")} of ${matches.length.toLocaleString("en")}`}
                </span>
                <Button
                  look="quiet"
                  className="px-1.5"
                  aria-label="Previous match"
                  title="Previous match (p)"
                  onClick={() => go(-1)}
                >
                  <ChevronUp size={16} aria-hidden="true" />
                </Button>
                <Button
                  look="quiet"
                  className="px-1.5"
                  aria-label="Next match"
                  title="Next match (n)"
                  onClick={() => go(1)}
                >
                  <ChevronDown size={16} aria-hidden="true" />
                </Button>
              </>
            )}
          </div>
          <div className="flex flex-wrap items-center gap-2 text-[13px] sm:ml-auto">
            <ToggleButton isOn={wraps} onChange={setWraps}>
              Wrap
            </ToggleButton>
            <ToggleButton isOn={withStamps} onChange={setWithStamps}>
              Timestamps
            </ToggleButton>
            <ToggleButton isOn={isSpoken} onChange={setIsSpoken} title="Screen readers hear new lines as they come">
              Announce
            </ToggleButton>
            {log.steps.length > 1 && (
              <Button onClick={folds.folded.size > 0 ? folds.unfoldAll : folds.foldAll}>
                {folds.folded.size > 0 ? "Unfold all" : "Fold all"}
              </Button>
            )}
            <CopyButton text={() => log.lines.map((line) => line.text).join("\n")} label="Copy" />
            <Button onClick={() => downloadLog(build, log)}>
              <Download size={15} aria-hidden="true" /> Raw
            </Button>
          </div>
        </Toolbar>
      )}
      {error && hasLines && <Trouble build={build} message={errorText(error)} />}
      {hasLines ? (
        <LogViewer
          ref={viewer}
          log={log}
          folds={folds}
          startsAtEnd={startsAtEnd}
          isLive={!log.isComplete}
          wraps={wraps}
          withStamps={withStamps}
          words={words}
          currentLine={words !== "" && currentIndex !== undefined ? currentIndex + 1 : undefined}
          onKey={onKey}
        />
      ) : (
        <p className="px-[18px] py-10 text-center text-text-2">{emptyText(build, log, error)}</p>
      )}
    </Card>
  );
}

/** Why there is no line to see, in plain words. */
export function emptyText(
  build: Pick<BuildDetail, "status" | "runsAheadCount">,
  log: Pick<BuildLog, "isComplete">,
  error: CombinedError | undefined,
): string {
  if (error) {
    const goesOn = hasEnded(build.status) ? "" : " The build goes on all the same.";
    return `The log can't be read now: ${errorText(error)}${goesOn} Slipway keeps trying.`;
  }
  if (log.isComplete)
    return hasEnded(build.status) && build.status !== "SUCCEEDED"
      ? "ACR wrote no log: the build ended before it began to run."
      : "ACR wrote no log.";
  switch (build.status) {
    case "UNKNOWN":
      return "No log yet. Slipway is waiting for Azure to name the run.";
    case "QUEUED": {
      const ahead = runsAhead(build);
      return `No log yet. The build waits in ACR's queue${ahead > 0 ? `, ${ahead} ahead of it` : ""}; its log begins when an agent takes it.`;
    }
    case "STARTED":
    case "RUNNING":
      return "No log yet. ACR is starting an agent; the first lines come in a moment.";
    default:
      return "Reading the log…";
  }
}

function Trouble({ build, message }: { build: BuildDetail; message: string }) {
  return (
    <p
      role="status"
      className="border-b border-line bg-warning-soft px-[18px] py-2 text-[13px] text-text-2 [overflow-wrap:anywhere]"
    >
      New lines can&apos;t be read now: {message} {hasEnded(build.status) ? "" : "The build goes on. "}Slipway keeps
      trying.
    </p>
  );
}

function LineCount({ build, log }: { build: BuildDetail; log: BuildLog }) {
  if (log.lineCount === 0) return null;
  const count = log.lineCount === 1 ? "1 line" : `${log.lineCount.toLocaleString("en")} lines`;
  return (
    <span className="tabular-nums">
      {count}
      {log.isComplete ? " · complete" : hasEnded(build.status) ? "" : " · live"}
    </span>
  );
}

/** Reads new lines to screen readers, the last few of each moment, while that is switched on. */
function useSpokenLines(log: BuildLog, isSpoken: boolean): void {
  const { clock } = useTime();
  const announce = useAnnounce();
  const heard = useRef(0);
  const speak = useEffectEvent(() => {
    const fresh = log.lines.slice(Math.min(heard.current, log.lineCount));
    heard.current = log.lineCount;
    if (fresh.length > 0)
      announce(
        fresh
          .slice(-MOST_SPOKEN_LINES)
          .map((line) => line.text)
          .join("\n"),
      );
  });
  const begin = useEffectEvent(() => {
    heard.current = log.lineCount;
  });
  useEffect(() => {
    if (!isSpoken) return;
    begin();
    return clock.every(SPEAK_EVERY_MS, () => speak());
  }, [clock, isSpoken]);
}

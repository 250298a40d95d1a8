import { type LogText, parseAnsi, PLAIN, type StyledRange } from "./ansi.ts";
import type { LogPiece } from "./build-documents.ts";
import { type LogStep, noteStep } from "./log-steps.ts";

export interface LogLine {
  text: string;
  ranges: readonly StyledRange[];
  /** Length of the time stamp that ACR wrote in front, with the blank behind it; 0 when there is none. */
  stampLength: number;
}

/**
 * A build's log as it has arrived. Line `n` of the log is `lines[n - 1]`. When Azure replaces the log its lines begin again at 1 and the earlier
 * ones are gone there too, so they go here.
 *
 * Its arrays only grow, and the log that comes after it has the same ones: a message costs what it brings, however much is there. So a log is to be
 * let go of once lines have been added to it, and what is derived from lines goes by the log, not by the array.
 */
export interface BuildLog {
  raw: readonly string[];
  lines: readonly LogLine[];
  lineCount: number;
  steps: readonly LogStep[];
  /** How often Azure has replaced it since the page opened. */
  restarts: number;
  isComplete: boolean;
  next: LogText["next"];
}

export const NO_LOG: BuildLog = {
  raw: [],
  lines: [],
  lineCount: 0,
  steps: [],
  restarts: 0,
  isComplete: false,
  next: PLAIN,
};

/**
 * The log with these pieces in it: each line once, by its number, though a piece may be sent again after a reconnect. It writes into the arrays of
 * `log`; doing so twice, as React may, writes the same again.
 */
export function appendToLog(
  log: BuildLog,
  pieces: readonly Pick<LogPiece, "firstLine" | "lines" | "restarted" | "complete">[],
): BuildLog {
  let { lineCount: count, steps, restarts, isComplete, next } = log;
  // Readonly for everyone but the one who adds. Those of the empty log are shared by all builds.
  let raw = count === 0 ? [] : (log.raw as string[]);
  let lines = count === 0 ? [] : (log.lines as LogLine[]);
  for (const piece of pieces) {
    if (piece.restarted) {
      raw = [];
      lines = [];
      count = 0;
      steps = [];
      next = PLAIN;
      restarts += 1;
      isComplete = false;
    }
    for (let at = Math.max(0, count - (piece.firstLine - 1)); at < piece.lines.length; at += 1) {
      const line = piece.lines[at] ?? "";
      const parsed = parseAnsi(line, next);
      next = parsed.next;
      const added = { text: parsed.text, ranges: parsed.ranges, stampLength: stampLengthOf(parsed.text) };
      steps = noteStep(steps, added, count);
      raw[count] = line;
      lines[count] = added;
      count += 1;
    }
    if (piece.complete) isComplete = true;
  }
  return { raw, lines, lineCount: count, steps, restarts, isComplete, next };
}

// ACR begins its own lines so: `2026/11/22 10:31:06 Downloading source code...`
const STAMP = /^\d{4}[/-]\d{2}[/-]\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?Z? /;

function stampLengthOf(text: string): number {
  return STAMP.exec(text)?.[0].length ?? 0;
}

/** The number of the line that an address such as `#L123` names. */
export function lineOfHash(hash: string): number | undefined {
  const digits = /^#L(\d{1,7})$/.exec(hash)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export interface TextPart {
  text: string;
  style: StyledRange["style"] | undefined;
  isMatch: boolean;
}

/** The line cut where its style changes or a match of the search begins or ends. */
export function partsOf(line: LogLine, words: string, withStamps: boolean): readonly TextPart[] {
  const from = withStamps ? 0 : line.stampLength;
  const matches = matchesIn(line.text, words);
  const cuts = new Set([from, line.text.length]);
  for (const range of line.ranges) cuts.add(range.start).add(range.end);
  for (const [start, end] of matches) cuts.add(start).add(end);
  const points = [...cuts].filter((cut) => cut >= from).sort((one, other) => one - other);
  return points.slice(0, -1).map((start, index) => ({
    text: line.text.slice(start, points[index + 1]),
    style: line.ranges.find((range) => range.start <= start && start < range.end)?.style,
    isMatch: matches.some(([first, end]) => first <= start && start < end),
  }));
}

function matchesIn(text: string, words: string): readonly (readonly [number, number])[] {
  const wanted = words.toLowerCase();
  const found: [number, number][] = [];
  if (wanted === "") return found;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, at + wanted.length))
    found.push([at, at + wanted.length]);
  return found;
}

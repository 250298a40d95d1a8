import { describe, expect, test } from "vitest";
import { appendToLog, lineOfHash, NO_LOG, partsOf } from "./build-log.ts";

const piece = (firstLine: number, lines: string[], part: { restarted?: boolean; complete?: boolean } = {}) => ({
  firstLine,
  lines,
  restarted: false,
  complete: false,
  ...part,
});
const texts = (log: typeof NO_LOG) => log.lines.map((line) => line.text);

describe("the log", () => {
  test("has each line once, though a piece is sent again after a reconnect", () => {
    const log = appendToLog(NO_LOG, [piece(1, ["a", "b"]), piece(2, ["b", "c"]), piece(1, ["a"]), piece(4, ["d"])]);
    expect(texts(log)).toEqual(["a", "b", "c", "d"]);
  });

  test("begins again when Azure has replaced it, and says so", () => {
    const before = appendToLog(NO_LOG, [piece(1, ["\u001b[31ma", "b"])]);
    const after = appendToLog(before, [piece(1, ["A"], { restarted: true })]);
    expect(texts(after)).toEqual(["A"]);
    expect(after.lines[0]?.ranges).toEqual([]);
    expect(after.restarts).toBe(1);
  });

  test("is complete when it is said to be, with or without lines", () => {
    expect(appendToLog(NO_LOG, [piece(1, ["a"])]).isComplete).toBe(false);
    expect(appendToLog(NO_LOG, [piece(1, ["a"]), piece(2, [], { complete: true })]).isComplete).toBe(true);
  });

  test("keeps what Azure wrote, for the download", () => {
    expect(appendToLog(NO_LOG, [piece(1, ["\u001b[32mok\u001b[0m"])]).raw).toEqual(["\u001b[32mok\u001b[0m"]);
  });

  test("grows in place, so that a message costs what it brings; adding the same twice adds it once", () => {
    const before = appendToLog(NO_LOG, [piece(1, ["a"])]);
    const after = appendToLog(before, [piece(2, ["b"])]);
    const again = appendToLog(before, [piece(2, ["b"])]);
    expect(after.lines).toBe(before.lines);
    expect(texts(again)).toEqual(["a", "b"]);
    expect([before.lineCount, after.lineCount, again.lineCount, NO_LOG.lines.length]).toEqual([1, 2, 2, 0]);
  });

  test("takes fifty thousand lines", () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index + 1}`);
    const log = appendToLog(NO_LOG, [piece(1, lines)]);
    expect(log.lineCount).toBe(50_000);
    expect(log.lines.at(-1)?.text).toBe("line 50000");
  });
});

test("ACR's own time stamps can be left out", () => {
  const [line] = appendToLog(NO_LOG, [piece(1, ["2026/11/22 10:31:06 Downloading source code..."])]).lines;
  if (!line) throw new Error("a line was expected");
  const shown = (withStamps: boolean) => partsOf(line, "", withStamps).map(({ text }) => text);
  expect(shown(false)).toEqual(["Downloading source code..."]);
  expect(shown(true)).toEqual(["2026/11/22 10:31:06 Downloading source code..."]);
});

test("a line is cut where colours and matches begin and end", () => {
  const [line] = appendToLog(NO_LOG, [piece(1, ["an \u001b[31merror here\u001b[0m"])]).lines;
  if (!line) throw new Error("a line was expected");
  expect(partsOf(line, "n ERR", true)).toEqual([
    { text: "a", style: undefined, isMatch: false },
    { text: "n ", style: undefined, isMatch: true },
    { text: "err", style: { colour: 1 }, isMatch: true },
    { text: "or here", style: { colour: 1 }, isMatch: false },
  ]);
});

test.each([
  ["#L123", 123],
  ["#L0012", 12],
  ["#L", undefined],
  ["#content", undefined],
  ["", undefined],
])("the address part %s names line %s", (hash, line) => expect(lineOfHash(hash)).toBe(line));

import { describe, expect, test } from "vitest";
import { appendToLog, type BuildLog, NO_LOG } from "./build-log.ts";
import { createLogSearch } from "./log-search.ts";

const piece = (firstLine: number, lines: string[], restarted = false) => ({
  firstLine,
  lines,
  restarted,
  complete: false,
});

/** A log whose lines tell how often they were read. */
function counted(log: BuildLog) {
  let reads = 0;
  const lines = log.lines.map((line) => ({
    ...line,
    get text() {
      reads += 1;
      return line.text;
    },
  }));
  return { log: { ...log, lines }, reads: () => reads };
}

test("finds whatever the case, and nothing for nothing", () => {
  const log = appendToLog(NO_LOG, [piece(1, ["Step 1", "error: x", "STEP 2"])]);
  const search = createLogSearch();
  expect(search.find(log, "step")).toEqual([0, 2]);
  expect(search.find(log, "")).toEqual([]);
});

describe("finds the same as a search from the beginning", () => {
  const LINES = ["error: one", "an Error", "terror", "nothing", "err", "rerrerror"];
  test.each([
    ["words that are typed on", ["e", "er", "err", "erro", "error"]],
    ["words that are taken back", ["error", "erro", "err", ""]],
    ["words that are put in front", ["ror", "error", "terror"]],
    ["other words", ["one", "nothing", "err"]],
  ])("for %s, while the log grows and is replaced", (_, typed) => {
    const search = createLogSearch();
    let log = NO_LOG;
    const add = (next: Parameters<typeof appendToLog>[1]) => {
      log = appendToLog(log, next);
    };
    for (const words of typed) {
      for (const more of [LINES, LINES.toReversed()]) {
        expect(search.find(log, words)).toEqual(createLogSearch().find(log, words));
        add([piece(log.lineCount + 1, more)]);
        expect(search.find(log, words)).toEqual(createLogSearch().find(log, words));
      }
      add([piece(1, LINES.slice(2), true)]);
      expect(search.find(log, words)).toEqual(createLogSearch().find(log, words));
    }
  });

  test("for an earlier state of the log", () => {
    const before = appendToLog(NO_LOG, [piece(1, ["a"])]);
    const after = appendToLog(before, [piece(2, ["a"])]);
    const search = createLogSearch();
    expect(search.find(after, "a")).toEqual([0, 1]);
    expect(search.find(before, "a")).toEqual([0]);
  });
});

test("looks at each line once for the same words, and at the matches alone for longer ones", () => {
  const texts = Array.from({ length: 50_000 }, (_, index) => `line ${index + 1}`);
  const { log, reads } = counted(appendToLog(NO_LOG, [piece(1, texts)]));
  const search = createLogSearch();
  const earlier = { ...log, lineCount: 40_000 };
  const found = search.find(earlier, "3999");
  expect(reads()).toBe(40_000);
  expect(search.find(earlier, "3999")).toBe(found);
  expect(reads()).toBe(40_000);
  const all = search.find(log, "3999");
  expect(all).toEqual([...found, 43_998]);
  expect(reads()).toBe(50_000);
  expect(search.find(log, "39999")).toEqual([39_998]);
  expect(reads()).toBe(50_000 + all.length);
});

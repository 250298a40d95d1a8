import { expect, test } from "vitest";
import { parseAnsi, PLAIN } from "./ansi.ts";

const ESC = "\u001b";

test("a line without control sequences costs nothing but itself", () => {
  expect(parseAnsi("Step 1/4 : FROM node", PLAIN)).toEqual({ text: "Step 1/4 : FROM node", ranges: [], next: PLAIN });
});

test("colours become ranges of the bare text", () => {
  expect(parseAnsi(`a ${ESC}[31mred${ESC}[0m b`, PLAIN)).toEqual({
    text: "a red b",
    ranges: [{ start: 2, end: 5, style: { colour: 1 } }],
    next: PLAIN,
  });
});

test("a style that is not ended goes on in the next line", () => {
  const first = parseAnsi(`${ESC}[1;33mwarn`, PLAIN);
  expect(first.next).toEqual({ colour: 3, isBold: true });
  expect(parseAnsi(`more${ESC}[m`, first.next)).toMatchObject({ ranges: [{ start: 0, end: 4 }], next: PLAIN });
});

test.each([
  ["91", { colour: 1 }],
  ["1;2;3;4", { isBold: true, isFaint: true, isItalic: true, isUnderlined: true }],
  ["38;5;9", { colour: 1 }],
  ["38;5;46", { colour: 2 }],
  ["38;5;250", { colour: 7 }],
  ["38;2;40;90;255", { colour: 4 }],
  ["48;5;9;32", { colour: 2 }],
])("the codes %s give %o", (codes, style) => {
  expect(parseAnsi(`${ESC}[${codes}mx`, PLAIN).next).toEqual(style);
});

test.each([
  ["1;31;22", { colour: 1 }],
  ["31;39", {}],
  ["3;4;23;24", {}],
])("the codes %s take back", (codes, style) => {
  expect(parseAnsi(`${ESC}[${codes}mx`, PLAIN).next).toEqual(style);
});

test("cursor moves, titles and other sequences leave no trace", () => {
  expect(parseAnsi(`${ESC}[2K${ESC}[1A${ESC}]0;title\u0007a${ESC}[?25lb\u0008`, PLAIN).text).toBe("ab");
});

test("of a line that was written over, what was written last is kept", () => {
  expect(parseAnsi("10 %\r50 %\r100 %\r", PLAIN).text).toBe("100 %");
});

test("tabs become blanks up to the next stop", () => {
  expect(parseAnsi("ab\tc", PLAIN).text).toBe("ab      c");
});

import { expect, test } from "vitest";
import { rowAt, rowOffsets, rowWindow } from "./row-window.ts";

const even = (count: number) => rowOffsets(count, () => 20);

test("shows the rows in view and a few around them, and keeps the room of all", () => {
  const window = rowWindow(even(50_000), 100_000, 600, 5);
  expect(window).toMatchObject({ start: 4995, end: 5036 });
  expect(window.before + (window.end - window.start) * 20 + window.after).toBe(1_000_000);
});

test.each([
  ["above the list", -500, { start: 0, end: 1, before: 0, after: 180 }],
  ["below the list", 5000, { start: 9, end: 10, before: 180, after: 0 }],
])("a view %s stays within it", (_, top, expected) => {
  expect(rowWindow(even(10), top, 10, 0)).toEqual(expected);
});

test("an empty list has an empty window", () => {
  expect(rowWindow(even(0), 0, 600, 5)).toEqual({ start: 0, end: 0, before: 0, after: 0 });
});

test("rows of different heights are found where they are", () => {
  const offsets = rowOffsets(4, (index) => (index === 1 ? 100 : 10));
  expect([0, 9, 10, 109, 110, 129, 500].map((y) => rowAt(offsets, y))).toEqual([0, 0, 1, 1, 2, 3, 3]);
});

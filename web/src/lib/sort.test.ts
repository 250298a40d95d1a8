import { expect, test } from "vitest";
import { parseSort, sorted, sortText } from "./sort.ts";

const USUAL = { key: "name", isDescending: false } as const;
const KEYS = ["name", "age"] as const;

test.each([
  ["", USUAL],
  ["age", { key: "age", isDescending: false }],
  ["-age", { key: "age", isDescending: true }],
  ["-name", { key: "name", isDescending: true }],
  ["moon", USUAL],
  ["--age", USUAL],
])("%s in an address", (text, sort) => expect(parseSort(text, KEYS, USUAL)).toEqual(sort));

test.each(["", "age", "-age", "-name"])("%s comes back out of its sort", (text) =>
  expect(sortText(parseSort(text, KEYS, USUAL), USUAL)).toBe(text),
);

test("numbers go by size, texts by their numbers and not by case", () => {
  expect(sorted([10, 9, 100], (row) => row, false)).toEqual([9, 10, 100]);
  expect(sorted(["np10", "NP2", "a"], (row) => row, false)).toEqual(["a", "NP2", "np10"]);
  expect(sorted(["a", "b"], (row) => row, true)).toEqual(["b", "a"]);
});

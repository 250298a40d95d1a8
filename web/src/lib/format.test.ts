import { describe, expect, test } from "vitest";
import {
  formatAgo,
  formatDuration,
  formatListTime,
  formatRange,
  formatTimeOfDay,
  shortenId,
  spellDuration,
} from "./format.ts";

describe("formatDuration", () => {
  test.each([
    [-5, "0s"],
    [0, "0s"],
    [8.9, "8s"],
    [60, "1m 0s"],
    [252, "4m 12s"],
    [3599, "59m 59s"],
    [3720, "1h 02m"],
    [90_000, "25h 00m"],
  ])("writes %d seconds as %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("spellDuration", () => {
  test.each([
    [0, "0 seconds"],
    [1, "1 second"],
    [252, "4 minutes 12 seconds"],
    [3661, "1 hour 1 minute"],
  ])("says %d seconds as %s", (seconds, text) => expect(spellDuration(seconds)).toBe(text));
});

describe("formatRange", () => {
  test.each([
    [360, 540, "6–9 min"],
    [36, 54, "36–54 s"],
    [100, 130, "2 min"],
    [0, 20, "1–20 s"],
  ])("writes %d to %d seconds as %s", (low, high, text) => expect(formatRange(low, high)).toBe(text));
});

describe("formatAgo", () => {
  test.each([
    [-3, "just now"],
    [1, "just now"],
    [12, "12 s ago"],
    [60, "1 min ago"],
    [3600, "1 h ago"],
    [86_400, "yesterday"],
    [259_200, "3 days ago"],
  ])("calls %d seconds ago %s", (seconds, text) => expect(formatAgo(seconds)).toBe(text));
});

test("a time of day is given in the zone that is asked for", () => {
  expect(formatTimeOfDay("2026-11-22T10:31:06Z", "UTC")).toBe("10:31:06");
});

test.each([
  ["2026-11-22T09:31:06Z", "09:31:06"],
  ["2026-11-21T10:31:06Z", "21 Nov, 10:31"],
  ["2025-11-22T10:31:06Z", "22 Nov 2025"],
])("in a list of 22 Nov 2026, %s is %s", (iso, text) => {
  expect(formatListTime(iso, Date.parse("2026-11-22T10:35:00Z"), "UTC")).toBe(text);
});

test("long ids are shortened, short ones are not", () => {
  expect(shortenId("7f53ab1c-30d4-4e0b-8a3d-ab34190890e6")).toBe("7f53ab1c…90e6");
  expect(shortenId("rg-blast")).toBe("rg-blast");
});

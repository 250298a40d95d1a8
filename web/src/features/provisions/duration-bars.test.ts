import { expect, test } from "vitest";
import { barsOf, topOf } from "./duration-bars.ts";
import { durationsFixture, progressFixture, provisionFixture } from "./provision.fixture.ts";

const NOW = Date.parse("2026-11-22T10:35:18Z");
const durations = durationsFixture();

test.each([
  ["shows what is slow, though all were fast", 60, 675 * 1.1],
  ["holds what was slow", 900, 900],
  ["cuts off what hung for an hour", 3600, 675 * 2],
])("the plot's height %s", (_title, elapsedSeconds, top) => {
  const progress = progressFixture({ status: "FAILED", elapsedSeconds });
  expect(topOf(barsOf(provisionFixture(), progress, NOW), durations)).toBeCloseTo(top);
});

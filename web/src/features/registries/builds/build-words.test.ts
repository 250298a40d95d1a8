import { expect, test } from "vitest";
import {
  buildLook,
  elapsedSeconds,
  formatBytes,
  imageName,
  progressText,
  shortDigest,
  starterText,
} from "./build-words.ts";
import { buildFixture, failedBuildFixture } from "./build.fixture.ts";

const NOW = Date.parse("2026-11-22T10:35:18Z");

test.each([
  ["UNKNOWN", "Submitting", "neutral"],
  ["QUEUED", "Queued", "neutral"],
  ["STARTED", "Starting", "accent"],
  ["RUNNING", "Running", "accent"],
  ["SUCCEEDED", "Succeeded", "success"],
  ["FAILED", "Failed", "danger"],
  ["ERROR", "Error", "danger"],
  ["TIMEOUT", "Timed out", "danger"],
  ["CANCELED", "Canceled", "neutral"],
  ["PAUSED", "PAUSED", "neutral"],
] as const)("ACR's %s is shown as %s, %s", (status, label, tone) => {
  expect(buildLook(status as never)).toMatchObject({ label, tone });
});

test("a build that is asked to stop says so until Azure's verdict comes", () => {
  expect(buildLook("RUNNING", true).label).toBe("Canceling");
  expect(buildLook("CANCELED", true).label).toBe("Canceled");
  expect(buildLook("SUCCEEDED", true).label).toBe("Succeeded");
});

test("the time runs from Azure's own time stamps, so a reload doesn't begin it again", () => {
  expect(elapsedSeconds(buildFixture(), NOW)).toBe(144);
  expect(elapsedSeconds(buildFixture({ status: "QUEUED", startedAt: null }), NOW)).toBe(157);
  expect(elapsedSeconds(failedBuildFixture(), NOW)).toBe(120);
  expect(elapsedSeconds(buildFixture({ startedAt: "2026-11-22T10:36:00Z" }), NOW)).toBe(0);
});

test.each([
  [1, "41s · 1 ahead"],
  [0, "41s"],
  [null, "41s"],
])("a queued build says how many wait before it: of %s %s", (runsAheadCount, text) => {
  const queued = { status: "QUEUED", startedAt: null, queuedAt: "2026-11-22T10:34:37Z", runsAheadCount } as const;
  expect(progressText(buildFixture(queued), NOW)).toBe(text);
});

test("a build whose image Azure has not told has no colon behind its name", () => {
  expect(imageName(buildFixture({ image: "run cf5", tag: "" }))).toBe("run cf5");
  expect(starterText(buildFixture({ startedBy: null }))).toBe("outside Slipway");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [48_230_000, "48.2 MB"],
  [417_000_000, "417 MB"],
  [1_250_000_000, "1.3 GB"],
])("%i bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test("a digest is shortened, a short one is not", () => {
  expect(shortDigest(`sha256:${"9f2c81d0".repeat(8)}`)).toBe("sha256:9f2c81d0…");
  expect(shortDigest("sha256:abc")).toBe("sha256:abc");
});

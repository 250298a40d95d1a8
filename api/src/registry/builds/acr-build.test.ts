import { expect, test } from "vitest";
import { applyRun, elapsedSeconds, type AcrBuild } from "./acr-build.ts";
import { toBuildStatus, type AcrRun } from "./acr-run.ts";

const NOW = Date.parse("2026-03-01T10:00:00Z");

const BUILD: AcrBuild = {
  id: "demoacr.1",
  registryArmId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/demoacr",
  image: "team/app",
  tag: "v1",
  status: "QUEUED",
  runId: "cf1",
  startedBy: "somebody",
  createdAt: "2026-03-01T09:00:00.000Z",
  observedAt: "2026-03-01T09:00:00.000Z",
  isRecorded: true,
  version: 1,
};

const RUN: AcrRun = {
  runId: "cf1",
  status: "RUNNING",
  createdAt: "2026-03-01T09:00:01Z",
  startedAt: "2026-03-01T09:01:00Z",
  finishedAt: undefined,
  error: undefined,
  outputImages: [],
  taskName: undefined,
};

test("a run gives its build the status and the times that ACR tells", () => {
  expect(applyRun(BUILD, RUN, NOW)).toMatchObject({
    status: "RUNNING",
    queuedAt: RUN.createdAt,
    startedAt: RUN.startedAt,
    observedAt: "2026-03-01T10:00:00.000Z",
  });
});

test("a run that says nothing new changes nothing, not even the time", () => {
  const seen = applyRun(BUILD, RUN, NOW);
  expect(applyRun(seen, RUN, NOW + 5_000)).toBe(seen);
});

test("an ended build is never changed again", () => {
  const ended = applyRun(
    BUILD,
    { ...RUN, status: "FAILED", finishedAt: "2026-03-01T09:05:00Z", error: "exit status 1" },
    NOW,
  );
  expect(ended).toMatchObject({ status: "FAILED", error: "exit status 1", finishedAt: "2026-03-01T09:05:00Z" });
  expect(applyRun(ended, RUN, NOW)).toBe(ended);
});

test("a status of ACR that nobody knows keeps the last known one", () => {
  expect(applyRun({ ...BUILD, status: "RUNNING" }, { ...RUN, status: "UNKNOWN" }, NOW).status).toBe("RUNNING");
});

test("a run from elsewhere moves to its image as soon as Azure tells it; one of ours keeps its own", () => {
  const output = { ...RUN, outputImages: [{ repository: "other/app", tag: "v9", digest: "sha256:1" }] };
  const { startedBy: _nobody, ...foreign } = { ...BUILD, image: "run cf1", tag: "" };
  expect(applyRun(foreign, output, NOW)).toMatchObject({ image: "other/app", tag: "v9", digest: "sha256:1" });
  expect(applyRun(BUILD, output, NOW)).toMatchObject({ image: "team/app", tag: "v1" });
});

test.each([
  ["Queued", "QUEUED"],
  ["Started", "STARTED"],
  ["Running", "RUNNING"],
  ["Succeeded", "SUCCEEDED"],
  ["Failed", "FAILED"],
  ["Canceled", "CANCELED"],
  ["Error", "ERROR"],
  ["Timeout", "TIMEOUT"],
  ["Levitating", "UNKNOWN"],
  [undefined, "UNKNOWN"],
])("ACR's %s is %s", (word, status) => expect(toBuildStatus(word)).toBe(status));

test("elapsed time runs from the queue until it starts, then from the start, and stands still at the end", () => {
  expect(elapsedSeconds({ ...BUILD, queuedAt: "2026-03-01T09:59:00Z" }, NOW)).toBe(60);
  expect(elapsedSeconds({ ...BUILD, queuedAt: "2026-03-01T09:50:00Z", startedAt: "2026-03-01T09:59:30Z" }, NOW)).toBe(
    30,
  );
  expect(elapsedSeconds({ ...BUILD, startedAt: "2026-03-01T09:00:00Z", finishedAt: "2026-03-01T09:02:05Z" }, NOW)).toBe(
    125,
  );
});

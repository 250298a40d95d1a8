import { expect, test } from "vitest";
import type { AcrBuild } from "./acr-build.ts";
import { withQueuePlaces } from "./queue-places.ts";

const NOW = Date.parse("2026-01-01T01:00:00.000Z");

function build(id: string, minute: number, changes: Partial<AcrBuild> = {}): AcrBuild {
  const at = new Date(Date.parse("2026-01-01T00:00:00.000Z") + minute * 60_000).toISOString();
  return {
    id,
    registryArmId: "r",
    image: id,
    tag: "1",
    status: "QUEUED",
    createdAt: at,
    queuedAt: at,
    observedAt: at,
    isRecorded: true,
    version: 1,
    ...changes,
  };
}

const placesOf = (builds: readonly AcrBuild[]): string[] =>
  builds.map(({ id, status, runsAhead }) => `${id} ${status} ${runsAhead}`);

test("runs wait in the order they came; those that run are in front of nobody", () => {
  const active = [build("c", 3), build("a", 1), build("r", 0, { status: "RUNNING" }), build("b", 2)];
  expect(placesOf(withQueuePlaces(active, [], NOW)).toSorted()).toEqual(["a QUEUED 0", "b QUEUED 1", "c QUEUED 2"]);
});

test("a run that starts lets those behind it move up, and has no place any more", () => {
  const active = [build("a", 1, { runsAhead: 0 }), build("b", 2, { runsAhead: 1 }), build("c", 3, { runsAhead: 2 })];
  const started = { ...build("a", 1, { runsAhead: 0 }), status: "STARTED" as const };
  const stored = withQueuePlaces(active, [started], NOW);
  expect(placesOf(stored)).toEqual(["a STARTED undefined", "b QUEUED 0", "c QUEUED 1"]);
  expect(stored[1]?.observedAt).toBe("2026-01-01T01:00:00.000Z");
});

test("where nothing has moved nothing is stored", () => {
  const active = [
    build("a", 1, { runsAhead: 0 }),
    build("b", 2, { runsAhead: 1 }),
    build("r", 0, { status: "RUNNING" }),
  ];
  expect(withQueuePlaces(active, [], NOW)).toEqual([]);
});

test("one that others started comes in where it was queued, and what has ended is told as it is", () => {
  const active = [build("a", 1, { runsAhead: 0 }), build("c", 3, { runsAhead: 1 })];
  const changed = [build("b", 2), build("x", 0, { status: "FAILED" })];
  expect(placesOf(withQueuePlaces(active, changed, NOW))).toEqual(["b QUEUED 1", "x FAILED undefined", "c QUEUED 2"]);
});

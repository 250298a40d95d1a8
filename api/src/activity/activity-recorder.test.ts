import { afterEach, beforeEach, expect, test } from "vitest";
import { LOCAL_VIEWER } from "../auth/viewer.ts";
import { createInProcessChangeHints } from "../events/in-process-change-hints.ts";
import { createManualClock } from "../shared/clock.ts";
import { StoreUnavailableError, type EntityStore } from "../storage/entity-store.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import { createActivityRecorder } from "./activity-recorder.ts";
import { createActivityStore, type ActivityStore } from "./activity-store.ts";
import type { ActivityEnding } from "./activity.ts";

const MINUTE_MS = 60_000;
const TARGET = { id: "shop", name: "shop" };
const ACCEPTED: ActivityEnding = { outcome: "ACCEPTED", started: ["op"] };

let entities: EntityStore;
let store: ActivityStore;
const clock = createManualClock();

beforeEach(() => {
  entities = createSqliteEntityStore();
  store = createActivityStore(entities);
});
afterEach(() => entities.close());

/** One process; what its store can do is switched. */
function createProcess(options: { readonly abandonedAfterMs?: number } = {}) {
  const errors: unknown[] = [];
  const fate = { isOut: false };
  const reachable = <T>(work: () => Promise<T>): Promise<T> =>
    fate.isOut ? Promise.reject(new StoreUnavailableError("The store is out.")) : work();
  const recorder = createActivityRecorder({
    store: {
      ...store,
      intend: (intent) => reachable(() => store.intend(intent)),
      settle: (intent, ending) => reachable(() => store.settle(intent, ending)),
      forget: (id) => reachable(() => store.forget(id)),
    },
    hints: createInProcessChangeHints({ onError: (error) => errors.push(error) }),
    clock,
    abandonedAfterMs: options.abandonedAfterMs ?? 0,
    onError: (error) => errors.push(error),
  });
  return { recorder, errors, fate };
}

const outcomes = async (): Promise<string[]> => (await store.readAfter(0, 100)).map(({ outcome }) => outcome);

test("an act is intended before it is done and told after it", async () => {
  const { recorder } = createProcess();
  const open = await recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET);
  expect(await store.listIntents(10)).toMatchObject([{ action: "STOP_CLUSTER", target: TARGET, viewerId: "local" }]);
  expect(await outcomes()).toEqual([]);
  await open.end(ACCEPTED);
  expect(await store.listIntents(10)).toEqual([]);
  expect(await store.readAfter(0, 10)).toMatchObject([{ sequence: 1, viewerName: "Local operator", ...ACCEPTED }]);
});

test("an act with nothing to tell leaves nothing", async () => {
  const { recorder } = createProcess();
  await (await recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET)).end(undefined);
  expect(await store.listIntents(10)).toEqual([]);
  expect(await outcomes()).toEqual([]);
});

test("who can't store the intent is told not to act", async () => {
  const { recorder, fate } = createProcess();
  fate.isOut = true;
  await expect(recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET)).rejects.toThrow(StoreUnavailableError);
  expect(await store.listIntents(10)).toEqual([]);
});

test("what a dead process was doing has an unknown outcome after the next start", async () => {
  await createProcess().recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET);
  const next = createProcess();
  await next.recorder.start();
  await next.recorder.stop();
  expect(await store.readAfter(0, 10)).toMatchObject([
    { action: "STOP_CLUSTER", outcome: "UNKNOWN", message: expect.stringContaining("Slipway ended") },
  ]);
  expect(await store.listIntents(10)).toEqual([]);
});

test("what another instance is doing is left to it for ten minutes, then nobody will end it", async () => {
  const open = await createProcess().recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET);
  await createProcess().recorder.begin(LOCAL_VIEWER, "START_CLUSTER", TARGET);
  const other = createProcess({ abandonedAfterMs: 10 * MINUTE_MS });
  await other.recorder.start();
  expect(await outcomes()).toEqual([]);
  await open.end(ACCEPTED);
  await clock.advance(10 * MINUTE_MS);
  await other.recorder.stop();
  expect(await outcomes()).toEqual(["ACCEPTED", "UNKNOWN"]);
});

test("an outcome that could not be stored is stored as it was when the store is back", async () => {
  const { recorder, fate, errors } = createProcess();
  await recorder.start();
  const open = await recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET);
  fate.isOut = true;
  await open.end(ACCEPTED);
  expect(errors).toHaveLength(1);
  expect(await outcomes()).toEqual([]);
  fate.isOut = false;
  await clock.advance(MINUTE_MS);
  await recorder.stop();
  expect(await outcomes()).toEqual(["ACCEPTED"]);
});

test("what is being done now is left alone, however long it takes", async () => {
  const { recorder } = createProcess();
  await recorder.start();
  const open = await recorder.begin(LOCAL_VIEWER, "STOP_CLUSTER", TARGET);
  await clock.advance(60 * MINUTE_MS);
  expect(await outcomes()).toEqual([]);
  await open.end(ACCEPTED);
  await recorder.stop();
  expect(await outcomes()).toEqual(["ACCEPTED"]);
});

import { expect, test } from "vitest";
import { LOCAL_VIEWER, SLIPWAY_VIEWER } from "../auth/viewer.ts";
import { createLiveState } from "../events/live-state.ts";
import { createLiveWorld, POLL_MS } from "../events/live-world.fixture.ts";
import type { JobRecord } from "../jobs/job.ts";
import { createSystemService } from "./system-service.ts";

function watcherJob(name: string, state: "WAITING" | "PARKED"): JobRecord {
  const ref = { partitionKey: name, jobId: "watch" };
  return {
    ref,
    name: "watch",
    state,
    step: "look",
    input: name,
    checkpoint: "{}",
    wakeAtMs: 0,
    lease: undefined,
    fence: 1,
    crashes: 0,
    failures: 0,
    wakes: 0,
    cancelRequestedAtMs: undefined,
    origin: undefined,
    createdAtMs: 0,
    finishedAtMs: undefined,
  };
}

function createSystem() {
  const { clock, deps } = createLiveWorld();
  const state = { jobs: [] as readonly JobRecord[], storeError: undefined as Error | undefined, looks: 0 };
  const system = createSystemService({
    version: "1.2.3",
    storeKind: "TABLES",
    async pingStore() {
      state.looks++;
      if (state.storeError) throw state.storeError;
    },
    listJobs: async () => state.jobs,
    describeWatcher: async ({ input }) => ({ kind: "REGISTRY", name: input }),
    azureLimits: () => [],
    readFigures: async () => ({ connections: 3, subscribers: [], azureRequests: [] }),
    liveState: createLiveState(deps),
    clock,
  });
  return { clock, state, system };
}

test("watchers are told by name, and which of them rest", async () => {
  const { state, system } = createSystem();
  state.jobs = [watcherJob("zulu", "WAITING"), watcherJob("alpha", "PARKED")];
  const { watchers, jobs } = await system.read(LOCAL_VIEWER);
  expect(watchers).toEqual([
    { kind: "REGISTRY", name: "alpha", isResting: true },
    { kind: "REGISTRY", name: "zulu", isResting: false },
  ]);
  expect(jobs).toHaveLength(2);
});

test("a store that can't be read is told with its reason, and the rest all the same", async () => {
  const { state, system } = createSystem();
  state.storeError = new Error("The tables of 'acct' can't be reached.");
  expect(await system.read(LOCAL_VIEWER)).toMatchObject({
    version: "1.2.3",
    store: { kind: "TABLES", problem: "The tables of 'acct' can't be reached." },
    jobs: undefined,
    watchers: undefined,
    process: { connections: 3 },
  });
});

test("while somebody watches it is looked at every two seconds, once for all, and not at all afterwards", async () => {
  const { clock, state, system } = createSystem();
  const streams = [system.watch(LOCAL_VIEWER), system.watch(LOCAL_VIEWER)];
  await Promise.all(streams.map((stream) => stream.next()));
  const before = state.looks;
  await clock.advance(10_000 + POLL_MS);
  expect(state.looks - before).toBeGreaterThanOrEqual(5);
  expect(state.looks - before).toBeLessThanOrEqual(6);
  for (const stream of streams) await stream.return();
  const after = state.looks;
  await clock.advance(60_000);
  expect(state.looks).toBe(after);
});

test("whoever is no administrator is told nothing", async () => {
  const { state, system } = createSystem();
  await expect(system.read(SLIPWAY_VIEWER)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(() => system.watch(SLIPWAY_VIEWER)).toThrow("Slipway.Admin");
  expect(state.looks).toBe(0);
});

test("everybody is told when the store can't be used and when it can again, however many look at the cost of one", async () => {
  const { clock, state, system } = createSystem();
  const streams = [system.watchStore(SLIPWAY_VIEWER), system.watchStore(LOCAL_VIEWER)];
  const next = async () => (await Promise.all(streams.map((stream) => stream.next()))).map(({ value }) => value);
  const states = [await next()];
  for (const storeError of [new Error("The disk is full."), undefined]) {
    state.storeError = storeError;
    const told = next();
    for (let passed = 0; passed < 10_000; passed += POLL_MS) await clock.advance(POLL_MS);
    states.push(await told);
  }
  expect(states.map((told) => told.map((one) => one?.isAvailable))).toEqual([
    [true, true],
    [false, false],
    [true, true],
  ]);
  // Two snapshots, the first poll, and one look in five seconds.
  expect(state.looks).toBeLessThanOrEqual(2 + 1 + 4);
  for (const stream of streams) await stream.return(undefined);
});

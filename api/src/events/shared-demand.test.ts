import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { StoreUnavailableError, type EntityTable } from "../storage/entity-store.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import { createSharedDemand } from "./shared-demand.ts";

/** Processes over one table. `writes` counts what the table was asked to keep. */
function createDeployment() {
  const clock = createManualClock();
  const stored = createSqliteEntityStore().table("demand");
  const errors: unknown[] = [];
  const table = { writes: 0, isAway: false };
  const counted: EntityTable = {
    ...stored,
    async upsert(entity) {
      if (table.isAway) throw new StoreUnavailableError("The store is out.");
      table.writes++;
      return stored.upsert(entity);
    },
  };
  const boot = () => {
    const demand = createSharedDemand({ table: counted, clock, onError: (error) => errors.push(error) });
    onTestFinished(() => demand.stop());
    return demand;
  };
  return { clock, boot, table, errors };
}

test("a question asked of one process is known to another one as soon as it was asked, and for a minute", async () => {
  const { clock, boot } = createDeployment();
  const [api, worker] = [boot(), boot()];
  expect(await worker.isWanted("clusters")).toBe(false);
  await api.asked("clusters");
  expect([await worker.isWanted("clusters"), await worker.isWanted("registry:one")]).toEqual([true, false]);
  expect(worker.isWantedHere("clusters")).toBe(false);
  await clock.advance(59_999);
  expect(await worker.isWanted("clusters")).toBe(true);
  await clock.advance(60_001);
  expect(await worker.isWanted("clusters")).toBe(false);
});

test("a reader of one process is known to another one for as long as they stay, and forgotten within two minutes", async () => {
  const { clock, boot } = createDeployment();
  const [api, worker] = [boot(), boot()];
  const leave = api.watching("clusters");
  await api.told("clusters");
  for (let minute = 0; minute < 60; minute++) {
    expect(await worker.isWanted("clusters")).toBe(true);
    await clock.advance(60_000);
  }
  leave();
  for (let step = 0; step < 6; step++) {
    await worker.isWanted("clusters");
    await clock.advance(20_000);
  }
  await clock.advance(20_000);
  expect(await worker.isWanted("clusters")).toBe(false);
});

test("what a process wanted that has died is forgotten within a minute of its last word", async () => {
  const { clock, boot } = createDeployment();
  const [api, worker] = [boot(), boot()];
  api.watching("clusters");
  await clock.advance(65_000);
  expect(await worker.isWanted("clusters")).toBe(true);
  api.stop();
  await clock.advance(59_000);
  expect(await worker.isWanted("clusters")).toBe(true);
  await clock.advance(1_000);
  expect(await worker.isWanted("clusters")).toBe(false);
});

test("one reader leaves and another process's reader stays: it is still wanted", async () => {
  const { clock, boot } = createDeployment();
  const [one, other, worker] = [boot(), boot(), boot()];
  const leave = one.watching("clusters");
  other.watching("clusters");
  leave();
  for (let step = 0; step < 12; step++) {
    await clock.advance(30_000);
    expect(await worker.isWanted("clusters")).toBe(true);
  }
});

test("many questions and readers cost one write in twenty seconds", async () => {
  const { clock, boot, table } = createDeployment();
  const api = boot();
  await clock.advance(1);
  for (let second = 0; second < 40; second++) {
    for (let reader = 0; reader < 5; reader++) api.watching("clusters");
    await api.asked("clusters");
    await clock.advance(1_000);
  }
  expect(table.writes).toBeLessThanOrEqual(3);
});

test("a table that is away rejects the question, keeps the reader, and is told when it is back", async () => {
  const { clock, boot, table, errors } = createDeployment();
  const [api, worker] = [boot(), boot()];
  table.isAway = true;
  await expect(api.asked("clusters")).rejects.toThrow(StoreUnavailableError);
  api.watching("clusters");
  await clock.advance(4_500);
  expect(errors.length).toBeGreaterThan(0);
  expect(await worker.isWanted("clusters")).toBe(false);
  table.isAway = false;
  await clock.advance(2_000);
  expect(await worker.isWanted("clusters")).toBe(true);
});

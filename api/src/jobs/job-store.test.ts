import { expect, test } from "vitest";
import { EntityExistsError, StoreUnavailableError, type EntityChange } from "../storage/entity-store.ts";
import { JobOvertakenError, whileOwned, type StoredJob } from "./job-store.ts";
import { createJobWorld, countingKind, REF, startRequest } from "./job-world.fixture.ts";
import type { JobRecord } from "./job.ts";

const NOTE = { partitionKey: REF.partitionKey, rowKey: "note" };
const upsertNote = (text: string): EntityChange => ({ kind: "upsert", entity: { ...NOTE, properties: { text } } });

async function openJob() {
  const world = createJobWorld();
  const process = world.boot([countingKind({})]);
  await process.service.start(startRequest());
  const read = async (): Promise<StoredJob> => {
    const job = await world.store.read(REF);
    if (!job) throw new Error("The job is gone.");
    return job;
  };
  const claim = (job: StoredJob, owner: string): Promise<StoredJob> =>
    world.store.write(job, (record) => ({
      ...record,
      fence: record.fence + 1,
      lease: { owner, untilMs: world.clock.now() + 1_000 },
    }));
  const note = async (): Promise<unknown> => (await world.table.get(NOTE))?.properties["text"];
  process.fate.points = 0;
  return { ...world, process, read, claim, note };
}

const toStep =
  (step: string) =>
  (record: JobRecord): JobRecord => ({ ...record, step });

test("gives back every field of a record as it was written", async () => {
  const { store, read, clock } = await openJob();
  const full: JobRecord = {
    ref: REF,
    name: "counting",
    state: "PARKED",
    step: "second",
    input: '{"name":"ä"}',
    checkpoint: '{"count":2}',
    wakeAtMs: clock.now() + 1_234,
    lease: { owner: "me:1", untilMs: clock.now() + 5_678 },
    fence: 7,
    crashes: 3,
    failures: 2,
    wakes: 4,
    cancelRequestedAtMs: clock.now() + 1,
    origin: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    createdAtMs: clock.now() + 2,
    finishedAtMs: clock.now() + 3,
  };
  await store.write(await read(), () => full);
  expect((await read()).record).toEqual(full);
  const bare = {
    ...full,
    lease: undefined,
    origin: undefined,
    cancelRequestedAtMs: undefined,
    finishedAtMs: undefined,
  };
  await store.write(await read(), () => bare);
  expect((await read()).record).toEqual(bare);
});

test("adopts its own write whose acknowledgement got lost, once", async () => {
  const { process, read, note } = await openJob();
  process.fate.faultAt = { point: 1, kind: "retry" };
  let updates = 0;
  const told: string[] = [];
  const written = await process.store.write(
    await read(),
    (record) => {
      updates++;
      return { ...record, step: "second" };
    },
    async () => ({ changes: [upsertNote("once")], stored: () => void told.push("stored") }),
  );
  expect([updates, told]).toEqual([1, ["stored"]]);
  expect(written).toEqual(await read());
  expect(await note()).toBe("once");
});

test("writes its update onto a newer record when somebody else changed it", async () => {
  const { process, store, read } = await openJob();
  const stale = await read();
  await store.write(stale, (record) => ({ ...record, wakes: record.wakes + 1 }));
  await process.store.write(stale, toStep("second"));
  expect((await read()).record).toMatchObject({ step: "second", wakes: 1 });
});

test("computes the feature's changes afresh when one of its records was changed by somebody else", async () => {
  const { table, process, read, note } = await openJob();
  await table.upsert({ ...NOTE, properties: { text: "a" } });
  let rounds = 0;
  await process.store.write(await read(), toStep("second"), async () => {
    const entity = await table.get(NOTE);
    if (!entity) throw new Error("The note is gone.");
    if (rounds++ === 0) await table.upsert({ ...NOTE, properties: { text: "b" } });
    const text = `${String(entity.properties["text"])}+`;
    return { changes: [{ kind: "replace", entity: { ...NOTE, properties: { text } }, etag: entity.etag }] };
  });
  expect([rounds, await note()]).toEqual([2, "b+"]);
});

test("stops a worker that was overtaken, and writes nothing of it", async () => {
  const { process, claim, read, note } = await openJob();
  const mine = await claim(await read(), "me:1");
  const theirs = await claim(mine, "other:1");
  const write = process.store.write(mine, whileOwned(mine.record, toStep("mine")), async () => ({
    changes: [upsertNote("mine")],
  }));
  await expect(write).rejects.toBeInstanceOf(JobOvertakenError);
  expect(await read()).toEqual(theirs);
  expect(await note()).toBeUndefined();
});

test("stops a worker whose job has ended meanwhile", async () => {
  const { store, claim, read } = await openJob();
  const mine = await claim(await read(), "me:1");
  await store.write(mine, (record) => ({ ...record, state: "CANCELED" }));
  await expect(store.write(mine, whileOwned(mine.record, toStep("mine")))).rejects.toBeInstanceOf(JobOvertakenError);
});

// Else a list that the move appends to would get its entry twice.
test("doesn't make a move twice whose acknowledgement got lost and over which a wake was written", async () => {
  const { store, process, claim, read, table } = await openJob();
  const mine = await claim(await read(), "me:1");
  await table.upsert({ ...NOTE, properties: { text: "" } });
  const append = async () => {
    const entity = await table.get(NOTE);
    const text = `${String(entity?.properties["text"])}x`;
    return { changes: [upsertNote(text)] };
  };
  process.fate.faultAt = { point: 1, kind: "retry" };
  // The wake comes between the write and its repetition by the store's client.
  const transact = table.transact;
  let isFirst = true;
  table.transact = async (partitionKey, changes) => {
    const result = await transact(partitionKey, changes);
    if (isFirst) {
      isFirst = false;
      await store.write(await read(), (record) => ({ ...record, wakes: record.wakes + 1 }));
    }
    return result;
  };
  const released = (record: JobRecord): JobRecord => ({ ...record, step: "second", lease: undefined });
  await expect(process.store.write(mine, whileOwned(mine.record, released), append)).rejects.toBeInstanceOf(
    JobOvertakenError,
  );
  expect((await table.get(NOTE))?.properties["text"]).toBe("x");
  expect((await read()).record).toMatchObject({ step: "second", wakes: 1 });
});

test("passes an outage of the store on to the caller", async () => {
  const { process, read } = await openJob();
  process.fate.faultAt = { point: 1, kind: "refuse" };
  await expect(process.store.write(await read(), toStep("second"))).rejects.toBeInstanceOf(StoreUnavailableError);
  expect((await read()).record.step).toBe("first");
});

test("creates a job whose acknowledgement got lost once, and tells no error", async () => {
  const world = createJobWorld();
  const process = world.boot([countingKind({})]);
  process.fate.faultAt = { point: 2, kind: "retry" };
  await process.service.start({
    ...startRequest(),
    changes: [{ kind: "insert", entity: { ...NOTE, properties: { text: "new" } } }],
  });
  expect((await world.record(REF)).state).toBe("WAITING");
  expect((await world.table.get(NOTE))?.properties["text"]).toBe("new");
});

test("refuses to create a job or a record that is there already, and writes nothing", async () => {
  const { process, table, read } = await openJob();
  const before = await read();
  await expect(process.service.start({ ...startRequest(), changes: [upsertNote("second")] })).rejects.toBeInstanceOf(
    EntityExistsError,
  );
  await table.upsert({ ...NOTE, properties: { text: "taken" } });
  const other = { ...REF, jobId: "job-2" };
  const insertNote: EntityChange = { kind: "insert", entity: { ...NOTE, properties: { text: "second" } } };
  await expect(process.service.start({ ...startRequest(other), changes: [insertNote] })).rejects.toBeInstanceOf(
    EntityExistsError,
  );
  expect(await read()).toEqual(before);
  expect((await table.get(NOTE))?.properties["text"]).toBe("taken");
  expect(await process.store.read(other)).toBeUndefined();
});

import { expect, test } from "vitest";
import type { EntityChange } from "../storage/entity-store.ts";
import {
  countingJob,
  countingKind,
  createGate,
  createJobWorld,
  REF,
  startRequest,
  type CountingMove,
} from "./job-world.fixture.ts";

const noteKey = (name: string) => ({ partitionKey: REF.partitionKey, rowKey: name });
const insertNote = (name: string): EntityChange => ({ kind: "insert", entity: { ...noteKey(name), properties: {} } });
const stay = (count: number, delayMs = 10_000): CountingMove => ({ kind: "again", delayMs, checkpoint: { count } });
const succeed = (count: number): CountingMove => ({ kind: "finish", state: "SUCCEEDED", checkpoint: { count } });

test("runs the steps in order and stores each move in one transaction with the feature's changes", async () => {
  const world = createJobWorld();
  const seen: string[] = [];
  const told: string[] = [];
  const move = (name: string, count: number, next: CountingMove): CountingMove => {
    seen.push(`${name} ${count}`);
    return { ...next, changes: async () => ({ changes: [insertNote(name)], stored: () => void told.push(name) }) };
  };
  const process = world.boot([
    countingKind({
      second: async ({ checkpoint }) => move("second", checkpoint.count, succeed(2)),
      first: async ({ checkpoint }) =>
        move("first", checkpoint.count, { kind: "next", step: "second", checkpoint: { count: 1 } }),
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  process.fate.points = 0;
  await world.clock.advance(100);

  expect(seen).toEqual(["first 0", "second 1"]);
  expect(told).toEqual(["first", "second"]);
  expect(await world.record(REF)).toMatchObject({
    state: "SUCCEEDED",
    checkpoint: '{"count":2}',
    lease: undefined,
    crashes: 0,
  });
  for (const name of seen) expect(await world.table.get(noteKey(name.split(" ")[0] ?? ""))).toBeDefined();
  // A claim and a move for each of two looks, and the index row.
  expect(process.fate.points).toBe(5);
  expect(await world.activeRefs()).toEqual([]);
  await process.runner.stop(0);
});

test("hands a step the input, its own checkpoint and the reference of its job", async () => {
  const world = createJobWorld();
  const given: unknown[] = [];
  const process = world.boot([
    countingKind({
      first: async ({ ref, input, checkpoint, cancelRequested }) => {
        given.push({ ref, input, checkpoint, cancelRequested });
        return succeed(1);
      },
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(0);
  expect(given).toEqual([{ ref: REF, input: { name: "order" }, checkpoint: { count: 0 }, cancelRequested: false }]);
});

test("holds nothing while a job waits: no lease, no place among the looks, one timer", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([countingKind({ first: async () => stay(++looks) })], { concurrency: 1 });
  await process.runner.start();
  const idle = world.clock.pending();
  await process.service.start(startRequest());
  await process.service.start(startRequest({ ...REF, jobId: "job-2" }));
  await world.clock.advance(1_000);
  expect(looks).toBe(2);
  expect(await world.record(REF)).toMatchObject({ state: "WAITING", lease: undefined, crashes: 0 });
  expect(world.clock.pending()).toBe(idle + 2);
  await world.clock.advance(8_500);
  expect(looks).toBe(2);
  await world.clock.advance(1_000);
  expect(looks).toBe(4);
});

test("looks once however often it is told to while the look runs and after it", async () => {
  const world = createJobWorld();
  let looks = 0;
  const gate = createGate();
  const process = world.boot([
    countingKind({
      first: async () => {
        looks++;
        await gate.pass();
        return stay(1, 60_000);
      },
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  for (let i = 0; i < 5; i++) await process.queue.enqueue(REF, 0);
  await world.clock.advance(0);
  for (let i = 0; i < 5; i++) await process.queue.enqueue(REF, 0);
  gate.open();
  await world.clock.advance(1_000);
  for (let i = 0; i < 5; i++) await process.queue.enqueue(REF, 0);
  await world.clock.advance(50_000);
  expect(looks).toBe(1);
});

test("looks once when its queue hands it a message again while it looks, or several at once", async () => {
  const world = createJobWorld();
  let looks = 0;
  const gate = createGate();
  const process = world.boot(
    [
      countingKind({
        first: async () => {
          looks++;
          await gate.pass();
          return stay(1, 60_000);
        },
      }),
    ],
    {
      wrapQueue: (queue) => ({
        enqueue: queue.enqueue,
        consume: (handle, options) =>
          queue.consume(async (ref) => {
            const both = Promise.all([handle(ref), handle(ref)]);
            await gate.arrived;
            await handle(ref);
            return (await both)[0];
          }, options),
      }),
    },
  );
  await process.service.start(startRequest());
  await process.runner.start();
  await world.clock.advance(1_000);
  gate.open();
  await world.clock.advance(10_000);
  expect([looks, (await world.record(REF)).fence]).toEqual([1, 1]);
});

test("lets no two of many runners look at once, whoever is told", async () => {
  const world = createJobWorld();
  let looks = 0;
  let atOnce = 0;
  const gate = createGate();
  const kind = countingKind({
    first: async () => {
      looks++;
      atOnce++;
      if (atOnce > 1) throw new Error("Two look at once.");
      await gate.pass();
      atOnce--;
      return stay(1, 60_000);
    },
  });
  const processes = [1, 2, 3].map(() => world.boot([kind], { exclusive: false }));
  for (const process of processes) await process.runner.start();
  await processes[0]?.service.start(startRequest());
  for (const process of processes) await process.queue.enqueue(REF, 0);
  await world.clock.advance(5_000);
  gate.open();
  await world.clock.advance(50_000);
  expect([looks, processes.flatMap((process) => process.errors)]).toEqual([1, []]);
});

test("leaves a parked job alone until it is woken", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([countingKind({ first: async () => ({ kind: "park", checkpoint: { count: ++looks } }) })]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(600_000);
  expect([looks, (await world.record(REF)).state]).toEqual([1, "PARKED"]);
  await process.service.wake(REF);
  await world.clock.advance(0);
  expect([looks, (await world.record(REF)).state]).toEqual([2, "PARKED"]);
});

test.each([
  ["waits", stay(1, 600_000)],
  ["parks", { kind: "park", checkpoint: { count: 1 } }],
  ["goes on to the next step", { kind: "next", step: "first", checkpoint: { count: 1 } }],
] satisfies [string, CountingMove][])(
  "overlooks no wake that comes during a look that then %s",
  async (_name, move) => {
    const world = createJobWorld();
    let looks = 0;
    const gate = createGate();
    const process = world.boot([
      countingKind({
        first: async () => {
          looks++;
          if (looks > 1) return succeed(2);
          await gate.pass();
          return move;
        },
      }),
    ]);
    await process.runner.start();
    await process.service.start(startRequest());
    await world.clock.advance(0);
    await process.service.wake(REF);
    gate.open();
    await world.clock.advance(0);
    expect([looks, (await world.record(REF)).state]).toEqual([2, "SUCCEEDED"]);
  },
);

test.each(["wake", "wakeIfParked"] as const)(
  "a parked job that 200 ask to %s at once is woken by one of them, and the others have succeeded as well",
  async (request) => {
    const world = createJobWorld();
    let looks = 0;
    const process = world.boot([
      countingKind({ first: async () => ({ kind: "park", checkpoint: { count: ++looks } }) }),
    ]);
    await process.runner.start();
    await process.service.start(startRequest());
    await world.clock.advance(0);
    await Promise.all(Array.from({ length: 200 }, () => process.service[request](REF)));
    expect((await world.record(REF)).wakes).toBe(1);
    await world.clock.advance(0);
    expect([looks, (await world.record(REF)).state, process.errors]).toEqual([2, "PARKED", []]);
  },
);

test("wakes a waiting job before its time", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([countingKind({ first: async () => stay(++looks, 600_000) })]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(1_000);
  await process.service.wake(REF);
  await world.clock.advance(0);
  expect(looks).toBe(2);
});

test("waking or ending a job that has ended or never was changes nothing", async () => {
  const world = createJobWorld();
  const process = world.boot([countingKind({ first: async () => succeed(1) })]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(0);
  const ended = await world.store.read(REF);
  await process.service.wake(REF);
  expect(await process.service.requestCancel(REF, async () => ({ changes: [insertNote("cancel")] }))).toBe(false);
  expect(await process.service.requestCancel({ ...REF, jobId: "never" })).toBe(false);
  await process.service.wake({ ...REF, jobId: "never" });
  expect(await world.store.read(REF)).toEqual(ended);
  expect(await world.table.get(noteKey("cancel"))).toBeUndefined();
});

const STEPS = [
  "before the first look",
  "during first",
  "while first waits",
  "during second",
  "while second waits",
  "while last is parked",
] as const;

test.each(STEPS)("ends a job that is cancelled %s, and looks at once", async (moment) => {
  const world = createJobWorld();
  const gate = createGate();
  const step =
    (name: string, after: CountingMove) =>
    async ({
      cancelRequested,
      checkpoint,
    }: {
      cancelRequested: boolean;
      checkpoint: { count: number };
    }): Promise<CountingMove> => {
      if (cancelRequested) return { kind: "finish", state: "CANCELED", checkpoint };
      if (moment === `during ${name}` && checkpoint.count < 10) await gate.pass();
      return moment === `while ${name} waits` ? stay(checkpoint.count, 600_000) : after;
    };
  const process = world.boot([
    countingKind({
      first: step("first", { kind: "next", step: "second", checkpoint: { count: 1 } }),
      second: step("second", { kind: "next", step: "last", checkpoint: { count: 2 } }),
      last: step("last", { kind: "park", checkpoint: { count: 3 } }),
    }),
  ]);
  await process.service.start(startRequest());
  if (moment !== "before the first look") await process.runner.start();
  await world.clock.advance(100);
  expect(await process.service.requestCancel(REF, async () => ({ changes: [insertNote("cancel")] }))).toBe(true);
  if (moment === "before the first look") await process.runner.start();
  gate.open();
  await world.clock.advance(0);
  expect((await world.record(REF)).state).toBe("CANCELED");
  expect(await world.table.get(noteKey("cancel"))).toBeDefined();
  expect(await world.activeRefs()).toEqual([]);
});

test("a cancel that loses the race against the end of the job says so", async () => {
  const world = createJobWorld();
  const process = world.boot([countingKind({ first: async () => succeed(1) })]);
  await process.service.start(startRequest());
  // The job ends between the reading and the writing of the request.
  const request = process.service.requestCancel(REF, async () => {
    await process.runner.start();
    await world.clock.advance(0);
    return { changes: [] };
  });
  expect(await request).toBe(false);
  expect(await world.record(REF)).toMatchObject({ state: "SUCCEEDED", cancelRequestedAtMs: undefined });
});

test("backs off when looks throw, and begins anew after one that works", async () => {
  const world = createJobWorld();
  const looksAt: number[] = [];
  const startMs = world.clock.now();
  const process = world.boot([
    countingKind({
      first: async () => {
        looksAt.push(world.clock.now() - startMs);
        if (looksAt.length !== 4) throw new Error("broken");
        return stay(7, 1_000);
      },
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(11_000);
  // 1, 2, 4 s, the wait, 1 s again.
  expect(looksAt).toEqual([0, 1_000, 3_000, 7_000, 8_000, 9_000, 11_000]);
  expect(await world.record(REF)).toMatchObject({
    failures: 3,
    crashes: 0,
    lease: undefined,
    checkpoint: '{"count":7}',
  });
});

test("gives a job up whose look fails 8 times in a row, with the last error", async () => {
  const world = createJobWorld();
  let looks = 0;
  const reasons: unknown[] = [];
  const process = world.boot([
    countingKind(
      { first: async () => Promise.reject(new Error(`broken ${++looks}`)) },
      async ({ checkpoint, signal }, reason) => {
        reasons.push([reason, signal.aborted]);
        return {
          kind: "finish",
          state: "FAILED",
          checkpoint,
          changes: async () => ({ changes: [insertNote("given-up")] }),
        };
      },
    ),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(600_000);
  expect(reasons).toEqual([[{ kind: "failing", error: expect.objectContaining({ message: "broken 8" }) }, false]]);
  expect(await world.record(REF)).toMatchObject({ state: "FAILED", finishedAtMs: expect.any(Number) });
  expect(await world.table.get(noteKey("given-up"))).toBeDefined();
});

test("goes on trying, slowly, when giving up fails too", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([
    countingKind(
      {
        first: async () => {
          looks++;
          if (looks < 12) throw new Error("broken");
          return succeed(1);
        },
      },
      async () => Promise.reject(new Error("can't give up")),
    ),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(127_000);
  expect(looks).toBe(8);
  await world.clock.advance(240_000);
  expect([looks, (await world.record(REF)).state]).toEqual([12, "SUCCEEDED"]);
});

test("counts a move that can't be stored as a failure of the look that made it", async () => {
  const world = createJobWorld();
  const moves: CountingMove[] = [
    { kind: "again", delayMs: 0, checkpoint: { count: "two" as unknown as number } },
    { kind: "next", step: "unheard-of", checkpoint: { count: 3 } },
    {
      kind: "again",
      delayMs: 0,
      checkpoint: { count: 4 },
      changes: async () => ({ changes: [{ kind: "delete", key: noteKey("missing") }] }),
    },
    succeed(5),
  ];
  const counts: number[] = [];
  const process = world.boot([
    countingKind({
      first: async ({ checkpoint }) => {
        counts.push(checkpoint.count);
        return moves.shift() ?? succeed(99);
      },
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(60_000);
  expect(counts).toEqual([0, 0, 0, 0]);
  expect(process.errors).toHaveLength(3);
  expect(await world.record(REF)).toMatchObject({ state: "SUCCEEDED", checkpoint: '{"count":5}' });
});

test("leaves a look behind that heeds no signal, and tries again", async () => {
  const world = createJobWorld();
  const signals: AbortSignal[] = [];
  const process = world.boot([
    countingKind({
      first: async ({ signal }) => {
        signals.push(signal);
        return signals.length === 1 ? new Promise<never>(() => {}) : succeed(1);
      },
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  await world.clock.advance(44_000);
  expect(signals[0]?.aborted).toBe(false);
  await world.clock.advance(1_500);
  expect(signals[0]?.aborted).toBe(true);
  await world.clock.advance(5_000);
  expect([signals.length, (await world.record(REF)).state]).toEqual([2, "SUCCEEDED"]);
});

test.each([
  ["kind", { definition: { ...countingJob, name: "from-a-newer-version" } }],
  ["step", { definition: { ...countingJob, firstStep: "from-a-newer-version" } }],
])("leaves a job alone whose %s it doesn't know, until a version comes that does", async (_what, change) => {
  const world = createJobWorld();
  const old = world.boot([countingKind({ first: async () => succeed(1) })]);
  await old.runner.start();
  await old.service.start({ ...startRequest(), ...change });
  await world.clock.advance(3_600_000);
  expect(await world.record(REF)).toMatchObject({ state: "WAITING", fence: 0, failures: 0, crashes: 0 });
  expect(old.warnings.length).toBeGreaterThan(0);
  await old.runner.stop(0);
  // One timer would be left for each message that was kept besides the sweep's.
  expect(world.clock.pending()).toBe(0);
  const kind = countingKind({ "from-a-newer-version": async () => succeed(1), first: async () => succeed(1) });
  const newer = world.boot([{ ...kind, definition: { ...kind.definition, name: change.definition.name } }]);
  await newer.runner.start();
  await world.clock.advance(0);
  expect((await world.record(REF)).state).toBe("SUCCEEDED");
});

test("leaves a job alone whose stored checkpoint it can't read", async () => {
  const world = createJobWorld();
  const process = world.boot([countingKind({ first: async () => succeed(1) })]);
  await process.service.start(startRequest());
  const job = await world.store.read(REF);
  if (!job) throw new Error("The job is gone.");
  await world.store.write(job, (record) => ({ ...record, checkpoint: '{"count":"of another version"}' }));
  const idle = world.clock.pending();
  await process.runner.start();
  await world.clock.advance(600_000);
  expect(await world.record(REF)).toMatchObject({ state: "WAITING", fence: 0, failures: 0 });
  expect(process.errors).toContain("this version can not read what the job has stored; the job waits");
  expect(world.clock.pending()).toBe(idle);
});

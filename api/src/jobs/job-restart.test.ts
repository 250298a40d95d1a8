import { describe, expect, test } from "vitest";
import { createRandom } from "../shared/seeded-random.fixture.ts";
import {
  countingKind,
  createGate,
  createJobWorld,
  REF,
  startRequest,
  type CountingMove,
  type JobProcess,
  type JobWorld,
} from "./job-world.fixture.ts";
import type { FaultKind } from "./mortal-table.fixture.ts";
import { orderKind, readLines, startOrder, startOrderAgain, type Outside } from "./order-job.fixture.ts";

const stay = (count: number, delayMs = 10_000): CountingMove => ({ kind: "again", delayMs, checkpoint: { count } });
const succeed = (count: number): CountingMove => ({ kind: "finish", state: "SUCCEEDED", checkpoint: { count } });
const never = (): Promise<never> => new Promise(() => {});

function bootOrder(world: JobWorld, outside: Outside, exclusive = true): JobProcess {
  return world.boot((table, fate) => [orderKind(table, outside, fate)], { exclusive });
}

async function expectOrderDone(world: JobWorld, outside: Outside, when: string): Promise<void> {
  expect.soft((await world.record(REF)).state, when).toBe("SUCCEEDED");
  expect.soft(await readLines(world.table), when).toBe("ordered group cluster ready done");
  expect.soft([...outside.created], when).toEqual(["group", "cluster"]);
  expect.soft(await world.activeRefs(), when).toEqual([]);
}

/** Writes and outside effects of an order that nothing happens to. */
const POINTS = 17;

describe("crash matrix", () => {
  test("an order has as many points as the matrix tries", async () => {
    const world = createJobWorld();
    const outside = { created: new Set<string>(), polls: 0 };
    const process = bootOrder(world, outside);
    await process.runner.start();
    await startOrder(process.service);
    await world.clock.advance(60_000);
    await expectOrderDone(world, outside, "undisturbed");
    expect([process.fate.points, outside.polls]).toEqual([POINTS, 3]);
  });

  test.each([
    ["die-before", true],
    ["die-after", true],
    ["die-before", false],
    ["die-after", false],
  ] as [FaultKind, boolean][])(
    "a process that must %s each write and effect (alone on the store: %s) leaves an order that the next one ends all the same",
    async (kind, exclusive) => {
      for (let point = 1; point <= POINTS; point++) {
        const when = `point ${point}`;
        const world = createJobWorld();
        const outside = { created: new Set<string>(), polls: 0 };
        const first = bootOrder(world, outside, exclusive);
        first.fate.faultAt = { point, kind };
        await first.runner.start();
        void startOrder(first.service);
        await world.clock.advance(40_000);
        expect.soft(first.fate.isDead, when).toBe(true);

        const second = bootOrder(world, outside, exclusive);
        await second.runner.start();
        await startOrderAgain(second.service);
        // A sweep, and a lease of 15 s when the second can't know that the first is dead.
        await world.clock.advance(exclusive ? 31_000 : 61_000);
        await expectOrderDone(world, outside, when);
        expect.soft(second.errors, when).toEqual([]);
      }
    },
  );

  test.each(["refuse", "lose-reply", "retry"] as FaultKind[])(
    "a store that does '%s' at any point delays an order and changes nothing else",
    async (kind) => {
      for (let point = 1; point <= POINTS; point++) {
        const when = `point ${point}`;
        const world = createJobWorld();
        const outside = { created: new Set<string>(), polls: 0 };
        const process = bootOrder(world, outside);
        process.fate.faultAt = { point, kind };
        await process.runner.start();
        await startOrder(process.service).catch(() => startOrderAgain(process.service));
        await world.clock.advance(60_000);
        await expectOrderDone(world, outside, when);
        const record = await world.record(REF);
        expect.soft([record.failures, record.crashes], when).toEqual([0, 0]);
        expect.soft(process.errors, when).not.toContain("a look at the job failed");
      }
    },
  );
});

test.each(Array.from({ length: 25 }, (_, i) => i + 1))(
  "three workers that are paused and cut off at random end an order as one undisturbed worker does (seed %i)",
  async (seed) => {
    const random = createRandom(seed);
    const kinds: FaultKind[] = ["refuse", "lose-reply", "retry"];
    const world = createJobWorld();
    const outside = { created: new Set<string>(), polls: 0 };
    const processes = [1, 2, 3].map(() => bootOrder(world, outside, false));
    await startOrder(world.boot([]).service);
    for (const { fate, runner, queue } of processes) {
      await runner.start();
      fate.onPoint = async (point) => {
        const kind = kinds[Math.floor(random() * kinds.length)] ?? "refuse";
        fate.faultAt = random() < 0.25 ? { point, kind } : undefined;
        if (random() < 0.2) await world.clock.sleep(random() * 90_000);
      };
      await queue.enqueue(REF, 0);
    }
    await world.clock.advance(3_600_000);
    await expectOrderDone(world, outside, "at the end");
    // Else nothing would have happened to them.
    expect(processes.reduce((sum, { fate }) => sum + fate.points, 0)).toBeGreaterThan(POINTS - 2);
  },
);

test("a worker that was paused past its lease and comes back writes nothing", async () => {
  const world = createJobWorld();
  const gate = createGate();
  const zombie = world.boot(
    [
      countingKind({
        first: async () => {
          await gate.pass();
          return {
            ...succeed(666),
            changes: async () => ({
              changes: [
                { kind: "upsert", entity: { partitionKey: REF.partitionKey, rowKey: "zombie", properties: {} } },
              ],
            }),
          };
        },
      }),
    ],
    { exclusive: false },
  );
  await zombie.runner.start();
  await zombie.service.start(startRequest());
  await world.clock.advance(0);
  // Paused: it runs no timers either, and its store calls come back when it goes on.
  const paused = Promise.withResolvers<void>();
  zombie.fate.onPoint = () => paused.promise;
  const other = world.boot([countingKind({ first: async ({ checkpoint }) => stay(checkpoint.count + 1) })], {
    exclusive: false,
  });
  await other.runner.start();
  await world.clock.advance(14_000);
  expect((await world.record(REF)).fence).toBe(1);
  await world.clock.advance(2_000);
  const before = await world.store.read(REF);
  expect(before?.record).toMatchObject({ fence: 2, checkpoint: '{"count":1}' });

  gate.open();
  paused.resolve();
  await world.clock.advance(0);
  expect(await world.store.read(REF)).toEqual(before);
  expect(await world.table.get({ partitionKey: REF.partitionKey, rowKey: "zombie" })).toBeUndefined();
  await world.clock.advance(20_000);
  expect((await world.record(REF)).checkpoint).toBe('{"count":3}');
});

test("a paused worker writes nothing while another one holds the claim", async () => {
  const world = createJobWorld();
  const zombieGate = createGate();
  const otherGate = createGate();
  const boot = (pass: () => Promise<void>, count: number) =>
    world.boot([countingKind({ first: async () => pass().then(() => succeed(count)) })], { exclusive: false });
  const zombie = boot(zombieGate.pass, 666);
  await zombie.runner.start();
  await zombie.service.start(startRequest());
  await world.clock.advance(0);
  const paused = Promise.withResolvers<void>();
  zombie.fate.onPoint = () => paused.promise;
  const other = boot(otherGate.pass, 1);
  await other.runner.start();
  await world.clock.advance(16_000);
  const claimed = await world.store.read(REF);
  zombieGate.open();
  paused.resolve();
  await world.clock.advance(0);
  expect(await world.store.read(REF)).toEqual(claimed);
  otherGate.open();
  await world.clock.advance(0);
  expect(await world.record(REF)).toMatchObject({ state: "SUCCEEDED", checkpoint: '{"count":1}' });
});

test("a worker whose claim comes after another's whole look doesn't look", async () => {
  const world = createJobWorld();
  const looks: string[] = [];
  const boot = (name: string) =>
    world.boot([countingKind({ first: async () => stay(looks.push(name)) })], { exclusive: false });
  const slow = boot("slow");
  const quick = boot("quick");
  await slow.service.start(startRequest());
  const gate = createGate();
  slow.fate.onPoint = () => gate.pass();
  await slow.runner.start();
  await world.clock.advance(0);
  await quick.runner.start();
  await world.clock.advance(1_000);
  gate.open();
  await world.clock.advance(1_000);
  expect(looks).toEqual(["quick"]);
  expect(await world.record(REF)).toMatchObject({ fence: 1, lease: undefined });
});

test("a worker doesn't look with an old checkpoint when the one it took for dead comes back before its claim", async () => {
  const world = createJobWorld();
  const gate = createGate();
  const claimGate = createGate();
  const looks: string[] = [];
  const boot = (name: string, pass: () => Promise<void>) =>
    world.boot(
      [
        countingKind({
          first: async ({ checkpoint }) => {
            looks.push(`${name} ${checkpoint.count}`);
            await pass();
            return stay(checkpoint.count + 1, 600_000);
          },
        }),
      ],
      { exclusive: false },
    );
  const slow = boot("slow", () => gate.pass());
  await slow.runner.start();
  await slow.service.start(startRequest());
  await world.clock.advance(0);
  const paused = Promise.withResolvers<void>();
  slow.fate.onPoint = () => paused.promise;
  gate.open();
  const other = boot("other", async () => {});
  other.fate.onPoint = () => claimGate.pass();
  await other.runner.start();
  await world.clock.advance(16_000);
  paused.resolve();
  await world.clock.advance(0);
  claimGate.open();
  await world.clock.advance(1_000);
  expect(looks).toEqual(["slow 0"]);
  expect(await world.record(REF)).toMatchObject({ fence: 1, lease: undefined });
});

test("a worker takes its own claim up again after an outage, without waiting for its lease to end", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot(
    (table) => [
      countingKind({
        first: async () => {
          looks++;
          await table.get({ partitionKey: REF.partitionKey, rowKey: "any" });
          return succeed(looks);
        },
      }),
    ],
    { exclusive: false },
  );
  await process.service.start(startRequest());
  process.fate.onPoint = async () => queueMicrotask(() => (process.fate.isUnavailable = true));
  await process.runner.start();
  await world.clock.advance(1_000);
  expect((await world.record(REF)).lease).toBeDefined();
  process.fate.isUnavailable = false;
  process.fate.onPoint = undefined;
  await world.clock.advance(5_000);
  expect(await world.record(REF)).toMatchObject({ state: "SUCCEEDED", checkpoint: '{"count":2}' });
});

test("a job that kills its process is given up after 5 deaths, and nothing that died with it is", async () => {
  const world = createJobWorld();
  const neighbours = Array.from({ length: 10 }, (_, i) => ({ ...REF, jobId: `innocent-${i}` }));
  let process: JobProcess | undefined;
  let deaths = 0;
  const reasons: unknown[] = [];
  const kind = countingKind(
    {
      first: async ({ ref }) => {
        if (ref.jobId === REF.jobId) {
          deaths++;
          process?.kill();
          return never();
        }
        // A neighbour's look takes its time, so whoever looks beside the poison dies with it.
        await world.clock.sleep(200);
        return succeed(1);
      },
    },
    async ({ checkpoint, ref }, reason) => {
      reasons.push([ref.jobId, reason.kind]);
      return { kind: "finish", state: "FAILED", checkpoint };
    },
  );
  process = world.boot([kind], { concurrency: 32 });
  for (const ref of [...neighbours, REF]) await process.service.start(startRequest(ref));
  for (let life = 0; life < 12; life++) {
    await process.runner.start();
    await world.clock.advance(30_000);
    if (!process.fate.isDead) break;
    process = world.boot([kind], { concurrency: 32 });
  }
  expect([deaths, reasons]).toEqual([5, [["job-1", "poisoned"]]]);
  expect((await world.record(REF)).state).toBe("FAILED");
  for (const ref of neighbours) expect((await world.record(ref)).state).toBe("SUCCEEDED");
});

test("a look that comes to its end clears the deaths before it", async () => {
  const world = createJobWorld();
  let process: JobProcess | undefined;
  let looks = 0;
  const kind = countingKind({
    first: async () => {
      looks++;
      // Every third look works; 12 deaths in all, never 5 in a row.
      if (looks % 3 === 0) return looks === 18 ? succeed(looks) : stay(looks, 0);
      process?.kill();
      return never();
    },
  });
  process = world.boot([kind]);
  await process.service.start(startRequest());
  for (let life = 0; life < 20 && looks < 18; life++) {
    process = world.boot([kind]);
    await process.runner.start();
    await world.clock.advance(1_000);
  }
  expect((await world.record(REF)).state).toBe("SUCCEEDED");
});

test("poison whose giving up fails is not looked at again, but given up again", async () => {
  const world = createJobWorld();
  let process: JobProcess | undefined;
  let deaths = 0;
  let givingUp = 0;
  const kind = countingKind(
    {
      first: async () => {
        deaths++;
        process?.kill();
        return never();
      },
    },
    async ({ checkpoint }, reason) => {
      givingUp++;
      expect(reason).toEqual({ kind: "poisoned" });
      if (givingUp < 10) throw new Error("can't give up");
      return { kind: "finish", state: "FAILED", checkpoint };
    },
  );
  process = world.boot([kind]);
  await process.service.start(startRequest());
  for (let life = 0; life < 6; life++) {
    process = world.boot([kind]);
    await process.runner.start();
    await world.clock.advance(1_000);
  }
  await world.clock.advance(600_000);
  expect([deaths, givingUp, (await world.record(REF)).state]).toEqual([5, 10, "FAILED"]);
});

test("an outage of the store over many looks counts against no job", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot((table) => [
    countingKind({
      first: async ({ checkpoint }) => {
        looks++;
        await table.get({ partitionKey: REF.partitionKey, rowKey: "any" });
        return checkpoint.count < 3 ? stay(checkpoint.count + 1, 1_000) : succeed(4);
      },
    }),
  ]);
  await process.runner.start();
  await process.service.start(startRequest());
  // Between claim and look, so that a lease is left each time.
  for (let outage = 0; outage < 12; outage++) {
    process.fate.onPoint = async () => queueMicrotask(() => (process.fate.isUnavailable = true));
    await world.clock.advance(5_000);
    process.fate.isUnavailable = false;
  }
  process.fate.onPoint = undefined;
  expect(looks).toBeGreaterThanOrEqual(10);
  expect((await world.record(REF)).failures).toBe(0);
  process.fate.isUnavailable = true;
  await world.clock.advance(600_000);
  process.fate.isUnavailable = false;
  await world.clock.advance(60_000);
  expect(await world.record(REF)).toMatchObject({ state: "SUCCEEDED", failures: 0, crashes: 0 });
});

test("a sweep heals a queue that was wiped", async () => {
  const world = createJobWorld();
  let looks = 0;
  const kind = countingKind({ first: async () => stay(++looks) });
  const process = world.boot([kind]);
  await process.service.start(startRequest());
  await world.clock.advance(60_000);
  // A process on the same store whose queue knows nothing of the job.
  const other = world.boot([kind]);
  await other.runner.start();
  await world.clock.advance(0);
  expect(looks).toBe(1);
});

test("a sweep asks again for a job whose message was lost while the process lives", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([countingKind({ first: async () => stay(++looks) })]);
  await process.runner.start();
  const elsewhere = world.boot([]);
  await elsewhere.service.start(startRequest());
  await world.clock.advance(31_000);
  expect(looks).toBe(1);
});

test("a sweep doesn't ask for a job that is being looked at, here or elsewhere", async () => {
  const world = createJobWorld();
  const gate = createGate();
  const kind = countingKind({ first: async () => gate.pass().then(() => succeed(1)) });
  const asked: string[] = [];
  const boot = (name: string) =>
    world.boot([kind], {
      exclusive: false,
      wrapQueue: (queue) => ({
        consume: queue.consume,
        async enqueue(ref, delayMs) {
          asked.push(name);
          await queue.enqueue(ref, delayMs);
        },
      }),
    });
  const looker = boot("looker");
  const other = boot("other");
  await looker.runner.start();
  await other.runner.start();
  await looker.service.start(startRequest());
  await world.clock.advance(44_000);
  expect(asked).toEqual([]);
  gate.open();
  await world.clock.advance(0);
  expect((await world.record(REF)).state).toBe("SUCCEEDED");
});

test("a failing sweep is reported and made good by the next one", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([countingKind({ first: async () => stay(++looks) })]);
  await process.runner.start();
  await world.boot([]).service.start(startRequest());
  process.fate.isUnavailable = true;
  await world.clock.advance(31_000);
  process.fate.isUnavailable = false;
  expect([looks, process.errors]).toEqual([0, ["the sweep for forgotten jobs failed; it runs again"]]);
  await world.clock.advance(30_000);
  expect(looks).toBe(1);
});

test("a sweep clears the index of jobs that have ended and of those that were never written, but not at once", async () => {
  const world = createJobWorld();
  const process = world.boot([countingKind({ first: async () => succeed(1) })]);
  await process.service.start(startRequest());
  await process.runner.start();
  await world.clock.advance(0);
  await world.active.add(REF, world.clock.now());
  await world.active.add({ ...REF, jobId: "orphan" }, world.clock.now());
  await world.clock.advance(31_000);
  expect(await world.activeRefs()).toEqual([{ ...REF, jobId: "orphan" }]);
  await world.clock.advance(600_000);
  expect(await world.activeRefs()).toEqual([]);
});

test("lets running looks end when it stops, takes no new one, and leaves no timer", async () => {
  const world = createJobWorld();
  const gate = createGate();
  const looked: string[] = [];
  const process = world.boot(
    [
      countingKind({
        first: async ({ ref }) => {
          looked.push(ref.jobId);
          await gate.pass();
          return stay(1);
        },
      }),
    ],
    { concurrency: 1 },
  );
  await process.runner.start();
  await process.service.start(startRequest());
  await process.service.start(startRequest({ ...REF, jobId: "job-2" }));
  await world.clock.advance(0);
  const stopping = process.runner.stop(10_000);
  await world.clock.advance(5_000);
  gate.open();
  await stopping;
  expect(looked).toEqual(["job-1"]);
  expect(await world.record(REF)).toMatchObject({ checkpoint: '{"count":1}', lease: undefined, crashes: 0 });
  expect(world.clock.pending()).toBe(0);
});

test.each(["heeds", "ignores"])(
  "aborts a look that %s its signal when the grace is over, gives its claim back and stops",
  async (habit) => {
    const world = createJobWorld();
    const process = world.boot([
      countingKind({
        first: ({ signal }) =>
          new Promise((_, reject) => {
            if (habit === "heeds") signal.addEventListener("abort", () => reject(signal.reason));
          }),
      }),
    ]);
    await process.runner.start();
    await process.service.start(startRequest());
    await world.clock.advance(0);
    let stopped = false;
    const stopping = process.runner.stop(10_000).then(() => (stopped = true));
    await world.clock.advance(9_000);
    expect(stopped).toBe(false);
    await world.clock.advance(3_500);
    expect(stopped).toBe(true);
    await stopping;
    expect(await world.record(REF)).toMatchObject({
      state: "WAITING",
      lease: undefined,
      crashes: 0,
      failures: 0,
      checkpoint: '{"count":0}',
    });
    expect(world.clock.pending()).toBe(0);
  },
);

test("takes no job when it was stopped while it started", async () => {
  const world = createJobWorld();
  let looks = 0;
  const process = world.boot([countingKind({ first: async () => stay(++looks) })]);
  await process.service.start(startRequest());
  const starting = process.runner.start();
  await process.runner.stop(0);
  await starting;
  await world.clock.advance(60_000);
  expect(looks).toBe(0);
});

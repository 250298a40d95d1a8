import { expect, test } from "vitest";
import { createMemoryMessageQueue } from "../storage/memory-message-queue.fixture.ts";
import { countingKind, createGate, createJobWorld, REF, startRequest, type CountingLook } from "./job-world.fixture.ts";

const PACE_MS = 5_000;

/** Workers over one store and one queue, whose looks are written down with the time since the start. */
function openDeployment() {
  const world = createJobWorld();
  const messages = createMemoryMessageQueue(world.clock);
  const startMs = world.clock.now();
  const looks: { readonly by: string; readonly atMs: number }[] = [];
  const boot = (by: string, during: (look: CountingLook) => Promise<void> = async () => {}) =>
    world.boot(
      [
        countingKind({
          first: async (look) => {
            looks.push({ by, atMs: world.clock.now() - startMs });
            await during(look);
            return { kind: "again", delayMs: PACE_MS, checkpoint: { count: look.checkpoint.count + 1 } };
          },
        }),
      ],
      { exclusive: false, messages },
    );
  const gaps = (): readonly number[] => looks.slice(1).map(({ atMs }, i) => atMs - (looks[i]?.atMs ?? 0));
  return { world, messages, looks, boot, gaps };
}

test("one of many workers looks at a job, at its pace, and one message is there for it, however often it is woken", async () => {
  const { world, messages, looks, boot, gaps } = openDeployment();
  const workers = ["a", "b", "c"].map((name) => boot(name));
  for (const { runner } of workers) await runner.start();
  const api = boot("api");
  await api.service.start(startRequest());
  await world.clock.advance(60_000);
  expect(new Set(looks.map(({ by }) => by)).size).toBe(1);
  expect(gaps().every((gap) => gap === PACE_MS)).toBe(true);
  for (let i = 0; i < 20; i++) {
    await api.service.wake(REF);
    await world.clock.advance(777);
  }
  looks.length = 0;
  await world.clock.advance(120_000);
  expect(messages.visibleAtMs()).toHaveLength(1);
  expect(looks.length).toBeLessThanOrEqual(120_000 / PACE_MS + 1);
  expect(gaps().every((gap) => gap >= PACE_MS)).toBe(true);
});

test("another worker goes on at most two and a quarter seconds late when the first is killed between two looks", async () => {
  const { world, looks, boot, gaps } = openDeployment();
  const [first, second] = [boot("first"), boot("second")];
  await first.runner.start();
  await first.service.start(startRequest());
  await world.clock.advance(12_000);
  await second.runner.start();
  first.kill();
  await world.clock.advance(20_000);
  expect(looks.at(-1)?.by).toBe("second");
  expect(Math.max(...gaps())).toBeLessThanOrEqual(PACE_MS + 2_250);
});

test("another worker goes on at most 16 seconds after the first was killed in the middle of a look", async () => {
  const { world, looks, boot } = openDeployment();
  const gate = createGate();
  const [first, second] = [boot("first", () => gate.pass()), boot("second")];
  await first.runner.start();
  await first.service.start(startRequest());
  await world.clock.advance(11_000);
  await second.runner.start();
  await world.clock.advance(10_000);
  expect(looks).toEqual([{ by: "first", atMs: 0 }]);
  first.kill();
  const killedMs = 21_000;
  await world.clock.advance(20_000);
  expect((looks[1]?.atMs ?? Infinity) - killedMs).toBeLessThanOrEqual(16_000);
  expect(await world.record(REF)).toMatchObject({ fence: expect.any(Number), crashes: 0 });
});

test("a worker that stops hands its jobs over at once", async () => {
  const { world, looks, boot, gaps } = openDeployment();
  const [first, second] = [boot("first"), boot("second")];
  await first.runner.start();
  await first.service.start(startRequest());
  await world.clock.advance(6_000);
  await second.runner.start();
  await first.runner.stop(5_000);
  await world.clock.advance(6_000);
  expect(looks.map(({ by }) => by)).toEqual(["first", "first", "second"]);
  expect(Math.max(...gaps())).toBeLessThanOrEqual(PACE_MS + 1_000);
});

test("a worker whose renewals don't get through stops its look before its lease is over, and nothing is counted", async () => {
  const { world, boot } = openDeployment();
  const abortedAtMs = Promise.withResolvers<number>();
  const worker = boot("cut off", async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    abortedAtMs.resolve(world.clock.now());
    throw new Error("aborted");
  });
  await worker.runner.start();
  await worker.service.start(startRequest());
  await world.clock.advance(100);
  const leaseUntilMs = (await world.record(REF)).lease?.untilMs ?? 0;
  worker.fate.isUnavailable = true;
  await world.clock.advance(15_000);
  expect(await abortedAtMs.promise).toBeLessThan(leaseUntilMs);
  worker.fate.isUnavailable = false;
  await world.clock.advance(1_000);
  expect(await world.record(REF)).toMatchObject({ failures: 0 });
});

test("a queue that is wiped while workers live, or while all are dead, loses no job", async () => {
  const { world, messages, looks, boot } = openDeployment();
  const first = boot("first");
  await first.runner.start();
  await first.service.start(startRequest());
  await world.clock.advance(1_000);
  messages.wipe();
  looks.length = 0;
  await world.clock.advance(60_000);
  expect(looks.length).toBeGreaterThanOrEqual(4);
  first.kill();
  messages.wipe();
  const second = boot("second");
  await second.runner.start();
  looks.length = 0;
  await world.clock.advance(60_000);
  expect(looks.length).toBeGreaterThanOrEqual(4);
});

test("messages that come three times over make no look more", async () => {
  const { world, messages, looks, boot } = openDeployment();
  const workers = ["a", "b"].map((name) => boot(name));
  for (const { runner } of workers) await runner.start();
  await workers[0]?.service.start(startRequest());
  for (let round = 0; round < 12; round++) {
    for (let copy = 0; copy < 3; copy++) await messages.send(`${REF.partitionKey}|${REF.jobId}`, 0);
    await world.clock.advance(PACE_MS);
  }
  expect(looks.length).toBeLessThanOrEqual(13);
  expect(messages.visibleAtMs().length).toBeLessThanOrEqual(2);
});

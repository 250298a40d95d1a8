import { expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { createMemoryMessageQueue } from "../storage/memory-message-queue.fixture.ts";
import { describeJobQueue } from "./job-queue.contract.ts";
import type { JobRef } from "./job.ts";
import { createMessageJobQueue } from "./message-job-queue.ts";

const REF: JobRef = { partitionKey: "p", jobId: "j" };

/** Processes that share a queue; one that is killed never runs a timer nor hears an answer again. */
function openWorld() {
  const clock = createManualClock();
  const messages = createMemoryMessageQueue(clock);
  const errors: unknown[] = [];
  const queueErrors: unknown[] = [];
  const listeners = new Set<() => void>();
  const nudges = {
    nudge: () => void [...listeners].forEach((listener) => listener()),
    onNudge: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const boot = ({ isNudged = false } = {}) => {
    let isDead = false;
    const never = new Promise<never>(() => {});
    const mortal = <T>(work: () => Promise<T>): Promise<T> =>
      isDead ? never : work().then(async (result) => (isDead ? never : result));
    const queue = createMessageJobQueue({
      messages: {
        send: (text, hiddenMs) => mortal(() => messages.send(text, hiddenMs)),
        receive: (limit, hiddenMs) => mortal(() => messages.receive(limit, hiddenMs)),
        hide: (hold, hiddenMs) => mortal(() => messages.hide(hold, hiddenMs)),
        delete: (hold) => mortal(() => messages.delete(hold)),
      },
      clock: { ...clock, schedule: (delayMs, task) => clock.schedule(delayMs, () => isDead || task()) },
      ...(isNudged && { nudges }),
      onError: (error) => errors.push(error),
      onQueueError: (error) => queueErrors.push(error),
    });
    return { queue, kill: () => void (isDead = true) };
  };
  return { clock, messages, boot, errors, queueErrors, listeners };
}

describeJobQueue("on messages", async () => {
  const { clock, boot, errors } = openWorld();
  const { queue } = boot();
  return { queue, errors, pass: (ms) => clock.advance(ms), close: async () => {} };
});

describeJobQueue("on messages, sent by another process", async () => {
  const { clock, boot, errors } = openWorld();
  const [sender, receiver] = [boot({ isNudged: true }), boot({ isNudged: true })];
  return {
    queue: { enqueue: sender.queue.enqueue, consume: receiver.queue.consume },
    errors,
    pass: (ms) => clock.advance(ms),
    close: async () => {},
  };
});

test("keeps the pace of a job that waits, to the millisecond, and its message from everybody else", async () => {
  const { clock, boot } = openWorld();
  const [one, other] = [boot(), boot()];
  const atMs: number[] = [];
  const startMs = clock.now();
  const look = async () => {
    atMs.push(clock.now() - startMs);
    return { againAfterMs: 2_600 };
  };
  one.queue.consume(look, { concurrency: 4 });
  other.queue.consume(async () => expect.unreachable("Another process took it."), { concurrency: 4 });
  await one.queue.enqueue(REF, 0);
  await clock.advance(10_500);
  expect(atMs).toEqual([0, 2_600, 5_200, 7_800, 10_400]);
});

test("hands a job to another process soon after the one that waited for its time was killed", async () => {
  const { clock, boot } = openWorld();
  const [one, other] = [boot(), boot()];
  one.queue.consume(async () => ({ againAfterMs: 5_000 }), { concurrency: 4 });
  await one.queue.enqueue(REF, 0);
  await clock.advance(1_000);
  one.kill();
  const startMs = clock.now();
  const tookAfter = Promise.withResolvers<number>();
  other.queue.consume(async () => void tookAfter.resolve(clock.now() - startMs), { concurrency: 4 });
  await clock.advance(7_000);
  const normalMs = 4_000;
  expect(await tookAfter.promise).toBeLessThanOrEqual(normalMs + 2_250);
});

test("keeps the message of a handler that runs hidden for as long as it runs, and not when its process is killed", async () => {
  const { clock, boot } = openWorld();
  const [one, other] = [boot(), boot()];
  const running = Promise.withResolvers<undefined>();
  one.queue.consume(() => running.promise, { concurrency: 4 });
  let taken = 0;
  other.queue.consume(async () => void taken++, { concurrency: 4 });
  await one.queue.enqueue(REF, 0);
  await clock.advance(120_000);
  expect(taken).toBe(0);
  one.kill();
  await clock.advance(17_000);
  expect(taken).toBe(1);
});

test("shows what it holds to the others when it stops", async () => {
  const { clock, messages, boot } = openWorld();
  const [one, other] = [boot(), boot()];
  const running = Promise.withResolvers<{ againAfterMs: number }>();
  const consumer = one.queue.consume(
    (ref) => (ref.jobId === "waits" ? Promise.resolve({ againAfterMs: 600_000 }) : running.promise),
    { concurrency: 2 },
  );
  await one.queue.enqueue({ ...REF, jobId: "waits" }, 0);
  await one.queue.enqueue({ ...REF, jobId: "runs" }, 0);
  await clock.advance(100);
  const stopping = consumer.stop();
  running.resolve({ againAfterMs: 0 });
  await clock.advance(0);
  await stopping;
  const taken: string[] = [];
  other.queue.consume(async ({ jobId }) => void taken.push(jobId), { concurrency: 4 });
  await clock.advance(1_500);
  expect(taken).toEqual(["runs"]);
  expect(messages.visibleAtMs()).toHaveLength(1);
  await clock.advance(602_000);
  expect(taken).toEqual(["runs", "waits"]);
});

test("goes on at its pace while the queue is away, and holds its messages again when it is back", async () => {
  const { clock, messages, boot, queueErrors } = openWorld();
  const { queue } = boot();
  let looks = 0;
  queue.consume(
    async () => {
      looks++;
      return { againAfterMs: 1_000 };
    },
    { concurrency: 4 },
  );
  await queue.enqueue(REF, 0);
  await clock.advance(1_500);
  messages.isUnavailable = true;
  await queue.enqueue({ ...REF, jobId: "begun meanwhile" }, 0);
  await clock.advance(10_000);
  expect(looks).toBeGreaterThanOrEqual(2 + 20);
  expect(queueErrors).not.toEqual([]);
  messages.isUnavailable = false;
  await clock.advance(30_000);
  expect(messages.visibleAtMs()).toHaveLength(2);
});

test("makes one of two messages for a job, whenever the second comes", async () => {
  const { clock, messages, boot } = openWorld();
  const [one, sender] = [boot(), boot()];
  let looks = 0;
  one.queue.consume(
    async () => {
      looks++;
      return { againAfterMs: 60_000 };
    },
    { concurrency: 4 },
  );
  for (let i = 0; i < 5; i++) {
    await sender.queue.enqueue(REF, 0);
    await clock.advance(i * 700);
  }
  await clock.advance(2_000);
  expect(messages.visibleAtMs()).toHaveLength(1);
  expect(looks).toBeGreaterThanOrEqual(2);
});

test("gives up a job whose message somebody else has, and sends a new one for a look that ends late", async () => {
  const { clock, messages, boot } = openWorld();
  const paused = boot();
  const running = Promise.withResolvers<{ againAfterMs: number }>();
  let looks = 0;
  paused.queue.consume(() => (++looks === 1 ? running.promise : Promise.resolve(undefined)), { concurrency: 4 });
  await paused.queue.enqueue(REF, 0);
  await clock.advance(100);
  // As a pause of the process would have it: somebody else has received the message.
  messages.wipe();
  await clock.advance(10_000);
  running.resolve({ againAfterMs: 1_000 });
  await clock.advance(0);
  expect(messages.visibleAtMs()).toHaveLength(1);
  messages.wipe();
  await clock.advance(5_000);
  expect(looks).toBe(1);
});

test("keeps the message that it sends for a look that ends late, also when the next look is due at once", async () => {
  const { clock, messages, boot } = openWorld();
  const paused = boot();
  const running = Promise.withResolvers<{ againAfterMs: number }>();
  let looks = 0;
  paused.queue.consume(() => (++looks === 1 ? running.promise : Promise.resolve({ againAfterMs: 60_000 })), {
    concurrency: 4,
  });
  await paused.queue.enqueue(REF, 0);
  await clock.advance(11_000);
  messages.wipe();
  const { hide } = messages;
  messages.hide = async (...asked) => {
    await clock.sleep(20);
    return hide(...asked);
  };
  running.resolve({ againAfterMs: 0 });
  await clock.advance(1_000);
  expect([looks, messages.visibleAtMs().length]).toEqual([2, 1]);
});

test("deletes what is no message of a job, and says so", async () => {
  const { clock, messages, boot, queueErrors } = openWorld();
  boot().queue.consume(async () => expect.unreachable(), { concurrency: 1 });
  await messages.send("nonsense", 0);
  await clock.advance(1_500);
  expect([messages.visibleAtMs(), String(queueErrors[0])]).toEqual([[], "Error: 'nonsense' is no job reference."]);
});

test("asks an empty queue once a second, and at once when it is nudged", async () => {
  const { clock, messages, boot, listeners } = openWorld();
  const [sender, receiver] = [boot({ isNudged: true }), boot({ isNudged: true })];
  let looks = 0;
  const consumer = receiver.queue.consume(async () => void looks++, { concurrency: 1 });
  await clock.advance(10_000);
  messages.requests = 0;
  await clock.advance(60_000);
  expect(messages.requests).toBeLessThanOrEqual(60);
  await sender.queue.enqueue(REF, 0);
  await clock.advance(0);
  expect(looks).toBe(1);
  await consumer.stop();
  expect([listeners.size, clock.pending()]).toEqual([0, 0]);
});

import { expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { createInProcessJobQueue } from "./in-process-job-queue.ts";
import { describeJobQueue } from "./job-queue.contract.ts";

describeJobQueue("in-process", async () => {
  const clock = createManualClock();
  const errors: unknown[] = [];
  const queue = createInProcessJobQueue({ clock, onError: (error) => errors.push(error) });
  return { queue, errors, pass: (ms) => clock.advance(ms), close: async () => {} };
});

const REF = { partitionKey: "p", jobId: "j" };

test("leaves no timer behind when it has stopped, whatever was waiting, due or running", async () => {
  const clock = createManualClock();
  const queue = createInProcessJobQueue({ clock, onError: (error) => expect.unreachable(String(error)) });
  const running = Promise.withResolvers<undefined>();
  const consumer = queue.consume(() => running.promise.then(() => ({ againAfterMs: 10 })), { concurrency: 1 });
  await queue.enqueue(REF, 0);
  await queue.enqueue({ ...REF, jobId: "due" }, 0);
  await queue.enqueue({ ...REF, jobId: "waiting" }, 60_000);
  await clock.advance(0);
  await queue.enqueue(REF, 1_000);

  const stopping = consumer.stop();
  running.resolve(undefined);
  await stopping;

  expect(clock.pending()).toBe(0);
});

test("is stopped for every caller that asks, once the running handlers have ended", async () => {
  const clock = createManualClock();
  const queue = createInProcessJobQueue({ clock, onError: (error) => expect.unreachable(String(error)) });
  const running = Promise.withResolvers<undefined>();
  const consumer = queue.consume(() => running.promise, { concurrency: 1 });
  await queue.enqueue(REF, 0);
  await clock.advance(0);

  const both = Promise.all([consumer.stop(), consumer.stop()]);
  running.resolve(undefined);

  await expect(both).resolves.toHaveLength(2);
});

test("refuses a second consumer, because a job could then be looked at twice at once", () => {
  const queue = createInProcessJobQueue({ clock: createManualClock(), onError: () => {} });
  queue.consume(async () => undefined, { concurrency: 1 });
  expect(() => queue.consume(async () => undefined, { concurrency: 1 })).toThrow("has a consumer already");
});

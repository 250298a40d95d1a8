import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { describeChangeHints } from "./change-hints.contract.ts";
import type { ChangeHint } from "./change-hints.ts";
import { createRedisChangeHints } from "./redis-change-hints.ts";
import { startRedis, type RedisServer } from "./redis-server.fixture.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.kill());

async function openProcess(version = "1") {
  const errors: { error: unknown; topic: string }[] = [];
  const losses: unknown[] = [];
  const hints = createRedisChangeHints({
    url: redis.url,
    version,
    onError: (error, topic) => errors.push({ error, topic }),
    onConnectionLost: (error) => losses.push(error),
  });
  hints.start();
  onTestFinished(() => hints.stop());
  await expect.poll(() => hints.isConnected(), { timeout: 10_000 }).toBe(true);
  return { hints, errors, losses };
}

type Process = Awaited<ReturnType<typeof openProcess>>;

/** Resolves when all that `from` has published has reached `to`: messages of one connection keep their order. */
async function delivered(from: Process, to: Process): Promise<void> {
  const last = Promise.withResolvers<void>();
  const topic = `last-${Math.random()}`;
  const stop = to.hints.subscribe(topic, () => last.resolve());
  // The first moments of a subscription may be deaf.
  await expect
    .poll(async () => {
      from.hints.publish(topic, { sequence: 0 });
      return Promise.race([
        last.promise.then(() => true),
        new Promise((resolve) => setImmediate(() => resolve(false))),
      ]);
    })
    .toBe(true);
  stop();
}

describeChangeHints("Redis, within a process", async () => {
  const { hints, errors } = await openProcess();
  return { hints, errors, delivered: async () => {}, close: async () => {} };
});

describeChangeHints("Redis, between two processes", async () => {
  const [writer, reader] = [await openProcess(), await openProcess()];
  await delivered(writer, reader);
  return {
    hints: { publish: writer.hints.publish, subscribe: reader.hints.subscribe },
    errors: reader.errors,
    delivered: () => delivered(writer, reader),
    close: async () => {},
  };
});

async function hearOnce(writer: Process, reader: Process, hint: ChangeHint): Promise<readonly ChangeHint[]> {
  const heard: ChangeHint[] = [];
  onTestFinished(reader.hints.subscribe("topic", (one) => heard.push(one)));
  writer.hints.publish("topic", hint);
  await delivered(writer, reader);
  return heard;
}

test("leaves out a state of another version of the program, and one that is large", async () => {
  const [old, one, other] = [await openProcess("0"), await openProcess(), await openProcess()];
  expect(await hearOnce(old, other, { sequence: 1, state: { shape: "old" } })).toEqual([{ sequence: 1 }]);
  expect(await hearOnce(one, other, { sequence: 2, state: "x".repeat(70_000) })).toEqual([{ sequence: 2 }]);
});

test("tells the listeners of its own process while Redis is away, says so once, and those of others when it is back", async () => {
  const [writer, reader] = [await openProcess(), await openProcess()];
  await redis.kill();
  await expect.poll(() => writer.hints.isConnected()).toBe(false);
  const heard: ChangeHint[] = [];
  writer.hints.subscribe("topic", (hint) => heard.push(hint));
  writer.hints.publish("topic", { sequence: 1 });
  expect(heard).toEqual([{ sequence: 1 }]);
  await redis.start();
  await expect.poll(() => [writer, reader].every(({ hints }) => hints.isConnected()), { timeout: 15_000 }).toBe(true);
  expect(writer.losses).toHaveLength(1);
  expect(await hearOnce(writer, reader, { sequence: 2 })).toEqual([{ sequence: 2 }]);
});

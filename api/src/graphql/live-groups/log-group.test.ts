import type { Client } from "graphql-ws";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWatch, type Watch } from "../../../test/watch.ts";
import { toLogStream } from "../../events/log-stream.ts";
import { toGenerator } from "../../events/to-generator.ts";
import { createGroupWorld, type Thing } from "./live-groups.fixture.ts";
import { createLogGroup } from "./log-group.ts";

const LINES = "subscription ($after: Int) { line(after: $after) { version text } }";

interface Message {
  readonly data?: { readonly line: Thing | null } | null;
  readonly errors?: readonly { readonly message: string }[];
}

let world: Awaited<ReturnType<typeof createGroupWorld>>;
beforeEach(async () => {
  world = await createGroupWorld();
});
afterEach(() => world.stop());

function follow(client: Client, after = 0, query = LINES): Watch<Message> {
  return createWatch<Message>((sink) =>
    client.subscribe<Message["data"]>(
      { query, variables: { after } },
      { next: (message) => sink.message(message as Message), error: sink.fail, complete: sink.complete },
    ),
  );
}

const numbers = ({ messages }: Watch<Message>): readonly number[] =>
  messages.map(({ data }) => data?.line?.version ?? -1);
const reached = (watches: readonly Watch<Message>[], version: number): Promise<unknown> =>
  Promise.all(watches.map((one) => one.until(`line ${version}`, ({ data }) => data?.line?.version === version)));
const lines = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_none, at) => from + at);

test("executes and reads a line once for all who are caught up, wherever they began", async () => {
  for (let line = 1; line <= 250; line++) world.append();
  const cursors = [0, 0, 3, 120, 249, 250, 250, 250];
  const watches = cursors.map((after) => follow(world.client(), after));
  await reached(watches.slice(0, 5), 250);
  while (world.groups.memberCount() < cursors.length) await new Promise(setImmediate);
  const { executions, logReads } = world.counts;
  for (let line = 251; line <= 260; line++) {
    world.append();
    await reached(watches, line);
  }
  expect(world.counts.executions - executions).toBe(10);
  // Each line, and that nothing follows it.
  expect(world.counts.logReads - logReads).toBe(20);
  expect(world.groups.groupCount()).toBe(1);
  for (const [at, one] of watches.entries()) expect(numbers(one)).toEqual(lines((cursors[at] ?? 0) + 1, 260));
});

test("a cursor that says more than where to begin makes a group of its own", async () => {
  world.append("one");
  world.append("two");
  const query = "subscription ($after: Int) { line(after: $after) { version text(most: $after) } }";
  const watches = [follow(world.client(), 0, query), follow(world.client(), 1, query)];
  await reached(watches, 2);
  expect(world.groups.groupCount()).toBe(2);
  expect(watches.map(({ messages }) => messages.at(-1)?.data?.line?.text)).toEqual(["", "t"]);
});

test("ends for each after its last line, and leaves nothing", async () => {
  world.append();
  const watches = [follow(world.client()), follow(world.client(), 1)];
  await reached(watches.slice(0, 1), 1);
  world.append();
  world.completeLog();
  const late = follow(world.client(), 2);
  await Promise.all([...watches, late].map(({ completed }) => completed));
  expect([...watches, late].map(numbers)).toEqual([[1, 2], [2], []]);
  expect([world.groups.groupCount(), world.listenerCount(), world.clock.pending()]).toEqual([0, 0, 0]);
});

test("goes on for the others when the first has left, and ends with the last", async () => {
  world.append();
  const [first, second] = [follow(world.client()), follow(world.client())];
  await reached([first, second], 1);
  first.stop();
  while (world.groups.memberCount() > 1) await new Promise(setImmediate);
  world.append();
  await reached([second], 2);
  second.stop();
  while (world.groups.groupCount() > 0) await new Promise(setImmediate);
  expect(world.listenerCount()).toBe(0);
  const again = follow(world.client(), 1);
  await reached([again], 2);
});

test("a log that can't be read fails for who opens it, without its cause, and not for who follows it already", async () => {
  world.append();
  const follower = follow(world.client());
  await reached([follower], 1);
  world.failing.reads = true;
  world.append();
  await expect(follow(world.client()).completed).rejects.toThrow(/Something went wrong in Slipway(?!.*S3cr3t)/);
  world.failing.reads = false;
  world.append();
  await reached([follower], 3);
  expect(numbers(follower)).toEqual([1, 2, 3]);
});

test("an error of a field reaches each, masked, with the rest of the line", async () => {
  const watches = [follow(world.client()), follow(world.client())];
  world.append("broken");
  await reached(watches, 1);
  for (const { messages } of watches) {
    expect(messages.at(-1)?.errors?.[0]?.message).toContain("Something went wrong in Slipway");
    expect(JSON.stringify(messages)).not.toContain("S3cr3t");
  }
});

test("a reader that takes nothing delays nobody, and gets every line when it wakes", async () => {
  const paused = await world.rawClient();
  paused.send({ id: "p", type: "subscribe", payload: { query: LINES } });
  world.append();
  await paused.until(({ id }) => id === "p");
  paused.socket.pause();
  const healthy = follow(world.client());
  const text = "x".repeat(8_000);
  const LAST = 1_500;
  for (let line = 2; line <= LAST; line++) {
    world.append(text);
    if (line % 10 === 0) await reached([healthy], line);
  }
  paused.socket.resume();
  await paused.until(({ payload }) => payload?.data?.["line"]?.version === LAST);
  expect(paused.messages.flatMap(({ payload }) => payload?.data?.["line"]?.version ?? [])).toEqual(lines(1, LAST));
});

test("who leaves while a line is being made for them has ended, which is nobody's error", async () => {
  const execution = Promise.withResolvers<never>();
  const executed = Promise.withResolvers<void>();
  const masked: unknown[] = [];
  const group = createLogGroup({
    execute: () => {
      executed.resolve();
      return execution.promise;
    },
    maskError: (error) => {
      masked.push(error);
      return new Error("masked");
    },
    // As the execution does when it is needed no longer.
    onEmpty: () => execution.reject(new Error("The execution has ended.")),
  });
  const lineThere = toGenerator<object>(
    async () => ({ done: false, value: {} }),
    () => undefined,
  );
  const member = group.join("1", undefined as never, toLogStream(lineThere));
  const end = member.next();
  await executed.promise;
  await member.return();
  expect(await end).toEqual({ done: true, value: undefined });
  expect(masked).toEqual([]);
});

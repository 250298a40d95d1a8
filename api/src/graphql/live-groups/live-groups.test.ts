import type { Client } from "graphql-ws";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createWatch, type Watch } from "../../../test/watch.ts";
import { createGroupWorld, type Thing } from "./live-groups.fixture.ts";

const SHARED = "subscription ($topic: String) { thing(topic: $topic) { name version text } }";
const PRIVATE = "subscription ($topic: String) { thing: privateThing(topic: $topic) { name version text } }";

let world: Awaited<ReturnType<typeof createGroupWorld>>;
beforeEach(async () => {
  world = await createGroupWorld();
  world.things.set("a", { name: "a", version: 1 });
});
afterEach(() => world.stop());

interface Message {
  readonly data?: { readonly thing: Thing | null } | null;
  readonly errors?: readonly { readonly message: string }[];
}

function watch(client: Client, query = SHARED, variables: Record<string, unknown> = {}): Watch<Message> {
  return createWatch<Message>((sink) =>
    client.subscribe<Message["data"]>(
      { query, variables },
      { next: (message) => sink.message(message as Message), error: sink.fail, complete: sink.complete },
    ),
  );
}

const versions = ({ messages }: Watch<Message>): readonly number[] =>
  messages.map(({ data }) => data?.thing?.version ?? -1);
const has = (version: number) => (message: Message) => message.data?.thing?.version === version;
const reached = (watches: readonly Watch<Message>[], version: number): Promise<unknown> =>
  Promise.all(watches.map((one) => one.until(`version ${version}`, has(version))));

test("executes a change once, however many are shown it", async () => {
  const watches = Array.from({ length: 20 }, () => watch(world.client()));
  await reached(watches, 1);
  const before = world.counts.executions;
  for (const version of [2, 3, 4]) {
    world.publish({ name: "a", version });
    await reached(watches, version);
  }
  expect(world.counts.executions - before).toBe(3);
  expect(world.groups.groupCount()).toBe(1);
  for (const one of watches) expect(versions(one)).toEqual([1, 2, 3, 4]);
});

test("gives who joins later the state now, then what follows, nothing twice and nothing older", async () => {
  const first = watch(world.client());
  await reached([first], 1);
  for (let version = 2; version < 40; version++) {
    world.publish({ name: "a", version });
    if (version % 3 === 0) watch(world.client());
  }
  const late = Array.from({ length: 5 }, () => watch(world.client()));
  world.publish({ name: "a", version: 40 });
  await reached([first, ...late], 40);
  for (const one of [first, ...late]) {
    expect(versions(one)).toEqual(versions(one).toSorted((a, b) => a - b));
    expect(new Set(versions(one)).size).toBe(one.messages.length);
  }
});

test("drops for who joins what its snapshot had before the group has passed it on", async () => {
  const first = watch(world.client());
  await reached([first], 1);
  // Stored, and its hint still on the way: the snapshot of who joins now is ahead of the group.
  world.things.set("a", { name: "a", version: 2 });
  const late = watch(world.client());
  await reached([late], 2);
  world.publish({ name: "a", version: 2 });
  world.publish({ name: "a", version: 3 });
  await reached([first, late], 3);
  expect(versions(late)).toEqual([2, 3]);
  expect(versions(first).at(-1)).toBe(3);
});

test("keeps a change that comes while who joins still reads its snapshot", async () => {
  const first = watch(world.client());
  await reached([first], 1);
  const hold = Promise.withResolvers<void>();
  world.hold.reads = hold.promise;
  const reads = world.counts.reads;
  const late = watch(world.client());
  while (world.counts.reads === reads) await new Promise(setImmediate);
  world.publish({ name: "a", version: 2 });
  await reached([first], 2);
  hold.resolve();
  await reached([late], 2);
  world.publish({ name: "a", version: 3 });
  await reached([late], 3);
  expect(versions(late)).toEqual([2, 3]);
});

test("reads and executes the state once for all who join while it is being read", async () => {
  for (let index = 0; index < 500; index++) world.things.set(`n${index}`, { name: `n${index}`, version: 1 });
  const isLast = ({ data }: Message): boolean => data?.thing?.name === "n499";
  const first = watch(world.client());
  await first.until("the last thing", isLast);
  const { reads, executions } = world.counts;
  const hold = Promise.withResolvers<void>();
  world.hold.reads = hold.promise;
  const late = Array.from({ length: 30 }, () => watch(world.client()));
  while (world.groups.memberCount() < 31) await new Promise(setImmediate);
  hold.resolve();
  await Promise.all(late.map((one) => one.until("the last thing", isLast)));
  for (const one of late) expect(one.messages).toHaveLength(501);
  // One read was under way when the second joined, and one served all the others.
  expect(world.counts.reads - reads).toBe(2);
  expect(world.counts.executions - executions).toBeLessThanOrEqual(2 * 501);
});

describe("who is shown the same", () => {
  test("another document, other variables and other rights make another group", async () => {
    const operator = world.client({ role: "Slipway.Operator" });
    const watches = [
      watch(world.client()),
      watch(world.client(), SHARED.replace("text", "")),
      watch(world.client(), SHARED, { topic: "other" }),
      watch(operator),
    ];
    await reached(watches, 1);
    expect(world.groups.groupCount()).toBe(4);
    expect(world.groups.memberCount()).toBe(4);
  });

  test("each is let in or refused for itself, whatever group runs", async () => {
    const allowed = watch(world.client({ role: "Slipway.Operator" }), SHARED, { topic: "secret" });
    await reached([allowed], 1);
    const refused = watch(world.client(), SHARED, { topic: "secret" });
    const message = await refused.first();
    expect(message.errors).toHaveLength(1);
    expect(message.data?.thing).toBeUndefined();
    await refused.completed;
    world.publish({ name: "a", version: 2 }, "secret");
    await reached([allowed], 2);
    expect(refused.messages).toHaveLength(1);
  });

  test("a field that does not say so is executed for each subscriber", async () => {
    const watches = [watch(world.client(), PRIVATE), watch(world.client(), PRIVATE)];
    await reached(watches, 1);
    expect(world.groups.groupCount()).toBe(0);
    world.publish({ name: "a", version: 2 });
    await reached(watches, 2);
    expect(world.counts.executions).toBe(4);
  });
});

describe("an end", () => {
  test("comes to every member after the last message, and nothing is left", async () => {
    const watches = Array.from({ length: 5 }, () => watch(world.client()));
    await reached(watches, 1);
    world.publish({ name: "a", version: 2, isLast: true });
    const late = watch(world.client());
    await Promise.all([...watches, late].map(({ completed }) => completed));
    for (const one of watches) expect(versions(one)).toEqual([1, 2]);
    expect(versions(late).at(-1)).toBe(2);
    expect([world.groups.groupCount(), world.listenerCount()]).toEqual([0, 0]);
  });

  test("of the first member leaves the others as they are; with the last the source is closed", async () => {
    const [first, second] = [watch(world.client()), watch(world.client())];
    await reached([first, second], 1);
    first.stop();
    world.publish({ name: "a", version: 2 });
    await reached([second], 2);
    const closing = world.client();
    const third = watch(closing);
    await reached([third], 2);
    second.stop();
    await closing.dispose();
    while (world.groups.groupCount() > 0) await new Promise(setImmediate);
    expect(world.listenerCount()).toBe(0);
    const again = watch(world.client());
    await reached([again], 2);
    expect(versions(again)).toEqual([2]);
  });

  test("by a source that fails reaches each member without its cause, and the sockets stay open", async () => {
    world.failing.reads = true;
    const client = world.client();
    const watches = [watch(client), watch(client)];
    for (const one of watches)
      await expect(one.completed).rejects.toThrow(/Something went wrong in Slipway(?!.*S3cr3t)/);
    world.failing.reads = false;
    const again = watch(client);
    await reached([again], 1);
    expect(JSON.stringify(world.logged)).toContain("error.id");
  });
});

test("an error of a field reaches each member, masked, with the rest of the data", async () => {
  const watches = [watch(world.client()), watch(world.client())];
  await reached(watches, 1);
  world.publish({ name: "a", version: 2, text: "broken" });
  await reached(watches, 2);
  for (const { messages } of watches) {
    expect(messages.at(-1)?.errors?.[0]?.message).toContain("Something went wrong in Slipway");
    expect(JSON.stringify(messages)).not.toContain("S3cr3t");
  }
});

test.each(["1", "ä-ü 漢字 🚀", 'with "quotes" and \\', "x".repeat(200)])(
  "knows an operation by its id: %s",
  async (id) => {
    const one = watch(world.client({ generateID: () => id }));
    await reached([one], 1);
    expect(versions(one)).toEqual([1]);
  },
);

test.each([0, 20, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 65_400, 65_450, 65_500, 200_000])(
  "frames a text of %d characters whole, beside one that is not plain",
  async (length) => {
    const text = `${"x".repeat(length)}é漢🚀`;
    const one = watch(world.client({ generateID: () => "1" }));
    await reached([one], 1);
    world.publish({ name: "a", version: 2, text });
    world.publish({ name: "b", version: 1, text });
    const message = await one.until("b", ({ data }) => data?.thing?.name === "b");
    expect(message.data?.thing?.text).toBe(text);
  },
);

test("a reader that takes nothing delays nobody, costs a bounded memory and gets the newest state when it wakes", async () => {
  const paused = await world.rawClient();
  paused.send({ id: "p", type: "subscribe", payload: { query: SHARED } });
  await paused.until(({ id }) => id === "p");
  paused.socket.pause();
  const healthy = watch(world.client());
  await reached([healthy], 1);
  const text = "x".repeat(8_000);
  const LAST = 3_000;
  for (let version = 2; version <= LAST; version++) {
    world.publish({ name: "a", version, text });
    if (version % 10 === 0) await reached([healthy], version);
  }
  paused.socket.resume();
  await paused.until(({ payload }) => payload?.data?.["thing"]?.version === LAST);
  const seen = paused.messages.flatMap(({ payload }) => payload?.data?.["thing"]?.version ?? []);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  // What the kernel and its queue held, then the newest: far less than there was.
  expect(seen.length).toBeLessThan(LAST / 2);
});

import { expect, test } from "vitest";
import { createRandom } from "../shared/seeded-random.fixture.ts";
import { createLiveState, type StateSource } from "./live-state.ts";
import { collect, createLiveWorld, POLL_MS } from "./live-world.fixture.ts";

interface Row {
  readonly id: string;
  readonly version: number;
  readonly done?: boolean;
}

/** A topic whose reads the test can hold, fail and count. */
function openTopic() {
  const world = createLiveWorld();
  const live = createLiveState(world.deps);
  const rows = new Map<string, Row>();
  const state = { reads: 0, failure: undefined as Error | undefined, holds: [] as (() => void)[], isHolding: false };
  const source: StateSource<Row> = {
    topic: "topic",
    async read() {
      state.reads++;
      if (state.failure) throw state.failure;
      const stored = [...rows.values()];
      if (state.isHolding) await new Promise<void>((resolve) => state.holds.push(resolve));
      return stored;
    },
    keyOf: (row) => row.id,
    versionOf: (row) => row.version,
    isLast: (row) => row.done === true,
  };
  const store = (row: Row): void => void rows.set(row.id, row);
  const tell = (row: Row, withState: boolean): void =>
    world.hints.publish("topic", withState ? { sequence: row.version, state: row } : { sequence: row.version });
  const change = (row: Row, withState = true): void => {
    store(row);
    tell(row, withState);
  };
  const expectNothingLeft = (): void => {
    expect([live.readerCount(), world.listenerCount(), world.clock.pending()]).toEqual([0, 0, 0]);
  };
  return { ...world, live, rows, state, source, store, tell, change, expectNothingLeft };
}

const row = (version: number, id = "a"): Row => ({ id, version });
const done = (version: number): Row => ({ id: "a", version, done: true });

test("gives what is stored, then each change, and ends after the last record", async () => {
  const { live, source, change, store, clock, expectNothingLeft } = openTopic();
  store(row(3));
  const { items, ended } = collect(live.stream(source));
  await clock.advance(0);
  change(row(4));
  await clock.advance(0);
  change(row(5), false);
  await clock.advance(0);
  change(done(6));
  await ended;
  expect(items).toEqual([row(3), row(4), row(5), done(6)]);
  expectNothingLeft();
});

test("ends at once when the record is its last already", async () => {
  const { live, source, store, expectNothingLeft } = openTopic();
  store(done(9));
  const { items, ended } = collect(live.stream(source));
  await ended;
  expect(items).toEqual([done(9)]);
  expectNothingLeft();
});

test.each([true, false])(
  "overlooks no change that is stored while the first read is under way (hint with state: %s)",
  async (withState) => {
    const { live, source, store, change, state, clock } = openTopic();
    store(row(1));
    state.isHolding = true;
    const { items } = collect(live.stream(source));
    await clock.advance(0);
    state.isHolding = false;
    change(row(2), withState);
    await clock.advance(0);
    for (const release of state.holds) release();
    await clock.advance(0);
    expect(items).toEqual([row(2)]);
  },
);

test("drops a read and a hint that are older than what was given", async () => {
  const { live, source, store, change, tell, state, clock } = openTopic();
  store(row(1));
  const { items } = collect(live.stream(source));
  await clock.advance(0);
  state.isHolding = true;
  await clock.advance(POLL_MS);
  change(row(3));
  await clock.advance(0);
  for (const release of state.holds) release();
  await clock.advance(0);
  tell(row(2), true);
  await clock.advance(0);
  expect(items).toEqual([row(1), row(3)]);
});

test("makes a lost hint good by its next poll", async () => {
  const { live, source, store, clock } = openTopic();
  store(row(1));
  const { items } = collect(live.stream(source));
  await clock.advance(0);
  store(row(2));
  await clock.advance(POLL_MS - 1);
  expect(items).toEqual([row(1)]);
  await clock.advance(1);
  expect(items).toEqual([row(1), row(2)]);
});

test("waits for a record that isn't there yet", async () => {
  const { live, source, change, clock } = openTopic();
  const { items } = collect(live.stream(source));
  await clock.advance(10 * POLL_MS);
  change(row(1));
  await clock.advance(0);
  expect(items).toEqual([row(1)]);
});

test("reads the store once a poll for 50 readers, and once for a burst of hints during a read", async () => {
  const { live, source, store, tell, state, clock } = openTopic();
  store(row(1));
  const streams = Array.from({ length: 50 }, () => collect(live.stream(source)));
  await clock.advance(0);
  state.reads = 0;
  await clock.advance(10 * POLL_MS);
  expect(state.reads).toBe(10);
  state.reads = 0;
  store(row(2));
  for (let i = 0; i < 100; i++) tell(row(2), false);
  await clock.advance(0);
  expect(state.reads).toBe(2);
  for (const { items } of streams) expect(items).toEqual([row(1), row(2)]);
});

test("gives a slow reader the newest of each record only, the latest change last", async () => {
  const { live, source, store, change, clock } = openTopic();
  store(row(1, "a"));
  store(row(1, "b"));
  const stream = live.stream(source);
  expect((await stream.next()).value).toEqual(row(1, "a"));
  for (let version = 2; version <= 1_000; version++) change(row(version, "a"));
  for (let version = 2; version <= 1_000; version++) change(row(version, "b"));
  const { items } = collect(stream);
  await clock.advance(0);
  expect(items).toEqual([row(1_000, "a"), row(1_000, "b")]);
});

test.each(["waits", "reads its snapshot", "has never been read"])(
  "frees everything at once when it is returned while it %s",
  async (moment) => {
    const { live, source, store, state, clock, expectNothingLeft } = openTopic();
    if (moment !== "waits") store(row(1));
    state.isHolding = moment === "reads its snapshot";
    const stream = live.stream(source);
    const next = moment === "has never been read" ? { done: true, value: undefined } : stream.next();
    await clock.advance(0);
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expectNothingLeft();
    for (const release of state.holds) release();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await clock.advance(10 * POLL_MS);
    expectNothingLeft();
  },
);

test("keeps the topic for the readers that stay, and opens it anew for one that joins after all have left", async () => {
  const { live, source, store, change, clock, expectNothingLeft } = openTopic();
  store(row(1));
  const leaving = live.stream(source);
  await leaving.next();
  const staying = live.stream(source);
  await staying.next();
  await leaving.return();
  await leaving.return();
  expect(live.readerCount()).toBe(1);
  change(row(2));
  expect((await staying.next()).value).toEqual(row(2));
  await staying.return();
  expectNothingLeft();
  const { items } = collect(live.stream(source));
  change(row(3));
  await clock.advance(0);
  expect(items.at(-1)).toEqual(row(3));
});

test("a reader that joins while the last one leaves misses nothing", async () => {
  const { live, source, store, change, state, clock } = openTopic();
  store(row(1));
  const leaving = live.stream(source);
  await leaving.next();
  state.isHolding = true;
  // A poll of the old topic is under way when the new one opens.
  await clock.advance(POLL_MS);
  const leave = leaving.return();
  const { items } = collect(live.stream(source));
  await leave;
  state.isHolding = false;
  change(row(2), false);
  await clock.advance(0);
  for (const release of state.holds) release();
  await clock.advance(0);
  expect(items).toEqual([row(2)]);
  change(row(3));
  await clock.advance(0);
  expect(items).toEqual([row(2), row(3)]);
});

test("rejects when its first read fails, and leaves nothing open", async () => {
  const { live, source, state, expectNothingLeft } = openTopic();
  state.failure = new Error("out");
  const stream = live.stream(source);
  await expect(stream.next()).rejects.toThrow("out");
  expectNothingLeft();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("reports later failures of the store and goes on when it is back", async () => {
  const { live, source, store, change, state, errors, clock } = openTopic();
  store(row(1));
  const { items } = collect(live.stream(source));
  await clock.advance(0);
  state.failure = new Error("out");
  change(row(2), false);
  await clock.advance(2 * POLL_MS);
  expect(errors).toEqual([state.failure, state.failure, state.failure]);
  state.failure = undefined;
  await clock.advance(POLL_MS);
  expect(items).toEqual([row(1), row(2)]);
});

test("reads again after a read that failed, also when the mark has not moved since", async () => {
  const { live, source, store, state, clock } = openTopic();
  store(row(1));
  let mark = 1;
  const { items } = collect(live.stream({ ...source, changeMark: async () => mark }));
  await clock.advance(POLL_MS);
  state.failure = new Error("out");
  // The hint of this change is lost.
  store(row(2));
  mark = 2;
  await clock.advance(POLL_MS);
  state.failure = undefined;
  state.reads = 0;
  await clock.advance(3 * POLL_MS);
  expect(items).toEqual([row(1), row(2)]);
  expect(state.reads).toBe(1);
});

test("answers several next() at once in their order", async () => {
  const { live, source, store, change, clock } = openTopic();
  store(row(1));
  const stream = live.stream(source);
  const results = [stream.next(), stream.next(), stream.next()];
  await clock.advance(0);
  change(row(2));
  await clock.advance(0);
  change(row(3));
  expect(await Promise.all(results)).toEqual([1, 2, 3].map((version) => ({ done: false, value: row(version) })));
});

test("forgets a record that is gone, so that one of the same key is new again", async () => {
  const { live, source, rows, store, change, clock } = openTopic();
  store(row(7, "a"));
  store(row(1, "b"));
  const { items } = collect(live.stream(source));
  await clock.advance(0);
  rows.delete("a");
  await clock.advance(3 * POLL_MS);
  change(row(1, "a"));
  await clock.advance(3 * POLL_MS);
  expect(items).toEqual([row(7, "a"), row(1, "b"), row(1, "a")]);
});

test("gives a record once that was made while a read was under way which didn't have it", async () => {
  const { live, source, change, state, clock } = openTopic();
  const { items } = collect(live.stream(source));
  await clock.advance(0);
  state.isHolding = true;
  await clock.advance(POLL_MS);
  change(row(1));
  state.isHolding = false;
  for (const release of state.holds) release();
  await clock.advance(10 * POLL_MS);
  expect(items).toEqual([row(1)]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "gives no version twice, none backwards and the last one always, however reads, hints and readers interleave (seed %i)",
  async (seed) => {
    const random = createRandom(seed);
    const { live, source, store, tell, state, clock, expectNothingLeft } = openTopic();
    const versions = { a: 0, b: 0, c: 0 };
    const readers: { items: Row[]; stream: AsyncGenerator<Row, void, undefined>; hasLeft: boolean }[] = [];
    const join = (): void => {
      const stream = live.stream(source);
      readers.push({ items: collect(stream).items, stream, hasLeft: false });
    };
    const leave = async (reader: (typeof readers)[number]): Promise<void> => {
      reader.hasLeft = true;
      await reader.stream.return();
    };
    for (let turn = 0; turn < 300; turn++) {
      const dice = random();
      const id = (["a", "b", "c"] as const)[Math.floor(random() * 3)] ?? "a";
      if (dice < 0.35) {
        const changed = row(++versions[id], id);
        store(changed);
        // A third of the hints is lost, a third comes without its state, some come twice.
        const luck = random();
        if (luck < 0.66) tell(changed, luck < 0.33);
        if (luck < 0.1) tell(changed, true);
      } else if (dice < 0.45 && readers.length < 12) join();
      else if (dice < 0.5) {
        const reader = readers[Math.floor(random() * readers.length)];
        if (reader) await leave(reader);
      } else if (dice < 0.6) state.isHolding = !state.isHolding;
      else if (dice < 0.8) state.holds.splice(Math.floor(random() * state.holds.length), 1)[0]?.();
      else await clock.advance(Math.floor(random() * POLL_MS));
    }
    join();
    state.isHolding = false;
    for (const release of state.holds.splice(0)) release();
    await clock.advance(2 * POLL_MS);

    expect(live.readerCount()).toBe(readers.filter((reader) => !reader.hasLeft).length);
    for (const { items, hasLeft } of readers) {
      for (const [id, version] of Object.entries(versions)) {
        const given = items.filter((item) => item.id === id).map((item) => item.version);
        expect(given).toEqual([...new Set(given)].sort((x, y) => x - y));
        expect(hasLeft || given.at(-1) === version).toBe(true);
      }
    }
    for (const reader of readers) await leave(reader);
    expectNothingLeft();
  },
);

test("says when a change was told of, when it may have happened if nobody told, and nothing of what was there before", async () => {
  const { live, source, change, store, clock } = openTopic();
  store(row(1));
  const stream = live.stream(source);
  const next = async () => stream.toldMs((await stream.next()).value as Row);
  expect(await next()).toBeUndefined();
  await clock.advance(70);
  const toldMs = clock.monotonicMs();
  change(row(2));
  await clock.advance(30);
  expect(await next()).toBe(toldMs);
  change(row(3), false);
  expect(await next()).toBe(toldMs + 30);
  await clock.advance(POLL_MS);
  const polledMs = clock.monotonicMs() - (clock.monotonicMs() % POLL_MS);
  store(row(4));
  await clock.advance(POLL_MS);
  expect(await next()).toBe(polledMs);
  await stream.return();
});

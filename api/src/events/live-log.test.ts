import { expect, test } from "vitest";
import { createRandom } from "../shared/seeded-random.fixture.ts";
import { createLiveLog, type LogSource } from "./live-log.ts";
import { collect, createLiveWorld, POLL_MS } from "./live-world.fixture.ts";

/** A log of numbered lines, three a page, whose reads the test can hold, fail and count. */
function openLog() {
  const world = createLiveWorld();
  const live = createLiveLog(world.deps);
  const state = {
    last: 0,
    complete: false,
    reads: 0,
    failure: undefined as Error | undefined,
    holds: [] as (() => void)[],
    isHolding: false,
  };
  const source: LogSource<number> = {
    topic: "log",
    async readAfter(sequence) {
      state.reads++;
      if (state.failure) throw state.failure;
      const entries = lines(sequence + 1, Math.min(sequence + 3, state.last));
      const complete = state.complete && sequence + 3 >= state.last;
      if (state.isHolding) await new Promise<void>((resolve) => state.holds.push(resolve));
      return { entries, complete };
    },
    sequenceOf: (entry) => entry,
  };
  const tell = (): void => world.hints.publish("log", { sequence: state.last });
  const append = (count: number): void => {
    state.last += count;
    tell();
  };
  const release = (): void => {
    for (const hold of state.holds.splice(0)) hold();
  };
  const expectNothingLeft = (): void => expect([world.listenerCount(), world.clock.pending()]).toEqual([0, 0]);
  return { ...world, live, state, source, tell, append, release, expectNothingLeft };
}

function lines(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

test.each([0, 1, 3, 4, 9, 10])(
  "gives every entry after %i once, in order, over all pages, then what is new",
  async (cursor) => {
    const { live, source, state, append, clock } = openLog();
    state.last = 10;
    const { items } = collect(live.stream(source, cursor));
    await clock.advance(0);
    expect(items).toEqual(lines(cursor + 1, 10));
    append(5);
    await clock.advance(0);
    expect(items).toEqual(lines(cursor + 1, 15));
  },
);

test.each([0, 3, 5, 6, 7])("ends after the last entry of a complete log when it begins after %i", async (cursor) => {
  const { live, source, state, expectNothingLeft } = openLog();
  state.last = 7;
  state.complete = true;
  const { items, ended } = collect(live.stream(source, cursor));
  await ended;
  expect(items).toEqual(lines(cursor + 1, 7));
  expectNothingLeft();
});

test("ends when a waiting log is completed, with or without more entries, told or not", async () => {
  const { live, source, state, append, clock, expectNothingLeft } = openLog();
  state.last = 2;
  const { items, ended } = collect(live.stream(source, 0));
  await clock.advance(0);
  append(1);
  await clock.advance(0);
  state.complete = true;
  await clock.advance(POLL_MS);
  await ended;
  expect(items).toEqual([1, 2, 3]);
  expectNothingLeft();
});

test("overlooks no entry that is written while a read is under way", async () => {
  const { live, source, state, append, release, clock } = openLog();
  state.isHolding = true;
  const { items } = collect(live.stream(source, 0));
  await clock.advance(0);
  append(2);
  state.isHolding = false;
  release();
  await clock.advance(0);
  expect(items).toEqual([1, 2]);
});

test("makes a lost hint good by its next poll", async () => {
  const { live, source, state, clock } = openLog();
  const { items } = collect(live.stream(source, 0));
  await clock.advance(0);
  state.last = 2;
  await clock.advance(POLL_MS - 1);
  expect(items).toEqual([]);
  await clock.advance(1);
  expect(items).toEqual([1, 2]);
});

test("reads one page ahead of a slow reader and no more, whatever is written", async () => {
  const { live, source, state, append, clock } = openLog();
  state.last = 3;
  const stream = live.stream(source, 0);
  expect((await stream.next()).value).toBe(1);
  for (let i = 0; i < 1_000; i++) append(3);
  await clock.advance(10 * POLL_MS);
  expect(state.reads).toBe(1);
  const { items } = collect(stream);
  await clock.advance(0);
  expect(items).toEqual(lines(2, 3_003));
});

test("reads a page once for all who are at the same cursor, however many they are", async () => {
  const { live, source, state, append, clock } = openLog();
  const readers = Array.from({ length: 50 }, () => collect(live.stream(source, 0)));
  await clock.advance(0);
  expect(state.reads).toBe(1);
  append(2);
  await clock.advance(0);
  // The page, and that nothing follows it.
  expect(state.reads).toBe(3);
  await clock.advance(POLL_MS);
  expect(state.reads).toBe(4);
  for (const { items } of readers) expect(items).toEqual([1, 2]);
});

test("joins no read that began before an entry of which it was told", async () => {
  const { live, source, state, append, release, clock } = openLog();
  state.isHolding = true;
  const first = live.stream(source, 0);
  const firstNext = first.next();
  await clock.advance(0);
  append(1);
  await clock.advance(0);
  state.isHolding = false;
  const { items } = collect(live.stream(source, 0));
  await clock.advance(0);
  expect(items).toEqual([1]);
  release();
  expect((await firstNext).value).toBe(1);
  await first.return();
});

test("reports a failure once, however many wait", async () => {
  const { live, source, state, append, errors, clock } = openLog();
  for (let reader = 0; reader < 10; reader++) collect(live.stream(source, 0));
  await clock.advance(0);
  state.failure = new Error("out");
  append(1);
  await clock.advance(0);
  expect(errors).toEqual([state.failure]);
});

test.each(["waits", "reads", "has never been read"])(
  "frees everything at once when it is returned while it %s",
  async (moment) => {
    const { live, source, state, release, clock, expectNothingLeft } = openLog();
    state.isHolding = moment === "reads";
    const stream = live.stream(source, 0);
    const next = moment === "has never been read" ? { done: true, value: undefined } : stream.next();
    await clock.advance(0);
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    release();
    expect(await next).toEqual({ done: true, value: undefined });
    expectNothingLeft();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await clock.advance(10 * POLL_MS);
    expectNothingLeft();
  },
);

test("rejects when its first read fails, and leaves nothing open", async () => {
  const { live, source, state, errors, expectNothingLeft } = openLog();
  state.failure = new Error("out");
  const stream = live.stream(source, 0);
  await expect(stream.next()).rejects.toThrow("out");
  expectNothingLeft();
  expect(errors).toEqual([]);
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("reports later failures of the store and goes on where it was when it is back", async () => {
  const { live, source, state, append, errors, clock } = openLog();
  state.last = 2;
  const { items } = collect(live.stream(source, 0));
  await clock.advance(0);
  state.failure = new Error("out");
  append(1);
  await clock.advance(2 * POLL_MS);
  expect(errors).toEqual([state.failure, state.failure, state.failure]);
  state.failure = undefined;
  await clock.advance(POLL_MS);
  expect(items).toEqual([1, 2, 3]);
});

test("answers several next() at once with one entry each, in order", async () => {
  const { live, source, append, clock } = openLog();
  const stream = live.stream(source, 0);
  const results = [stream.next(), stream.next(), stream.next()];
  await clock.advance(0);
  append(3);
  expect(await Promise.all(results)).toEqual([1, 2, 3].map((value) => ({ done: false, value })));
});

test.each([1, 2, 3, 4, 5, 6])(
  "gives every entry once and in order, and ends, however writes, lost hints and reads interleave (seed %i)",
  async (seed) => {
    const random = createRandom(seed);
    const { live, source, state, tell, release, clock, expectNothingLeft } = openLog();
    const readers: { cursor: number; items: number[]; ended: Promise<void> }[] = [];
    for (let turn = 0; turn < 200; turn++) {
      const dice = random();
      if (dice < 0.4) {
        state.last += Math.floor(random() * 5);
        if (random() < 0.6) tell();
      } else if (dice < 0.5 && readers.length < 10) {
        const cursor = Math.floor(random() * (state.last + 1));
        readers.push({ cursor, ...collect(live.stream(source, cursor)) });
      } else if (dice < 0.6) state.isHolding = !state.isHolding;
      else if (dice < 0.8) release();
      else await clock.advance(Math.floor(random() * POLL_MS));
    }
    state.complete = true;
    state.isHolding = false;
    release();
    await clock.advance(2 * POLL_MS);
    for (const { cursor, items, ended } of readers) {
      await ended;
      expect(items).toEqual(lines(cursor + 1, state.last));
    }
    expectNothingLeft();
  },
);

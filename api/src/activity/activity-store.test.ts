import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL_VIEWER } from "../auth/viewer.ts";
import { StoreUnavailableError, type EntityStore, type EntityTable } from "../storage/entity-store.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import type { ActivityAction } from "./activity-action.ts";
import { createActivityStore, type ActivityStore } from "./activity-store.ts";
import { newIntent, type ActivityEnding, type ActivityIntent } from "./activity.ts";

let entities: EntityStore;
let store: ActivityStore;

beforeEach(() => {
  entities = createSqliteEntityStore();
  store = createActivityStore(entities);
});
afterEach(() => entities.close());

const ACCEPTED: ActivityEnding = { outcome: "ACCEPTED", started: [] };
let ids = 0;

function intent(changes: { action?: ActivityAction; target?: string; within?: string; viewer?: string } = {}) {
  const { action = "STOP_CLUSTER", target = "shop", within, viewer = "ada" } = changes;
  const who = { id: viewer, name: viewer.toUpperCase(), roles: [] };
  const to = { id: target, name: target, ...(within === undefined ? {} : { withinId: within }) };
  return newIntent(`intent-${++ids}`, who, action, to, ids);
}

async function record(of: ActivityIntent, ending = ACCEPTED): Promise<void> {
  await store.intend(of);
  expect(await store.settle(of, ending)).toBe(true);
}

const sequences = (entries: readonly { readonly sequence: number }[]): number[] => entries.map((one) => one.sequence);

test("entries are numbered without a gap and read in order after any of them", async () => {
  for (let count = 0; count < 7; count++) await record(intent());
  expect(await store.readNewestSequence()).toBe(7);
  expect(sequences(await store.readAfter(0, 100))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(sequences(await store.readAfter(2, 3))).toEqual([3, 4, 5]);
  expect(await store.readAfter(7, 100)).toEqual([]);
  expect(await store.readAfter(1_000, 100)).toEqual([]);
});

test("20 at once, by several instances, have 20 numbers", async () => {
  const others = [store, createActivityStore(entities), createActivityStore(entities)];
  const intents = Array.from({ length: 20 }, () => intent());
  await Promise.all(intents.map((one) => store.intend(one)));
  await Promise.all(intents.map((one, index) => (others[index % 3] ?? store).settle(one, ACCEPTED)));
  expect(sequences(await store.readAfter(0, 100))).toEqual(Array.from({ length: 20 }, (_none, index) => index + 1));
});

test("an intent becomes one entry, however often it is settled", async () => {
  const asked = intent();
  await store.intend(asked);
  expect(await store.listIntents(10)).toEqual([asked]);
  const settled = await Promise.all([store.settle(asked, ACCEPTED), store.settle(asked, ACCEPTED)]);
  expect(settled.filter(Boolean)).toHaveLength(1);
  expect(await store.settle(asked, ACCEPTED)).toBe(false);
  expect(sequences(await store.readAfter(0, 100))).toEqual([1]);
  expect(await store.listIntents(10)).toEqual([]);
});

test("an intent that is forgotten leaves nothing", async () => {
  const asked = intent();
  await store.intend(asked);
  await store.forget(asked.id);
  await store.forget(asked.id);
  expect(await store.settle(asked, ACCEPTED)).toBe(false);
  expect(await store.listIntents(10)).toEqual([]);
  expect(await store.readNewestSequence()).toBe(0);
});

test("a settlement whose reply got lost is not told twice", async () => {
  const asked = intent();
  await store.intend(asked);
  const forgetful = createActivityStore(losingReplies(entities));
  await expect(forgetful.settle(asked, ACCEPTED)).rejects.toThrow(StoreUnavailableError);
  expect(await store.settle(asked, ACCEPTED)).toBe(false);
  expect(sequences(await store.readAfter(0, 100))).toEqual([1]);
});

describe("lists", () => {
  beforeEach(async () => {
    await record(intent({ action: "STOP_CLUSTER", target: "shop", viewer: "ada" }));
    await record(intent({ action: "START_PROVISION", target: "data", viewer: "bob" }), {
      outcome: "ACCEPTED",
      started: ["provision-1"],
    });
    await record(intent({ action: "CANCEL_PROVISION", target: "provision-1", within: "data", viewer: "ada" }));
    await record(intent({ action: "STOP_CLUSTER", target: "data", viewer: "bob" }));
  });

  test.each([
    ["everything", {}, [4, 3, 2, 1]],
    ["an action", { action: "STOP_CLUSTER" }, [4, 1]],
    ["a viewer", { viewerId: "ada" }, [3, 1]],
    ["a thing, with its parts", { aboutId: "data" }, [4, 3, 2]],
    ["what began a thing and what was done to it", { aboutId: "provision-1" }, [3, 2]],
    ["a thing and an action", { aboutId: "data", action: "STOP_CLUSTER" }, [4]],
    ["a viewer and an action", { viewerId: "bob", action: "START_PROVISION" }, [2]],
    ["a thing that nobody touched", { aboutId: "nothing" }, []],
  ] as const)("newest first: %s", async (_what, filter, expected) => {
    expect(sequences((await store.list(filter, { limit: 10 })).entries)).toEqual(expected);
  });

  test.each([{}, { viewerId: "ada" }, { aboutId: "data" }, { aboutId: "data", viewerId: "bob" }] as const)(
    "page by page is the same as at once (%o)",
    async (filter) => {
      const whole = (await store.list(filter, { limit: 100 })).entries;
      const paged: number[] = [];
      let after: number | undefined;
      for (let hasNextPage = true; hasNextPage;) {
        const page = await store.list(filter, { limit: 1, after });
        paged.push(...sequences(page.entries));
        ({ hasNextPage, endCursor: after } = page);
      }
      expect(paged).toEqual(sequences(whole));
    },
  );

  test("an entry that comes while one pages moves nothing", async () => {
    const first = await store.list({}, { limit: 2 });
    await record(intent());
    expect(sequences((await store.list({}, { limit: 2, after: first.endCursor })).entries)).toEqual([2, 1]);
  });
});

test("what a client sends as names, ids and messages stays small", async () => {
  const asked = intent({ target: "x".repeat(100_000), within: "y".repeat(100_000) });
  await record(asked, { outcome: "REFUSED", code: "FORBIDDEN", message: "z".repeat(100_000), started: [] });
  expect(JSON.stringify(await store.read(1)).length).toBeLessThan(6_000);
});

/** A store whose transactions take effect and are then said to have failed. */
function losingReplies(inner: EntityStore): EntityStore {
  return {
    ...inner,
    table(name): EntityTable {
      const table = inner.table(name);
      return {
        ...table,
        async transact(partitionKey, changes) {
          await table.transact(partitionKey, changes);
          throw new StoreUnavailableError("The reply got lost.");
        },
      };
    },
  };
}

describe("forgetting", () => {
  test("takes the oldest entries with their index rows, and readers go on with what is left", async () => {
    for (let n = 0; n < 5; n++) {
      const intent = newIntent(`old-${n}`, LOCAL_VIEWER, "STOP_CLUSTER", { id: "shop", name: "shop" }, n * 1000);
      await store.intend(intent);
      await store.settle(intent, { outcome: "ACCEPTED", started: [] });
    }
    expect(await store.forgetBefore(3000, 2)).toBe(2);
    expect(await store.forgetBefore(3000, 10)).toBe(1);
    expect((await store.readAfter(0, 1)).map(({ sequence }) => sequence)).toEqual([4]);
    for (const filter of [{}, { action: "STOP_CLUSTER" as const }, { aboutId: "shop" }]) {
      const page = await store.list(filter, { limit: 10 });
      expect(page.entries.map(({ sequence }) => sequence)).toEqual([5, 4]);
    }
    const { entities: rows } = await entities.table("activity").list({ partitionKey: "activity" });
    expect(rows.filter(({ rowKey }) => rowKey.startsWith("about:"))).toHaveLength(2);
  });
});

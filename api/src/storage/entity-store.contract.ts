import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EntityChangedError, EntityExistsError, EntityLimitError, EntityNotFoundError } from "./entity-store.ts";
import type {
  Entity,
  EntityChange,
  EntityPage,
  EntityProperties,
  EntityRange,
  EntityStore,
  EntityTable,
} from "./entity-store.ts";

export interface EntityStoreUnderTest {
  readonly store: EntityStore;
  /** Another instance over the same data; `store` may be closed for it. Undefined for data that can't be opened twice. */
  readonly reopen?: () => Promise<EntityStore>;
  /** Ends everything that was opened and removes the data. */
  readonly cleanUp: () => Promise<void>;
}

/** What every adapter of `EntityStore` guarantees. Each test has a table of its own in one store. */
export function describeEntityStore(name: string, open: () => Promise<EntityStoreUnderTest>): void {
  describe(`${name} as an entity store`, () => {
    let opened: EntityStoreUnderTest;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.cleanUp());

    const freshTable = (): EntityTable => opened.store.table(freshTableName());

    describe("single writes", () => {
      it("gives back what was inserted, with the etag the insert returned", async () => {
        const table = freshTable();
        const etag = await table.insert(entity("p", "r", { n: 1 }));
        expect(await table.get({ partitionKey: "p", rowKey: "r" })).toEqual({
          partitionKey: "p",
          rowKey: "r",
          etag,
          properties: { n: 1 },
        });
      });

      it("answers undefined for an entity that is not there", async () => {
        expect(await freshTable().get({ partitionKey: "p", rowKey: "r" })).toBeUndefined();
      });

      it("refuses to insert over an entity and leaves it as it was", async () => {
        const table = freshTable();
        const etag = await table.insert(entity("p", "r", { n: 1 }));
        const refused = await failure(table.insert(entity("p", "r", { n: 2 })));
        expect(refused).toBeInstanceOf(EntityExistsError);
        expect(refused).toMatchObject({ code: "ENTITY_EXISTS", key: { partitionKey: "p", rowKey: "r" } });
        expect(await table.get({ partitionKey: "p", rowKey: "r" })).toMatchObject({ etag, properties: { n: 1 } });
      });

      it("replaces all properties when the etag is the stored one", async () => {
        const table = freshTable();
        const first = await table.insert(entity("p", "r", { n: 1, gone: "x" }));
        const second = await table.replace(entity("p", "r", { n: 2 }), first);
        expect(second).not.toBe(first);
        expect(await table.get({ partitionKey: "p", rowKey: "r" })).toMatchObject({
          etag: second,
          properties: { n: 2 },
        });
        expect((await table.get({ partitionKey: "p", rowKey: "r" }))?.properties).not.toHaveProperty("gone");
      });

      it("refuses to replace with an older etag, and with the etag of a deleted predecessor", async () => {
        const table = freshTable();
        const first = await table.insert(entity("p", "r", { n: 1 }));
        const second = await table.replace(entity("p", "r", { n: 2 }), first);
        expect(await failure(table.replace(entity("p", "r", { n: 3 }), first))).toBeInstanceOf(EntityChangedError);
        await table.delete({ partitionKey: "p", rowKey: "r" }, second);
        await table.insert(entity("p", "r", { n: 4 }));
        const refused = await failure(table.replace(entity("p", "r", { n: 5 }), second));
        expect(refused).toMatchObject({ code: "ENTITY_CHANGED", key: { partitionKey: "p", rowKey: "r" } });
        expect((await table.get({ partitionKey: "p", rowKey: "r" }))?.properties).toEqual({ n: 4 });
      });

      it("refuses to replace what is not there", async () => {
        const table = freshTable();
        const etag = await table.insert(entity("p", "other", {}));
        const refused = await failure(table.replace(entity("p", "r", {}), etag));
        expect(refused).toBeInstanceOf(EntityNotFoundError);
        expect(refused).toMatchObject({ code: "ENTITY_NOT_FOUND", key: { partitionKey: "p", rowKey: "r" } });
      });

      it("upserts whether or not the entity is there, with a new etag each time", async () => {
        const table = freshTable();
        const first = await table.upsert(entity("p", "r", { n: 1, gone: true }));
        const second = await table.upsert(entity("p", "r", { n: 1 }));
        expect(second).not.toBe(first);
        expect((await table.get({ partitionKey: "p", rowKey: "r" }))?.properties).toEqual({ n: 1 });
      });

      it("deletes with the stored etag or without one, and refuses a stale etag and a missing entity", async () => {
        const table = freshTable();
        const key = { partitionKey: "p", rowKey: "r" };
        const first = await table.insert(entity("p", "r", { n: 1 }));
        const second = await table.replace(entity("p", "r", { n: 2 }), first);
        expect(await failure(table.delete(key, first))).toBeInstanceOf(EntityChangedError);
        await table.delete(key, second);
        expect(await table.get(key)).toBeUndefined();
        expect(await failure(table.delete(key))).toBeInstanceOf(EntityNotFoundError);
        expect(await failure(table.delete(key, second))).toBeInstanceOf(EntityNotFoundError);
        await table.insert(entity("p", "r", {}));
        await table.delete(key);
        expect(await table.get(key)).toBeUndefined();
      });
    });

    describe("values", () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      it.each<[string, EntityProperties]>([
        ["strings", { empty: "", umlaut: "Zürich", quote: 'it\'s "quoted"', emoji: "🚀", lines: "a\r\nb\tc" }],
        [
          "integers",
          { zero: 0, max: 2147483647, min: -2147483648, beyondInt32: 2147483648, safe: Number.MAX_SAFE_INTEGER },
        ],
        ["doubles", { half: 0.5, tiny: 5e-324, huge: 1.7976931348623157e308, pi: Math.PI }],
        ["numbers that are none", { nan: NaN, plus: Infinity, minus: -Infinity }],
        ["booleans", { yes: true, no: false }],
        [
          "64-bit integers",
          { small: 1n, max: 9223372036854775807n, min: -9223372036854775808n, beyondDouble: 9007199254740993n },
        ],
        [
          "times to the millisecond",
          {
            now: new Date("2026-02-28T23:59:59.987Z"),
            epoch: new Date(0),
            early: new Date("1601-01-01T00:00:00.000Z"),
          },
        ],
        ["bytes", { all: bytes, none: new Uint8Array(0) }],
        ["a text that looks like another type", { tagged: '{"i":"1"}', number: "1", date: "2026-01-01T00:00:00.000Z" }],
      ])("round trip: %s", async (_, properties) => {
        const table = freshTable();
        await table.insert(entity("p", "r", properties));
        expect((await table.get({ partitionKey: "p", rowKey: "r" }))?.properties).toEqual(properties);
        expect((await table.list({ partitionKey: "p" })).entities[0]?.properties).toEqual(properties);
      });

      it("drops undefined properties", async () => {
        const table = freshTable();
        await table.insert(entity("p", "r", { kept: 1, dropped: undefined }));
        expect(Object.keys((await table.get({ partitionKey: "p", rowKey: "r" }))?.properties ?? {})).toEqual(["kept"]);
      });

      it("does not share memory with what was passed in or given out", async () => {
        const table = freshTable();
        const mine = new Uint8Array([1, 2, 3]);
        await table.insert(entity("p", "r", { mine }));
        mine[0] = 9;
        const first = await table.get({ partitionKey: "p", rowKey: "r" });
        expect(first?.properties["mine"]).toEqual(new Uint8Array([1, 2, 3]));
      });
    });

    describe("lists", () => {
      it("orders rows by UTF-16 code units", async () => {
        const table = freshTable();
        const inOrder = ["", "!", "10", "9", "A", "a", "b", "ä", "€", "\u{1f680}", "\uff5e"];
        for (const rowKey of inOrder.toReversed()) await table.insert(entity("p", rowKey, {}));
        expect(rowKeys(await table.list({ partitionKey: "p" }))).toEqual(inOrder);
      });

      it.each<[string, Omit<EntityRange, "partitionKey">, string[]]>([
        ["from, included", { fromRowKey: "c" }, ["c", "d", "e"]],
        ["to, excluded", { toRowKey: "c" }, ["a", "b"]],
        ["from and to", { fromRowKey: "b", toRowKey: "d" }, ["b", "c"]],
        ["bounds that are no rows", { fromRowKey: "aa", toRowKey: "dd" }, ["b", "c", "d"]],
        ["an empty range", { fromRowKey: "d", toRowKey: "b" }, []],
        ["limit", { limit: 2 }, ["a", "b"]],
      ])("takes a range: %s", async (_, range, expected) => {
        const table = freshTable();
        for (const rowKey of ["a", "b", "c", "d", "e"]) await table.insert(entity("p", rowKey, {}));
        expect(rowKeys(await table.list({ partitionKey: "p", ...range }))).toEqual(expected);
      });

      it("pages through a range, each row once, in order", async () => {
        const table = freshTable();
        const all = await fill(table, 25);
        const pages = await pagesOf(table, {
          partitionKey: "p",
          limit: 10,
          fromRowKey: all[1] ?? "",
          toRowKey: all[24] ?? "",
        });
        expect(pages.flatMap(rowKeys)).toEqual(all.slice(1, 24));
        for (const page of pages) expect(page.entities.length).toBeLessThanOrEqual(10);
      });

      it("goes on after rows were deleted and inserted, the one it stopped at included", async () => {
        const table = freshTable();
        const all = await fill(table, 10);
        const first = await table.list({ partitionKey: "p", limit: 4 });
        await table.delete({ partitionKey: "p", rowKey: all[3] ?? "" });
        await table.insert(entity("p", "zzz", {}));
        const rest = await restOf(table, { partitionKey: "p", limit: 4 }, first);
        expect(rest.flatMap(rowKeys)).toEqual([...all.slice(4), "zzz"]);
      });

      it("lists more rows than one page holds, without a limit", async () => {
        const table = freshTable();
        const all = await fill(table, 1_200);
        const pages = await pagesOf(table, { partitionKey: "p" });
        expect(pages.length).toBeGreaterThan(1);
        expect(pages.flatMap(rowKeys)).toEqual(all);
      });

      it("refuses a limit out of bounds and a continuation it never gave", async () => {
        const table = freshTable();
        for (const limit of [0, -1, 1.5, 1001]) {
          expect(await failure(table.list({ partitionKey: "p", limit }))).toBeInstanceOf(EntityLimitError);
        }
        expect(await failure(table.list({ partitionKey: "p", continuation: "made up" }))).toBeInstanceOf(
          EntityLimitError,
        );
      });
    });

    it("goes on with a continuation in another instance, which sees all that was written", async () => {
      const other = await open();
      try {
        if (!other.reopen) return;
        const tableName = freshTableName();
        const all = await fill(other.store.table(tableName), 12);
        const first = await other.store.table(tableName).list({ partitionKey: "p", limit: 5 });
        const reopened = await other.reopen();
        const rest = await restOf(reopened.table(tableName), { partitionKey: "p", limit: 5 }, first);
        expect([first, ...rest].flatMap(rowKeys)).toEqual(all);
      } finally {
        await other.cleanUp();
      }
    });

    describe("transactions", () => {
      it("apply every kind of change and answer with the etags in order", async () => {
        const table = freshTable();
        const etags = await seed(table, ["replaced", "deleted", "upserted", "any"]);
        const written = await table.transact("p", [
          { kind: "insert", entity: entity("p", "inserted", { n: 1 }) },
          { kind: "replace", entity: entity("p", "replaced", { n: 2 }), etag: etags["replaced"] ?? "" },
          { kind: "delete", key: { partitionKey: "p", rowKey: "deleted" }, etag: etags["deleted"] ?? "" },
          { kind: "upsert", entity: entity("p", "upserted", { n: 3 }) },
          { kind: "replace", entity: entity("p", "any", { n: 4 }) },
        ]);
        const rows = (await table.list({ partitionKey: "p" })).entities;
        expect(rows.map((row) => [row.rowKey, row.properties["n"]])).toEqual([
          ["any", 4],
          ["inserted", 1],
          ["replaced", 2],
          ["upserted", 3],
        ]);
        const stored = Object.fromEntries(rows.map((row) => [row.rowKey, row.etag]));
        expect(written).toEqual([stored["inserted"], stored["replaced"], undefined, stored["upserted"], stored["any"]]);
      });

      it.each<[string, (stale: string) => EntityChange, new (...args: never[]) => Error]>([
        ["insert over an entity", () => ({ kind: "insert", entity: entity("p", "there", {}) }), EntityExistsError],
        [
          "replace with a stale etag",
          (etag) => ({ kind: "replace", entity: entity("p", "there", {}), etag }),
          EntityChangedError,
        ],
        [
          "delete with a stale etag",
          (etag) => ({ kind: "delete", key: { partitionKey: "p", rowKey: "there" }, etag }),
          EntityChangedError,
        ],
        ["replace of nothing", () => ({ kind: "replace", entity: entity("p", "missing", {}) }), EntityNotFoundError],
        [
          "delete of nothing",
          () => ({ kind: "delete", key: { partitionKey: "p", rowKey: "missing" } }),
          EntityNotFoundError,
        ],
      ])("change nothing when one change fails, and name it: %s", async (_, change, expected) => {
        const table = freshTable();
        const stale = await table.insert(entity("p", "there", { n: 1 }));
        await table.replace(entity("p", "there", { n: 2 }), stale);
        const failing = change(stale);
        const refused = await failure(
          table.transact("p", [
            { kind: "insert", entity: entity("p", "first", {}) },
            failing,
            { kind: "insert", entity: entity("p", "last", {}) },
          ]),
        );
        expect(refused).toBeInstanceOf(expected);
        const { partitionKey, rowKey } = failing.kind === "delete" ? failing.key : failing.entity;
        expect(refused).toMatchObject({ key: { partitionKey, rowKey } });
        const rows = (await table.list({ partitionKey: "p" })).entities;
        expect(rows.map((row) => [row.rowKey, row.properties["n"]])).toEqual([["there", 2]]);
      });

      it("take 100 changes, one partition, each key once, and nothing at all", async () => {
        const table = freshTable();
        const inserts = (count: number): EntityChange[] =>
          Array.from({ length: count }, (_, index) => ({ kind: "insert", entity: entity("p", String(index), {}) }));
        expect(await failure(table.transact("p", inserts(101)))).toBeInstanceOf(EntityLimitError);
        expect(await failure(table.transact("p", [{ kind: "upsert", entity: entity("q", "r", {}) }]))).toBeInstanceOf(
          EntityLimitError,
        );
        const twice: EntityChange[] = [
          { kind: "insert", entity: entity("p", "r", {}) },
          { kind: "delete", key: { partitionKey: "p", rowKey: "r" } },
        ];
        expect(await failure(table.transact("p", twice))).toBeInstanceOf(EntityLimitError);
        expect((await table.list({ partitionKey: "p" })).entities).toEqual([]);
        expect(await table.transact("p", [])).toEqual([]);
        expect(await table.transact("p", inserts(100))).toHaveLength(100);
        expect((await table.list({ partitionKey: "p" })).entities).toHaveLength(100);
      });
    });

    describe("limits", () => {
      const megabyte = Object.fromEntries(
        Array.from({ length: 17 }, (_, index) => [`part${index}`, new Uint8Array(65_536)]),
      );
      it.each<[string, Entity]>([
        ["a slash in the row key", entity("p", "a/b", {})],
        ["a question mark in the partition key", entity("p?", "r", {})],
        ["a control character in the row key", entity("p", "a\u0085b", {})],
        ["half a surrogate pair in the row key", entity("p", "a\ud800", {})],
        ["a row key over 1 KiB", entity("p", "x".repeat(513), {})],
        ["a string over 64 KiB", entity("p", "r", { text: "x".repeat(32_769) })],
        ["bytes over 64 KiB", entity("p", "r", { bytes: new Uint8Array(65_537) })],
        [
          "253 properties",
          entity("p", "r", Object.fromEntries(Array.from({ length: 253 }, (_, index) => [`n${index}`, index]))),
        ],
        ["an entity over 1 MiB", entity("p", "r", megabyte)],
        ["an integer beyond 64 bits", entity("p", "r", { big: 2n ** 63n })],
        ["a date that is none", entity("p", "r", { at: new Date(NaN) })],
        ["a property name with a dash", entity("p", "r", { "not-allowed": 1 })],
        ["a reserved property name", entity("p", "r", { Timestamp: 1 })],
      ])("refuses before anything is written: %s", async (_, tooMuch) => {
        const table = freshTable();
        expect(await failure(table.insert(tooMuch))).toBeInstanceOf(EntityLimitError);
        expect(await failure(table.upsert(tooMuch))).toBeInstanceOf(EntityLimitError);
        expect(await failure(table.replace(tooMuch, "any"))).toBeInstanceOf(EntityLimitError);
        const changes: EntityChange[] = [
          { kind: "insert", entity: entity(tooMuch.partitionKey, "first", {}) },
          { kind: "insert", entity: tooMuch },
        ];
        expect(await failure(table.transact(tooMuch.partitionKey, changes))).toBeInstanceOf(EntityLimitError);
        expect((await table.list({ partitionKey: "p" })).entities).toEqual([]);
      });

      it("takes what is just within them", async () => {
        const table = freshTable();
        const properties = {
          text: "x".repeat(32_768),
          bytes: new Uint8Array(65_536),
          ...Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`n${index}`, index])),
        };
        await table.insert(entity("p".repeat(512), "r".repeat(512), properties));
        expect((await table.list({ partitionKey: "p".repeat(512) })).entities[0]?.properties).toEqual(properties);
      });

      it("refuses a transaction over 4 MiB", async () => {
        const table = freshTable();
        const changes: EntityChange[] = Array.from({ length: 70 }, (_, index) => ({
          kind: "insert",
          entity: entity("p", String(index), { bytes: new Uint8Array(60_000) }),
        }));
        expect(await failure(table.transact("p", changes))).toBeInstanceOf(EntityLimitError);
        expect((await table.list({ partitionKey: "p" })).entities).toEqual([]);
      });

      it("refuses names that are no table names", () => {
        for (const name of ["", "ab", "1abc", "with-dash", "x".repeat(64)]) {
          expect(() => opened.store.table(name)).toThrow(EntityLimitError);
        }
      });
    });

    describe("at the same time", () => {
      it("lets exactly one of 20 racing replaces win, and exactly one of 20 racing inserts", async () => {
        const table = freshTable();
        const inserted = await Promise.allSettled(
          Array.from({ length: 20 }, (_, n) => table.insert(entity("p", "r", { n }))),
        );
        expect(inserted.filter((result) => result.status === "fulfilled")).toHaveLength(1);
        const etag = (await table.get({ partitionKey: "p", rowKey: "r" }))?.etag ?? "";
        const replaced = await Promise.allSettled(
          Array.from({ length: 20 }, (_, n) => table.replace(entity("p", "r", { n }), etag)),
        );
        const winner = replaced.findIndex((result) => result.status === "fulfilled");
        expect(
          replaced.filter((result) => result.status === "rejected" && result.reason instanceof EntityChangedError),
        ).toHaveLength(19);
        expect((await table.get({ partitionKey: "p", rowKey: "r" }))?.properties).toEqual({ n: winner });
      });

      it("loses no increment of 8 writers that retry", async () => {
        const table = freshTable();
        await table.insert(entity("p", "counter", { n: 0 }));
        await Promise.all(Array.from({ length: 8 }, () => increment(table, 25)));
        expect((await table.get({ partitionKey: "p", rowKey: "counter" }))?.properties).toEqual({ n: 200 });
      });
    });

    it("keeps tables and partitions apart", async () => {
      const [one, two] = [freshTable(), freshTable()];
      await one.insert(entity("p", "r", { n: 1 }));
      await two.insert(entity("p", "r", { n: 2 }));
      await one.insert(entity("q", "r", { n: 3 }));
      expect((await one.list({ partitionKey: "p" })).entities.map((row) => row.properties)).toEqual([{ n: 1 }]);
      await one.delete({ partitionKey: "p", rowKey: "r" });
      expect((await two.get({ partitionKey: "p", rowKey: "r" }))?.properties).toEqual({ n: 2 });
      expect((await one.get({ partitionKey: "q", rowKey: "r" }))?.properties).toEqual({ n: 3 });
    });

    it("finds a table by its name in any casing", async () => {
      const tableName = freshTableName();
      await opened.store.table(tableName).insert(entity("p", "r", { n: 1 }));
      expect(await opened.store.table(tableName.toUpperCase()).get({ partitionKey: "p", rowKey: "r" })).toBeDefined();
    });

    it("answers a ping", async () => {
      await expect(opened.store.ping()).resolves.toBeUndefined();
    });
  });
}

async function increment(table: EntityTable, times: number): Promise<void> {
  for (let done = 0; done < times;) {
    const current = await table.get({ partitionKey: "p", rowKey: "counter" });
    if (!current) throw new Error("The counter is gone.");
    try {
      await table.replace(entity("p", "counter", { n: Number(current.properties["n"]) + 1 }), current.etag);
      done++;
    } catch (error) {
      if (!(error instanceof EntityChangedError)) throw error;
    }
  }
}

async function fill(table: EntityTable, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, index) => String(index).padStart(6, "0"));
  for (let start = 0; start < count; start += 100) {
    const changes = keys
      .slice(start, start + 100)
      .map((rowKey): EntityChange => ({ kind: "insert", entity: entity("p", rowKey, {}) }));
    await table.transact("p", changes);
  }
  return keys;
}

async function seed(table: EntityTable, keys: readonly string[]): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, await table.insert(entity("p", key, { n: 0 }))] as const)),
  );
}

async function pagesOf(table: EntityTable, range: EntityRange): Promise<EntityPage[]> {
  const first = await table.list(range);
  return [first, ...(await restOf(table, range, first))];
}

async function restOf(table: EntityTable, range: EntityRange, first: EntityPage): Promise<EntityPage[]> {
  const pages: EntityPage[] = [];
  for (let continuation = first.continuation; continuation !== undefined;) {
    const page = await table.list({ ...range, continuation });
    pages.push(page);
    continuation = page.continuation;
  }
  return pages;
}

function entity(partitionKey: string, rowKey: string, properties: EntityProperties): Entity {
  return { partitionKey, rowKey, properties };
}

function rowKeys(page: EntityPage): string[] {
  return page.entities.map((row) => row.rowKey);
}

function freshTableName(): string {
  return `t${randomBytes(8).toString("hex")}`;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a rejection, got ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error,
  );
}

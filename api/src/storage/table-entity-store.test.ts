import { inspect } from "node:util";
import { AzureNamedKeyCredential, AzureSASCredential, TableClient } from "@azure/data-tables";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createManualClock, createSystemClock } from "../shared/clock.ts";
import { AZURITE_ACCOUNT, startAzurite } from "./azurite.fixture.ts";
import type { Azurite } from "./azurite.fixture.ts";
import { EntityChangedError, EntityExistsError, EntityNotFoundError, StoreUnavailableError } from "./entity-store.ts";
import type { Entity, EntityStore } from "./entity-store.ts";
import { createTableEntityStore } from "./table-entity-store.ts";
import type { TableEntityStoreOptions } from "./table-entity-store.ts";
import { startTcpProxy } from "./tcp-proxy.fixture.ts";
import type { TcpProxy } from "./tcp-proxy.fixture.ts";

const QUICK = { maxTries: 3, tryTimeoutMs: 100, firstDelayMs: 2 };
const KEY = { partitionKey: "p", rowKey: "r" };

let azurite: Azurite;
let proxy: TcpProxy;
const stores: EntityStore[] = [];
let tableCount = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startTcpProxy(Number(new URL(azurite.endpoint).port));
});
afterEach(async () => {
  await proxy.up();
  for (const store of stores.splice(0)) await store.close();
});
afterAll(async () => {
  await proxy.stop();
  await azurite.stop();
});

function open(options: Partial<TableEntityStoreOptions> = {}): EntityStore {
  const { endpoint, credential } = azurite;
  const store = createTableEntityStore({
    endpoint,
    credential,
    clock: createSystemClock(),
    random: Math.random,
    ...options,
  });
  stores.push(store);
  return store;
}

const proxied = (): string => `http://127.0.0.1:${proxy.port}/${AZURITE_ACCOUNT}`;
const freshName = (): string => `table${++tableCount}`;
const rawClient = (tableName: string): TableClient =>
  new TableClient(azurite.endpoint, tableName, azurite.credential, { allowInsecureConnection: true });

function row(properties: Entity["properties"] = {}): Entity {
  return { ...KEY, properties };
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a rejection, got ${inspect(value)}.`);
    },
    (error: unknown) => error as Error,
  );
}

describe("two stores over the same tables", () => {
  it("let exactly one of two racing writers win, round after round", async () => {
    const name = freshName();
    const [one, two] = [open().table(name), open().table(name)];
    let etag = await one.insert(row({ round: 0 }));
    for (let round = 1; round <= 50; round++) {
      const results = await Promise.allSettled([
        one.replace(row({ round, by: "one" }), etag),
        two.transact("p", [{ kind: "replace", entity: row({ round, by: "two" }), etag }]),
      ]);
      const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
      expect(lost).toEqual([expect.any(EntityChangedError)]);
      const stored = await two.get(KEY);
      expect(stored?.properties).toEqual({ round, by: results[0].status === "fulfilled" ? "one" : "two" });
      etag = stored?.etag ?? "";
    }
  });

  it("make the same new table at once without a quarrel", async () => {
    const name = freshName();
    const writers = Array.from({ length: 6 }, () => open().table(name));
    await Promise.all(
      writers.map((table, n) => table.insert({ partitionKey: "p", rowKey: String(n), properties: {} })),
    );
    expect((await open().table(name).list({ partitionKey: "p" })).entities).toHaveLength(6);
  });
});

describe("a table that is not there", () => {
  it("reads as empty and refuses what needs an entity", async () => {
    const table = open().table(freshName());
    expect(await table.get(KEY)).toBeUndefined();
    expect(await table.list({ partitionKey: "p" })).toEqual({ entities: [], continuation: undefined });
    expect(await failure(table.replace(row(), `W/"datetime'2026-01-01T00%3A00%3A00.0000000Z'"`))).toBeInstanceOf(
      EntityNotFoundError,
    );
    expect(await failure(table.delete(KEY))).toBeInstanceOf(EntityNotFoundError);
    expect(await failure(table.transact("p", [{ kind: "delete", key: KEY }]))).toBeInstanceOf(EntityNotFoundError);
  });

  it.each<[string, (table: ReturnType<EntityStore["table"]>) => Promise<unknown>]>([
    ["an insert", (table) => table.insert(row({ n: 1 }))],
    ["an upsert", (table) => table.upsert(row({ n: 1 }))],
    ["a transaction", (table) => table.transact("p", [{ kind: "insert", entity: row({ n: 1 }) }])],
  ])("is made again by %s after it was deleted under a running store", async (_, write) => {
    const name = freshName();
    const table = open().table(name);
    await table.insert(row({ old: true }));
    await rawClient(name).deleteTable();
    await write(table);
    expect((await table.get(KEY))?.properties).toEqual({ n: 1 });
  });
});

describe("someone who opens the table", () => {
  it("finds the columns under their names, in the service's types", async () => {
    const name = freshName();
    const at = new Date("2026-02-03T04:05:06.007Z");
    await open()
      .table(name)
      .transact("p", [
        { kind: "insert", entity: row({ image: "web", tag: "1.0", created_at: at, tries: 2, runs: 3n, share: 0.5 }) },
      ]);
    expect(await rawClient(name).getEntity("p", "r")).toMatchObject({
      partitionKey: "p",
      rowKey: "r",
      image: "web",
      tag: "1.0",
      created_at: at,
      tries: 2,
      runs: 3n,
      share: 0.5,
    });
  });

  it("may write rows of the service's other types", async () => {
    const name = freshName();
    const id = "3f0c0a52-3f3e-4e0f-9a39-6c1f0b9d7e11";
    await rawClient(name).createTable();
    await rawClient(name).createEntity({ ...KEY, id: { type: "Guid", value: id }, when: new Date(0), ok: true });
    expect((await open().table(name).get(KEY))?.properties).toEqual({ id, when: new Date(0), ok: true });
  });
});

describe("keys with characters that mean something elsewhere", () => {
  it.each(["it's", "50%", "a+b&c=d", "{brace}", "ä ö", "🚀", "(a,b)", "$x'y'", "a:b@c;d", " "])(
    "%j are kept as they are",
    async (text) => {
      const table = open().table(freshName());
      const key = { partitionKey: text, rowKey: text };
      const first = await table.insert({ ...key, properties: { n: 1 } });
      const second = await table.replace({ ...key, properties: { n: 2 } }, first);
      const [third] = await table.transact(text, [
        { kind: "replace", entity: { ...key, properties: { n: 3 } }, etag: second },
      ]);
      expect(await table.get(key)).toEqual({ ...key, etag: third, properties: { n: 3 } });
      await table.insert({ partitionKey: text, rowKey: `${text}z`, properties: {} });
      const page = await table.list({ partitionKey: text, limit: 1, fromRowKey: text });
      expect(page.entities.map(({ rowKey }) => rowKey)).toEqual([text]);
      const rest = await table.list({ partitionKey: text, limit: 1, continuation: page.continuation ?? "" });
      expect(rest.entities.map(({ rowKey }) => rowKey)).toEqual([`${text}z`]);
      await table.transact(text, [{ kind: "delete", key, etag: third ?? "" }]);
      expect(await table.get(key)).toBeUndefined();
    },
  );
});

describe("a store that is down", () => {
  it("is said to be so when it refuses connections, and works again by itself", async () => {
    const store = open({ endpoint: proxied(), policy: QUICK });
    const table = store.table(freshName());
    const etag = await table.insert(row({ n: 1 }));
    await proxy.down();
    const calls = [
      table.get(KEY),
      table.list({ partitionKey: "p" }),
      table.insert(row()),
      table.upsert(row()),
      table.replace(row(), etag),
      table.delete(KEY),
      table.transact("p", [{ kind: "upsert", entity: row() }]),
      store.ping(),
    ];
    for (const refused of await Promise.all(calls.map(failure))) {
      expect(refused).toBeInstanceOf(StoreUnavailableError);
      expect(refused.message).toContain(`127.0.0.1:${proxy.port}/${AZURITE_ACCOUNT}`);
    }
    await proxy.up();
    await store.ping();
    expect(await table.get(KEY)).toMatchObject({ etag, properties: { n: 1 } });
  });

  it("is said to be so within the bound when it takes requests and never answers", async () => {
    const store = open({ endpoint: proxied(), policy: QUICK });
    const table = store.table(freshName());
    await table.insert(row());
    proxy.swallow();
    const refused = await Promise.all(
      [table.get(KEY), table.upsert(row()), table.transact("p", [{ kind: "upsert", entity: row() }]), store.ping()].map(
        failure,
      ),
    );
    for (const error of refused)
      expect(error).toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining("no answer came in time") as string,
      });
    await proxy.up();
    await expect(table.get(KEY)).resolves.toBeDefined();
  });

  it("is waited for, and the call succeeds when it comes back", async () => {
    const manual = createManualClock();
    const waits: number[] = [];
    let onWait = (): void => {};
    const clock = {
      ...manual,
      sleep(delayMs: number, signal?: AbortSignal) {
        waits.push(delayMs);
        onWait();
        return manual.sleep(delayMs, signal);
      },
    };
    const nextWait = (): Promise<void> => new Promise((resolve) => (onWait = resolve));
    const table = open({ endpoint: proxied(), clock, random: () => 0.5 }).table(freshName());
    await proxy.down();
    const firstWait = nextWait();
    const inserted = table.insert(row({ n: 1 }));
    await firstWait;
    const secondWait = nextWait();
    await manual.advance(187.5);
    await secondWait;
    expect(waits).toEqual([187.5, 375]);
    await proxy.up();
    await manual.advance(375);
    expect(await inserted).toEqual(expect.any(String));
  });
});

describe("a write whose answer is lost", () => {
  it("is repeated, and the refusal about the own write comes out, which its write id explains", async () => {
    const table = open({ endpoint: proxied(), policy: QUICK }).table(freshName());
    await table.upsert({ partitionKey: "p", rowKey: "other", properties: {} });

    let cut = proxy.cutNextAnswer();
    expect(await failure(table.insert(row({ writeId: "a" })))).toBeInstanceOf(EntityExistsError);
    await cut;
    const inserted = await table.get(KEY);
    expect(inserted?.properties).toEqual({ writeId: "a" });

    cut = proxy.cutNextAnswer();
    expect(await failure(table.replace(row({ writeId: "b" }), inserted?.etag ?? ""))).toBeInstanceOf(
      EntityChangedError,
    );
    await cut;
    const replaced = await table.get(KEY);
    expect(replaced?.properties).toEqual({ writeId: "b" });

    cut = proxy.cutNextAnswer();
    const transaction = table.transact("p", [
      { kind: "upsert", entity: { partitionKey: "p", rowKey: "other", properties: { writeId: "c" } } },
      { kind: "replace", entity: row({ writeId: "c" }), etag: replaced?.etag ?? "" },
    ]);
    expect(await failure(transaction)).toMatchObject({ code: "ENTITY_CHANGED", key: KEY });
    await cut;
    expect((await table.list({ partitionKey: "p" })).entities.map(({ properties }) => properties)).toEqual([
      { writeId: "c" },
      { writeId: "c" },
    ]);

    cut = proxy.cutNextAnswer();
    expect(await failure(table.delete(KEY))).toBeInstanceOf(EntityNotFoundError);
    await cut;
    expect(await table.get(KEY)).toBeUndefined();
  });

  it("costs an upsert nothing", async () => {
    const table = open({ endpoint: proxied(), policy: QUICK }).table(freshName());
    await table.upsert(row({ n: 1 }));
    const cut = proxy.cutNextAnswer();
    const etag = await table.upsert(row({ n: 2 }));
    await cut;
    expect(await table.get(KEY)).toMatchObject({ etag, properties: { n: 2 } });
  });
});

describe("secrets", () => {
  const wrongKey = Buffer.from("a key that nobody must read").toString("base64");
  const signature = "T0pS3cr3tSignature%3D";
  const sas = `sv=2022-11-02&ss=t&srt=sco&sp=rwdlacu&se=2030-01-01T00%3A00%3A00Z&sig=${signature}`;

  it.each<[string, () => TableEntityStoreOptions["credential"], string]>([
    ["key", () => new AzureNamedKeyCredential(AZURITE_ACCOUNT, wrongKey), wrongKey],
    ["signature", () => new AzureSASCredential(sas), "T0pS3cr3t"],
  ])("in a %s are in no error, whether the store refuses or can't be reached", async (_, makeCredential, secret) => {
    const store = open({ endpoint: proxied(), credential: makeCredential(), policy: QUICK });
    const table = store.table(freshName());
    const calls = (): Promise<unknown>[] => [
      table.get(KEY),
      table.insert(row()),
      table.transact("p", [{ kind: "upsert", entity: row() }]),
      store.ping(),
    ];
    const refused = await Promise.all(calls().map(failure));
    await proxy.down();
    const unreached = await Promise.all(calls().map(failure));
    for (const error of [...refused, ...unreached]) {
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
    }
    expect(refused[0]?.message).toContain("Check the key or signature of the storage account");
  });

  it("do not travel in the clear to another machine", () => {
    for (const endpoint of [
      "http://slipway.table.core.windows.net",
      "http://10.0.0.1:10002/devstoreaccount1",
      "ftp://127.0.0.1",
      "nowhere",
    ]) {
      expect(() => open({ endpoint })).toThrow(RangeError);
    }
  });
});

it("a closed store rejects what is asked of it, after what was under way has ended", async () => {
  const store = open();
  const table = store.table(freshName());
  const inserted = table.insert(row({ n: 1 }));
  await store.close();
  await expect(inserted).resolves.toEqual(expect.any(String));
  await expect(table.get(KEY)).rejects.toThrow("are closed");
  await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
});

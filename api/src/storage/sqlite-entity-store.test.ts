import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { describeEntityStore } from "./entity-store.contract.ts";
import { StoreUnavailableError } from "./entity-store.ts";
import type { EntityStore, EntityTable } from "./entity-store.ts";
import { createSqliteEntityStore, LIST } from "./sqlite-entity-store.ts";

describeEntityStore("SQLite in memory", async () => {
  const store = createSqliteEntityStore();
  return { store, cleanUp: () => store.close() };
});

describeEntityStore("SQLite in a file", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "slipway-")), "slipway.db");
  let store = createSqliteEntityStore({ path });
  return {
    store,
    async reopen() {
      await store.close();
      store = createSqliteEntityStore({ path });
      return store;
    },
    async cleanUp() {
      await store.close();
      rmSync(dirname(path), { recursive: true });
    },
  };
});

describe("SQLite entity store", () => {
  const stores: EntityStore[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const freshFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-"));
    folders.push(folder);
    return folder;
  };
  const open = (options: Parameters<typeof createSqliteEntityStore>[0]): EntityStore => {
    const store = createSqliteEntityStore(options);
    stores.push(store);
    return store;
  };

  it("creates the data folder", async () => {
    const path = join(freshFolder(), "deep", "down", "slipway.db");
    await open({ path }).table("jobs").insert({ partitionKey: "p", rowKey: "r", properties: {} });
    expect(existsSync(path)).toBe(true);
  });

  it("keeps everything over a close", async () => {
    const path = join(freshFolder(), "slipway.db");
    const store = open({ path });
    const etag = await store.table("jobs").insert({ partitionKey: "p", rowKey: "r", properties: { n: 1 } });
    await store.close();
    expect(await open({ path }).table("jobs").get({ partitionKey: "p", rowKey: "r" })).toMatchObject({
      etag,
      properties: { n: 1 },
    });
  });

  it("loses no acknowledged write and keeps no half transaction when its process is killed", async () => {
    const path = join(freshFolder(), "slipway.db");
    const child = fork(join(import.meta.dirname, "sqlite-write-until-killed.ts"), [path]);
    let acknowledged = -1;
    child.on("message", (pair) => {
      acknowledged = Number(pair);
      if (acknowledged === 300) child.kill("SIGKILL");
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect(acknowledged).toBeGreaterThanOrEqual(300);

    const table = open({ path }).table("killed");
    const rowKeys = await allRowKeys(table);
    expect(rowKeys.length % 2).toBe(0);
    expect(rowKeys.length).toBeGreaterThanOrEqual(2 * (acknowledged + 1));
    rowKeys.forEach((rowKey, index) => {
      expect(rowKey).toBe(`${String(Math.floor(index / 2)).padStart(8, "0")}-${index % 2 === 0 ? "a" : "b"}`);
    });
  });

  it("refuses a second process while the first one lives, and names the data folder", async () => {
    const path = join(freshFolder(), "slipway.db");
    const child = fork(join(import.meta.dirname, "sqlite-write-until-killed.ts"), [path]);
    await once(child, "message");
    try {
      expect(() => open({ path })).toThrow(StoreUnavailableError);
      expect(() => open({ path })).toThrow(`'${dirname(path)}' is in use by another process`);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await expect(open({ path }).ping()).resolves.toBeUndefined();
  });

  it("refuses a second opener in the same process, also before anything was written", () => {
    const path = join(freshFolder(), "slipway.db");
    open({ path });
    expect(() => open({ path })).toThrow(StoreUnavailableError);
  });

  it("keeps no half state when the disk is full, says so, and goes on reading and deleting", async () => {
    const store = open({ path: join(freshFolder(), "slipway.db"), maxBytes: 256 * 1024 });
    const table = store.table("jobs");
    const filler = "x".repeat(10_000);
    let inserted = 0;
    let refusal: unknown;
    while (refusal === undefined) {
      try {
        const rowKey = String(inserted).padStart(4, "0");
        await table.transact("p", [
          { kind: "insert", entity: { partitionKey: "p", rowKey: `${rowKey}-a`, properties: {} } },
          { kind: "insert", entity: { partitionKey: "p", rowKey: `${rowKey}-b`, properties: { filler } } },
        ]);
        inserted++;
      } catch (error) {
        refusal = error;
      }
    }
    expect(refusal).toBeInstanceOf(StoreUnavailableError);
    expect(String(refusal)).toContain("the disk is full");
    expect(inserted).toBeGreaterThan(5);
    expect(await allRowKeys(table)).toHaveLength(2 * inserted);

    await table.delete({ partitionKey: "p", rowKey: "0000-b" });
    await table.insert({ partitionKey: "p", rowKey: "after", properties: {} });
    expect(await table.get({ partitionKey: "p", rowKey: "after" })).toBeDefined();
  });

  it.each<[string, (path: string) => void, string]>([
    [
      "a file that is no database",
      (path) => writeFileSync(path, "not a database ".repeat(1_000)),
      "damaged or no database",
    ],
    [
      "a database of another program",
      (path) => change(path, "CREATE TABLE theirs (id INTEGER)"),
      "not one of Slipway's",
    ],
    [
      "a newer format",
      (path) => change(path, `PRAGMA application_id = ${0x736c7077}; PRAGMA user_version = 2`),
      "written by a newer Slipway",
    ],
  ])("refuses %s", (_, prepare, message) => {
    const path = join(freshFolder(), "slipway.db");
    prepare(path);
    expect(() => open({ path })).toThrow(StoreUnavailableError);
    expect(() => open({ path })).toThrow(message);
  });

  it("says so when the data folder can't be made", () => {
    const folder = freshFolder();
    writeFileSync(join(folder, "file"), "");
    expect(() => open({ path: join(folder, "file", "slipway.db") })).toThrow(StoreUnavailableError);
  });

  it("rejects what is asked of it after it was closed", async () => {
    const store = open({});
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toThrow("is closed");
    await expect(store.table("jobs").get({ partitionKey: "p", rowKey: "r" })).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
  });

  it("reads a range from its first key to its last, however long the partition goes on", async () => {
    const path = join(freshFolder(), "slipway.db");
    await createSqliteEntityStore({ path }).close();
    const database = new DatabaseSync(path);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${LIST}`).all("table", "partition", "a", "b", null, 10);
    database.close();
    expect(plan.map((step) => step["detail"])).toEqual([
      "SEARCH entity USING PRIMARY KEY (tableName=? AND partitionKey=? AND rowKey>? AND rowKey<?)",
    ]);
  });

  it("ends a page early rather than fill the memory", async () => {
    const table = open({}).table("logs");
    const bytes = new Uint8Array(65_536);
    const properties = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`part${index}`, bytes]));
    for (let row = 0; row < 6; row++) await table.insert({ partitionKey: "p", rowKey: String(row), properties });
    const page = await table.list({ partitionKey: "p" });
    expect(page.entities.length).toBeLessThan(6);
    expect(page.continuation).toBeDefined();
    expect(await allRowKeys(table)).toEqual(["0", "1", "2", "3", "4", "5"]);
  });
});

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

async function allRowKeys(table: EntityTable): Promise<string[]> {
  const rowKeys: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await table.list({ partitionKey: "p", ...(continuation === undefined ? {} : { continuation }) });
    rowKeys.push(...page.entities.map((row) => row.rowKey));
    continuation = page.continuation;
  } while (continuation !== undefined);
  return rowKeys;
}

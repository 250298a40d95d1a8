import { describe, expect, it } from "vitest";
import { checkEntity, checkKey, checkRange, checkTableName, checkTransaction } from "./entity-limits.ts";
import type { EntityChange, EntityProperties } from "./entity-store.ts";
import { EntityLimitError } from "./entity-store.ts";

const entity = (properties: EntityProperties) => ({ partitionKey: "jobs", rowKey: "7", properties });

describe("entity limits", () => {
  it.each<[string, () => void, string]>([
    ["the table name", () => checkTableName("my-table"), "'my-table' is no table name"],
    [
      "the key and the character",
      () => checkKey({ partitionKey: "a#b", rowKey: "" }),
      'The partition key "a#b" holds "#"',
    ],
    [
      "the length of a key",
      () => checkKey({ partitionKey: "", rowKey: "x".repeat(513) }),
      "A row key of 513 UTF-16 units",
    ],
    [
      "the property that is too large",
      () => checkEntity(entity({ log: "x".repeat(32_769) })),
      "Entity 'jobs' / '7': property 'log' is 65538 bytes",
    ],
    [
      "the property of a wrong type",
      () => checkEntity(entity({ list: [] as never })),
      "property 'list' holds a value that can't be stored (object)",
    ],
    [
      "a null",
      () => checkEntity(entity({ none: null as never })),
      "property 'none' holds a value that can't be stored (null)",
    ],
    [
      "the year out of range",
      () => checkEntity(entity({ at: new Date("1600-12-31T23:59:59Z") })),
      "property 'at' is no date between",
    ],
    ["the reserved name", () => checkEntity(entity({ rowKey: 1 })), "the property name 'rowKey' is reserved"],
    ["the number of properties", () => checkEntity(entity(numbered(253))), "has 253 properties; 252 is the limit"],
    ["the page size", () => checkRange({ partitionKey: "p", limit: 1001 }), "A page of 1001 entities"],
    [
      "the partition of a change",
      () => checkTransaction("builds", [{ kind: "upsert", entity: entity({}) }]),
      "partition 'builds' can't change Entity 'jobs' / '7'",
    ],
    [
      "the key that a transaction has twice",
      () =>
        checkTransaction("jobs", [
          { kind: "upsert", entity: entity({}) },
          { kind: "delete", key: entity({}) },
        ]),
      "changes Entity 'jobs' / '7' twice",
    ],
  ])("name %s", (_, check, message) => {
    expect(check).toThrow(EntityLimitError);
    expect(check).toThrow(message);
  });

  it("count a string two bytes a UTF-16 unit, whatever it takes elsewhere", () => {
    expect(() => checkEntity(entity({ text: "€".repeat(32_768) }))).not.toThrow();
    expect(() => checkEntity(entity({ text: "🚀".repeat(16_385) }))).toThrow(EntityLimitError);
  });

  it("count property names and overheads into the mebibyte of an entity", () => {
    const bytes = new Uint8Array(65_536);
    const parts = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`p${index}`, bytes]));
    expect(() => checkEntity(entity({ ...parts, last: new Uint8Array(65_000) }))).not.toThrow();
    expect(() => checkEntity(entity({ ...parts, last: bytes }))).toThrow("1048576 is the limit");
  });

  it("do not count undefined properties", () => {
    expect(() => checkEntity(entity({ ...numbered(252), "not a name": undefined }))).not.toThrow();
  });

  it("bound a transaction by what it takes on the wire, not by the size of its entities", () => {
    const inserts = (text: string, count: number): EntityChange[] =>
      Array.from({ length: count }, (_, index) => ({
        kind: "insert",
        entity: { partitionKey: "jobs", rowKey: String(index), properties: { text } },
      }));
    expect(() => checkTransaction("jobs", inserts("x".repeat(32_000), 100))).not.toThrow();
    expect(() => checkTransaction("jobs", inserts("\u0001".repeat(32_000), 100))).toThrow("4194304 is the limit");
  });
});

function numbered(count: number): EntityProperties {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, index]));
}

import { createSqliteEntityStore } from "./sqlite-entity-store.ts";

/**
 * Test program: writes pairs of entities to the database named by its first argument for ever, and tells its parent the
 * number of each pair once the store has acknowledged it.
 */
const table = createSqliteEntityStore({ path: process.argv[2] ?? "" }).table("killed");

for (let pair = 0; ; pair++) {
  const rowKey = String(pair).padStart(8, "0");
  await table.transact("p", [
    { kind: "insert", entity: { partitionKey: "p", rowKey: `${rowKey}-a`, properties: { filler: "x".repeat(500) } } },
    { kind: "insert", entity: { partitionKey: "p", rowKey: `${rowKey}-b`, properties: {} } },
  ]);
  await new Promise((resolve) => process.send?.(pair, resolve));
}

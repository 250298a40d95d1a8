import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { openSqliteDatabase } from "../src/storage/sqlite-database.ts";
import { createApiProcess, createAzureProcess } from "./processes.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "slipway-refused-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("the API says that its data folder is in use, and by 78 that another start would not help", async () => {
  using _other = disposable(openSqliteDatabase({ path: join(dataDir, "slipway.sqlite") }));
  const api = await createApiProcess({ dataDir, azureUrl: "http://127.0.0.1:1", speed: 1 });
  await expect(api.start()).rejects.toThrow(
    `ended (78): The database in the data folder '${dataDir}' is in use by another process. Stop that one, or set SLIPWAY_DATA_DIR to another folder.\n`,
  );
});

test("the emulator says that its data folder is in use, and by 78 that another start would not help", async () => {
  const other = await createEmulator({ port: 0, dataDir });
  const azure = await createAzureProcess({ dataDir, speed: 1 });
  await expect(azure.start()).rejects.toThrow(
    /ended \(78\): The emulator did not start: .* does another emulator use the folder\? Stop that one, or set SLIPWAY_DATA_DIR to another folder\.\n$/,
  );
  await other.stop();
});

function disposable(database: { close(): void }): Disposable {
  return { [Symbol.dispose]: () => database.close() };
}

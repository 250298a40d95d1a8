import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenCredential } from "@azure/core-auth";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../config/config.ts";
import { createSystemClock } from "../shared/clock.ts";
import { startAzurite } from "./azurite.fixture.ts";
import type { EntityStore } from "./entity-store.ts";
import { openEntityStore } from "./open-entity-store.ts";

const KEY = { partitionKey: "p", rowKey: "r" };

function open(env: Readonly<Record<string, string>>, createCredential = noIdentity): EntityStore {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const { store: settings, dataDir } = parsed.config;
  return openEntityStore({ settings, dataDir, clock: createSystemClock(), random: Math.random, createCredential });
}

function noIdentity(): TokenCredential {
  throw new Error("Nobody asked for this machine's identity.");
}

describe("the store that the settings name", () => {
  it("is a database in the data folder by default", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "slipway-"));
    const store = open({ SLIPWAY_DATA_DIR: dataDir });
    await store.table("work").insert({ ...KEY, properties: {} });
    expect(() => open({ SLIPWAY_DATA_DIR: dataDir })).toThrow(`'${dataDir}' is in use by another process`);
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  it("is the tables of a connection string, which several may share", async () => {
    const azurite = await startAzurite();
    const env = { SLIPWAY_STORAGE_CONNECTION_STRING: azurite.connectionString };
    const [one, two] = [open(env), open(env)];
    const etag = await one.table("work").insert({ ...KEY, properties: { n: 1 } });
    expect(await two.table("work").get(KEY)).toMatchObject({ etag, properties: { n: 1 } });
    await Promise.all([one.close(), two.close()]);
    await azurite.stop();
  });

  it("signs in as this machine for an account given by name, and says when it can't", async () => {
    const asked: (string | string[])[] = [];
    const store = open({ SLIPWAY_STORAGE_ACCOUNT: "slipway" }, () => ({
      getToken: (scopes) => {
        asked.push(scopes);
        return Promise.reject(
          Object.assign(new Error("Please run 'az login'."), { name: "CredentialUnavailableError" }),
        );
      },
    }));
    await expect(store.ping()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringMatching(
        /'slipway\.table\.core\.windows\.net'.*SIGN_IN_FAILED: Please run 'az login'/,
      ) as string,
    });
    expect(asked.flat()).toEqual(["https://storage.azure.com/.default"]);
    await store.close();
  });
});

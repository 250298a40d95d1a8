import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AZURITE_ACCOUNT, AZURITE_KEY, startAzurite, type Azurite } from "../src/storage/azurite.fixture.ts";
import { startTcpProxy, type TcpProxy } from "../src/storage/tcp-proxy.fixture.ts";
import type { ApiClient } from "./api-client.ts";
import { effectiveClusterPuts } from "./azure-control.ts";
import { startSlipway, type Slipway } from "./harness.ts";
import { clusterInput, expectProgressPromises, startProvision, untilEnded, watchProgress } from "./provisions.ts";

const readiness = async (api: ApiClient): Promise<number> => (await api.http({ path: "/readyz" })).status;

describe("Slipway over Azure Tables", () => {
  let azurite: Azurite;
  let proxy: TcpProxy;
  beforeAll(async () => {
    azurite = await startAzurite();
    proxy = await startTcpProxy(Number(new URL(azurite.endpoint).port));
  });
  afterAll(async () => {
    await proxy.stop();
    await azurite.stop();
  });

  const withTables = async (use: (slipway: Slipway) => Promise<void>): Promise<void> => {
    const endpoint = `http://127.0.0.1:${proxy.port}/${AZURITE_ACCOUNT}`;
    const connection = `AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY};TableEndpoint=${endpoint}`;
    const slipway = await startSlipway({ settings: { SLIPWAY_STORAGE_CONNECTION_STRING: connection } });
    try {
      await use(slipway);
      expect(JSON.stringify(slipway.log)).not.toContain(AZURITE_KEY);
    } finally {
      await proxy.up();
      await slipway.stop();
    }
  };

  test("provisions a cluster, once, though the store is away in the middle", () =>
    withTables(async ({ api, azure }) => {
      const progress = watchProgress(api, await startProvision(api, clusterInput("on-tables")));
      await progress.until("the PUT", ({ phase }) => phase === "ARM_CREATE_OR_UPDATE");
      await proxy.down();
      expect(await readiness(api)).toBe(503);
      await proxy.up();
      expect(await untilEnded(progress)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
      expectProgressPromises(progress.messages);
      expect(effectiveClusterPuts(await azure.requests())).toHaveLength(1);
    }));

  test.each([4, 7])(
    "provisions a cluster, once, though answers of the store get lost (1 of %d)",
    { timeout: 60_000 },
    (n) =>
      withTables(async ({ api, azure }) => {
        proxy.cutEvery(n);
        const progress = watchProgress(api, await startProvision(api, clusterInput(`lossy-${n}`)));
        expect(await untilEnded(progress)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
        expectProgressPromises(progress.messages);
        expect(effectiveClusterPuts(await azure.requests())).toHaveLength(1);
      }),
  );

  test("starts while the store is away, says that it is not ready, and works when it is back", async () => {
    await proxy.down();
    await withTables(async ({ api }) => {
      expect(await readiness(api)).toBe(503);
      await proxy.up();
      await expect.poll(() => readiness(api), { timeout: 10_000 }).toBe(200);
      const progress = watchProgress(api, await startProvision(api, clusterInput("after-outage")));
      expect(await untilEnded(progress)).toMatchObject({ status: "SUCCEEDED" });
    });
  });
});

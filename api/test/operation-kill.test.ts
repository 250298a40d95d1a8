import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { createApiClient } from "./api-client.ts";
import { createAzureControl, requestsOf } from "./azure-control.ts";
import { createCrashProxy, type CrashPoint } from "./crash-proxy.ts";
import { test as base } from "./fixtures.ts";
import { begin, clusterId, watchOperation, type OperationProgress } from "./operations.ts";
import { createApiProcess } from "./processes.ts";
import { clusterInput, startProvision, watchProgress } from "./provisions.ts";

const test = base.extend<{ cleanUp: (task: () => Promise<unknown>) => void; dataDir: string }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of what is destructured
  cleanUp: async ({}, use) => {
    const tasks: (() => Promise<unknown>)[] = [];
    await use((task) => void tasks.push(task));
    for (const task of tasks.toReversed()) await task();
  },
  dataDir: async ({ cleanUp }, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), "slipway-kill-"));
    cleanUp(() => rm(dataDir, { recursive: true, force: true }));
    await use(dataDir);
  },
});

/** The API as a process of its own, with Azure behind a proxy that has it crash at exact moments. */
async function startMortal(dataDir: string, cleanUp: (task: () => Promise<unknown>) => void, speed: number) {
  const emulator = await createEmulator({ port: 0, speed });
  cleanUp(emulator.stop);
  const proxy = await createCrashProxy(() => emulator.url);
  cleanUp(proxy.stop);
  const process = await createApiProcess({ dataDir, azureUrl: proxy.url, speed });
  cleanUp(process.kill);
  await process.start();
  const api = createApiClient(process.url, { reconnect: true });
  cleanUp(api.close);
  const crashAt = (points: readonly CrashPoint[]): Promise<void> =>
    proxy.crashAt(points, async () => {
      await process.kill();
      await process.start();
    });
  return { azure: createAzureControl(emulator.url), api, crashAt };
}

/** The sequence never goes back, and neither does the bar. */
function expectNothingLost(messages: readonly OperationProgress[]): void {
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (!before) return;
    expect(message.sequence).toBeGreaterThanOrEqual(before.sequence);
    expect(message.percent).toBeGreaterThanOrEqual(before.percent);
  });
}

/** Every crash is a process that starts again, which takes a busy machine seconds; this only ends a test that hangs. */
const HANGS_MS = 300_000;

const CLUSTER = /\/managedClusters\/[^/?]+\?/i;

test(
  "kill -9 around every request of a stop: it is asked for until it has taken effect, and not again",
  { timeout: HANGS_MS },
  async ({ dataDir, cleanUp }) => {
    const { azure, api, crashAt } = await startMortal(dataDir, cleanUp, 30);
    const id = await clusterId(api, "shop-prod");
    const crashes = crashAt([
      { title: "asking for the stop", method: "POST", path: /\/stop\?/i, when: "before" },
      { title: "the stop was accepted", method: "POST", path: /\/stop\?/i, when: "after" },
      { title: "looking at it", method: "GET", path: CLUSTER, when: "before" },
      { title: "looked at it", method: "GET", path: CLUSTER, when: "after" },
    ]);
    const watch = watchOperation(api, await begin(api, "StopCluster", { clusterId: id }));
    await crashes;
    await azure.setSpeed(300);
    await watch.completed;
    expect(watch.messages.at(-1)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
    expectNothingLost(watch.messages);
    expect(requestsOf(await azure.requests(), "POST", /\/stop\?/i).filter(({ effective }) => effective)).toHaveLength(
      1,
    );
  },
);

test(
  "kill -9 around every request of a delete: the cluster goes, then its group, each once",
  { timeout: HANGS_MS },
  async ({ dataDir, cleanUp }) => {
    const { azure, api, crashAt } = await startMortal(dataDir, cleanUp, 300);
    const provision = watchProgress(api, await startProvision(api, clusterInput("mortal")));
    await provision.completed;
    const id = await clusterId(api, "mortal");
    const group = /\/resourcegroups\/mortal-rg\?/i;
    const crashes = crashAt([
      { title: "asking for the delete", method: "DELETE", path: CLUSTER, when: "before" },
      { title: "the delete was accepted", method: "DELETE", path: CLUSTER, when: "after" },
      { title: "the group was read", method: "GET", path: group, when: "after" },
      { title: "asking for the group to go", method: "DELETE", path: group, when: "before" },
      { title: "the group goes", method: "DELETE", path: group, when: "after" },
    ]);
    const watch = watchOperation(api, await begin(api, "DeleteCluster", { clusterId: id, confirmName: "mortal" }));
    await crashes;
    await watch.completed;
    expect(watch.messages.at(-1)).toMatchObject({ status: "SUCCEEDED", clusterState: "Deleted" });
    expectNothingLost(watch.messages);
    const deletes = requestsOf(await azure.requests(), "DELETE", /./).filter(({ effective }) => effective);
    expect(deletes).toHaveLength(2);
    expect((await azure.resources()).map(({ name }) => name)).not.toContain("mortal-rg");
  },
);

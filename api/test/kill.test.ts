import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";
import { createAzureControl, effectiveClusterPuts, requestsOf, type AzureControl } from "./azure-control.ts";
import { createCrashProxy, type CrashPoint, type CrashProxy } from "./crash-proxy.ts";
import { operation } from "./documents.ts";
import { test as base } from "./fixtures.ts";
import { createApiProcess, createAzureProcess, type TestProcess } from "./processes.ts";
import {
  clusterInput,
  expectContiguous,
  startProvision,
  watchProgress,
  watchTimeline,
  type Progress,
  type TimelineRow,
} from "./provisions.ts";

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

const RECONNECT_MS = 100;
/** Every wait below ends by what happens; a process takes a busy machine many seconds to start, and each is started many times. */
const HANGS_MS = 300_000;
const CLUSTER = /\/managedClusters\/survivor\?/i;
const GROUP = /\/resourceGroups\/survivor-rg\?/i;
const OPERATION = /\/operations\//i;
const ROLE = /\/roleAssignments\//i;

/** Azure's clock stands from the request for the cluster on, so that no create ends before the last kill, however long those take. */
function standStillOnceAsked(proxy: CrashProxy, azure: AzureControl): void {
  const asked = { title: "asking for the cluster", method: "PUT", path: CLUSTER, when: "before" } as const;
  proxy.pauseAt(asked, 1, () => azure.setSpeed(0));
}

const UNTIL_CREATING: readonly CrashPoint[] = [
  { title: "asking whether the name is free", method: "GET", path: CLUSTER, when: "after" },
  { title: "asking for a new group", method: "PUT", path: GROUP, when: "before" },
  { title: "the new group was accepted", method: "PUT", path: GROUP, when: "after" },
  { title: "the group is shown", method: "GET", path: GROUP, when: "after" },
  { title: "asking for the cluster", method: "PUT", path: CLUSTER, when: "before" },
  { title: "the cluster was accepted", method: "PUT", path: CLUSTER, when: "after" },
  { title: "looked at the cluster", method: "GET", path: CLUSTER, when: "after" },
];
const GRANTING: readonly CrashPoint[] = [
  { title: "asking for the role", method: "PUT", path: ROLE, when: "before" },
  { title: "the role was granted", method: "PUT", path: ROLE, when: "after" },
];

async function demoRegistryId(api: ApiClient): Promise<string | undefined> {
  const { registries } = await api.data<{ registries: { id: string; name: string }[] }>(operation("Registries"));
  return registries.find(({ name }) => name === DEMO.registry.name)?.id;
}

/** Every entry, by a reader who comes back after each break with the last sequence it has. */
async function followTimeline(url: string, id: string): Promise<TimelineRow[]> {
  const rows: TimelineRow[] = [];
  for (;;) {
    const api = createApiClient(url);
    const watch = watchTimeline(api, id, rows.at(-1)?.sequence ?? 0);
    const isComplete = await watch.completed.then(
      () => true,
      () => false,
    );
    await api.close();
    rows.push(...watch.messages);
    if (isComplete) return rows;
    await wait(RECONNECT_MS);
  }
}

/** The sequence never goes back; a snapshot after a break may repeat the last state, word for word. */
function expectNothingLost(messages: readonly Progress[], breaks: number): void {
  let repeats = 0;
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (!before) return;
    expect(message.sequence).toBeGreaterThanOrEqual(before.sequence);
    expect(message.percent).toBeGreaterThanOrEqual(before.percent);
    expect(message.step).toBeGreaterThanOrEqual(before.step);
    if (message.sequence > before.sequence) return;
    repeats++;
    expect({ ...message, pace: null }).toEqual({ ...before, pace: null });
  });
  expect(repeats).toBeLessThanOrEqual(breaks);
}

test(
  "kill -9 at every request to Azure, before and after it takes effect: one cluster, nothing lost",
  {
    timeout: HANGS_MS,
  },
  async ({ dataDir, cleanUp }) => {
    const emulator = await createEmulator({ port: 0, speed: 20 });
    cleanUp(emulator.stop);
    const azure = createAzureControl(emulator.url);
    const proxy = await createCrashProxy(() => emulator.url);
    cleanUp(proxy.stop);
    const process = await createApiProcess({ dataDir, azureUrl: proxy.url, speed: 20 });
    cleanUp(process.kill);
    await process.start();
    const api = createApiClient(process.url, { reconnect: true });
    cleanUp(api.close);
    const crashed: string[] = [];
    const crash = async (point: { readonly title: string }): Promise<void> => {
      crashed.push(point.title);
      await process.kill();
      await process.start();
    };

    const registryId = await demoRegistryId(api);
    standStillOnceAsked(proxy, azure);
    const askedAtMs = Date.now();
    const id = await startProvision(api, clusterInput("survivor", { registryId }));
    const answeredAtMs = Date.now();
    const progress = watchProgress(api, id);
    const timeline = followTimeline(process.url, id);
    await process.kill();
    const untilCreating = proxy.crashAt(UNTIL_CREATING, crash);
    await process.start();
    await untilCreating;
    await progress.until("a look at the cluster", ({ clusterState }) => clusterState === "Creating");
    // The reply of the PUT was lost with the process, and with it the operation: from here on the cluster tells.
    const granting = proxy.crashAt(GRANTING, crash);
    await azure.setSpeed(300);
    await progress.until("the fourth step", ({ step }) => step >= 4);
    await granting;
    await progress.completed;

    expect(crashed).toEqual([...UNTIL_CREATING, ...GRANTING].map(({ title }) => title));
    const last = progress.messages.at(-1);
    expect(last).toMatchObject({ status: "SUCCEEDED", percent: 100, clusterState: "Succeeded" });
    expect(new Set(progress.messages.map(({ startedAt }) => startedAt)).size).toBe(1);
    expect(Date.parse(last?.startedAt ?? "")).toBeGreaterThanOrEqual(askedAtMs);
    expect(Date.parse(last?.startedAt ?? "")).toBeLessThanOrEqual(answeredAtMs);
    expectNothingLost(progress.messages, crashed.length + 1);
    expectContiguous(await timeline);
    const { provision } = await api.data<{ provision: { timeline: TimelineRow[] } }>(operation("Provision"), { id });
    expect(await timeline).toEqual(provision.timeline);

    const requests = await azure.requests();
    expect(effectiveClusterPuts(requests)).toHaveLength(1);
    expect(requestsOf(requests, "PUT", GROUP).filter(({ effective }) => effective)).toHaveLength(1);
    expect(requestsOf(requests, "PUT", ROLE).filter(({ effective }) => effective)).toHaveLength(1);
    const { provisions } = await api.data<{ provisions: { edges: object[] } }>(operation("Provisions"));
    expect(provisions.edges).toHaveLength(1);
  },
);

test(
  "kill -9 while Azure works, with the operation stored: the same operation is looked at again",
  {
    timeout: HANGS_MS,
  },
  async ({ dataDir, cleanUp }) => {
    const emulator = await createEmulator({ port: 0, speed: 40 });
    cleanUp(emulator.stop);
    const azure = createAzureControl(emulator.url);
    const proxy = await createCrashProxy(() => emulator.url);
    cleanUp(proxy.stop);
    const process = await createApiProcess({ dataDir, azureUrl: proxy.url, speed: 40 });
    cleanUp(process.kill);
    await process.start();
    const api = createApiClient(process.url, { reconnect: true });
    cleanUp(api.close);
    const points: readonly CrashPoint[] = (["after", "before"] as const).map((when) => ({
      title: `looking at the operation (${when})`,
      method: "GET",
      path: OPERATION,
      when,
    }));
    const crashes = proxy.crashAt(points, async () => {
      await process.kill();
      await process.start();
    });
    standStillOnceAsked(proxy, azure);
    const progress = watchProgress(api, await startProvision(api, clusterInput("survivor")));
    await crashes;
    await azure.setSpeed(300);
    await progress.completed;
    expect(progress.messages.at(-1)?.status).toBe("SUCCEEDED");
    expectNothingLost(progress.messages, points.length);
    const requests = await azure.requests();
    expect(effectiveClusterPuts(requests)).toHaveLength(1);
    expect(new Set(requestsOf(requests, "GET", OPERATION).map(({ path }) => path)).size).toBe(1);
  },
);

test(
  "kill -9 of the API and of Azure together, twice: both go on where they were",
  {
    timeout: HANGS_MS,
  },
  async ({ dataDir, cleanUp }) => {
    const speed = 40;
    const azureProcess = await createAzureProcess({ dataDir: join(dataDir, "azure"), speed });
    const process = await createApiProcess({ dataDir, azureUrl: azureProcess.url, speed });
    const both: readonly TestProcess[] = [azureProcess, process];
    for (const one of both) {
      cleanUp(one.kill);
      await one.start();
    }
    const azure = createAzureControl(azureProcess.url);
    const api = createApiClient(process.url, { reconnect: true });
    cleanUp(api.close);
    const killBoth = async (): Promise<void> => {
      await Promise.all(both.map((one) => one.kill()));
      // The API first, so that it meets an Azure that is not there yet.
      await process.start();
      await azureProcess.start();
    };

    const id = await startProvision(api, clusterInput("survivor"));
    await killBoth();
    const progress = watchProgress(api, id);
    await progress.until("a look at the cluster", ({ clusterState }) => clusterState === "Creating");
    await killBoth();
    await azure.setSpeed(300);
    await progress.completed;
    expect(progress.messages.at(-1)?.status).toBe("SUCCEEDED");
    expectNothingLost(progress.messages, 1);
    expect(effectiveClusterPuts(await azure.requests())).toHaveLength(1);
    expectContiguous(await followTimeline(process.url, id));
  },
);

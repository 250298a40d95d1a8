import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { seededNumber } from "../arm-emulator/seeded-number.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";
import { createAzureControl, effectiveClusterPuts, requestsOf } from "./azure-control.ts";
import { createCrashProxy, type CrashPoint } from "./crash-proxy.ts";
import { change, leftKinds, lifecycleOf, outcomeOf, type ChangeAnswer } from "./lifecycle.ts";
import { createApiProcess } from "./processes.ts";
import { clusterInput, expectContiguous, startProvision, watchProgress, type Progress } from "./provisions.ts";

interface Mortal {
  readonly api: ApiClient;
  readonly azure: ReturnType<typeof createAzureControl>;
  /** Kills the process and starts another one at each of these, in order. */
  crashAt(points: readonly CrashPoint[]): Promise<void>;
}

/** The API as a process of its own on an Azure of its own, with a proxy between them that has it crash at exact moments. */
async function withMortal(use: (mortal: Mortal) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-kill-cancel-"));
  const emulator = await createEmulator({ port: 0, speed: SPEED });
  const proxy = await createCrashProxy(() => emulator.url);
  const slipway = await createApiProcess({ dataDir, azureUrl: proxy.url, speed: SPEED });
  const api = createApiClient(slipway.url, { reconnect: true });
  const crash = async (): Promise<void> => {
    await slipway.kill();
    await slipway.start();
  };
  try {
    await slipway.start();
    await use({ api, azure: createAzureControl(emulator.url), crashAt: (points) => proxy.crashAt(points, crash) });
  } finally {
    await api.close();
    await slipway.kill();
    await proxy.stop();
    await emulator.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

// oxlint-disable-next-line node/no-process-env -- how long this test runs is no setting of the product
const ROUNDS = Number(process.env["SLIPWAY_CANCEL_ROUNDS"] ?? 1);
const SECONDS_PER_ROUND = 120;
const SPEED = 60;
const CLUSTER = /\/managedClusters\/[^/?]+\?/i;
const ABORT = /\/abort\?/i;
const ROLE = /\/roleAssignments\//i;

const CANCELING: readonly CrashPoint[] = [
  { title: "looking before the stop", method: "GET", path: CLUSTER, when: "after" },
  { title: "asking for the stop", method: "POST", path: ABORT, when: "before" },
  { title: "the stop was accepted", method: "POST", path: ABORT, when: "after" },
  { title: "looking for the end", method: "GET", path: CLUSTER, when: "before" },
];
const GRANTING: readonly CrashPoint[] = [
  { title: "looking at the cluster", method: "GET", path: CLUSTER, when: "before" },
  { title: "looked at the cluster", method: "GET", path: CLUSTER, when: "after" },
  { title: "asking for the role", method: "PUT", path: ROLE, when: "before" },
  { title: "the role was granted", method: "PUT", path: ROLE, when: "after" },
];

/** All of them in one round; with more rounds, each time some others, at least one. */
function pointsOf(all: readonly CrashPoint[], round: number): readonly CrashPoint[] {
  const kept = all.filter(({ title }) => round === 0 || seededNumber(`${title}/${round}`, 0, 1) === 1);
  return kept.length > 0 ? kept : all.slice(-1);
}

/** The sequence never goes back, and neither does the bar; there is one end. */
function expectNothingLost(messages: readonly Progress[]): void {
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (!before) return;
    expect(message.sequence).toBeGreaterThanOrEqual(before.sequence);
    expect(message.percent).toBeGreaterThanOrEqual(before.percent);
  });
  expect(messages.filter(({ status }) => status === "SUCCEEDED" || status === "FAILED")).toEqual([]);
}

/** The process may die of another look before it has heard, or before it answers: people try again until they are answered. */
async function askUntilHeard(ask: () => Promise<ChangeAnswer>): Promise<void> {
  const heard = async (): Promise<string | undefined> => {
    const answer = await ask().catch(() => undefined);
    return answer?.code ?? answer?.__typename;
  };
  await expect.poll(heard, { interval: 200, timeout: 60_000 }).toMatch(/Success$|^NOTHING_TO_GRANT$/);
}

const POOLS = [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 }];
const REFUSED_ONCE = {
  match: { operation: "roleAssignments.create" },
  times: 1,
  then: { status: 403, body: { error: { code: "AuthorizationFailed", message: "You may not." } } },
};

test(
  `kill -9 around every request of a cancel, ${ROUNDS} times: it ends as CANCELED, and Azure has stopped the create once`,
  { timeout: (120 + ROUNDS * SECONDS_PER_ROUND) * 1000 },
  async () => {
    for (let round = 0; round < ROUNDS; round++)
      await withMortal(async ({ api, azure, crashAt }) => {
        // It outlasts every restart, and ends by nothing but the stop.
        await azure.scenario("mortal", "stuck");
        const id = await startProvision(api, clusterInput("mortal", { nodePools: POOLS }));
        const watch = watchProgress(api, id);
        await watch.until("the create", ({ clusterState }) => clusterState === "Creating");
        const crashes = crashAt(pointsOf(CANCELING, round));
        await askUntilHeard(() => change(api, "CancelProvision", id));
        await crashes;
        await watch.completed;
        expect(watch.messages.at(-1)).toMatchObject({ status: "CANCELED", clusterState: "Canceled" });
        expectNothingLost(watch.messages);
        const requests = await azure.requests();
        expect(effectiveClusterPuts(requests)).toHaveLength(1);
        expect(requestsOf(requests, "POST", ABORT).filter(({ effective }) => effective)).toHaveLength(1);
        const outcome = await outcomeOf(api, id);
        expectContiguous(outcome.timeline);
        expect(outcome.timeline.filter(({ message }) => message.startsWith("Cancel asked for"))).toHaveLength(1);
        expect(leftKinds(outcome)).toEqual(["CLUSTER", "NODE_RESOURCE_GROUP", "RESOURCE_GROUP"]);
      });
  },
);

test(
  `kill -9 around every request of granting roles again, ${ROUNDS} times: granted once, and the provision has succeeded`,
  { timeout: (120 + ROUNDS * SECONDS_PER_ROUND) * 1000 },
  async () => {
    for (let round = 0; round < ROUNDS; round++)
      await withMortal(async ({ api, azure, crashAt }) => {
        const { registries } = await api.data<{ registries: { id: string }[] }>("{ registries { id } }");
        await azure.fault(REFUSED_ONCE);
        await azure.setSpeed(SPEED * 10);
        const id = await startProvision(
          api,
          clusterInput("lacking", { nodePools: POOLS, registryId: registries[0]?.id }),
        );
        const watch = watchProgress(api, id);
        await watch.completed;
        expect(watch.messages.at(-1)?.failure?.category).toBe("PERMISSIONS_INCOMPLETE");
        const since = await azure.lastRequest();
        const crashes = crashAt(pointsOf(GRANTING, round));
        await askUntilHeard(() => change(api, "GrantRoles", id));
        await crashes;
        await expect.poll(async () => (await lifecycleOf(api, id)).status, { timeout: 30_000 }).toBe("SUCCEEDED");
        expect((await lifecycleOf(api, id)).amendments).toMatchObject([{ kind: "ROLES_GRANTED" }]);
        const outcome = await outcomeOf(api, id);
        expect(outcome).toMatchObject({ failure: null, leftovers: [] });
        expectContiguous(outcome.timeline);
        const requests = await azure.requests(since);
        expect(requestsOf(requests, "PUT", ROLE).filter(({ effective }) => effective)).toHaveLength(1);
        expect(effectiveClusterPuts(requests)).toEqual([]);
      });
  },
);

import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import { createRandom } from "../src/shared/seeded-random.fixture.ts";
import { effectiveClusterPuts, requestsOf } from "./azure-control.ts";
import { startDeployment, type TestDeployment } from "./deployment.ts";
import { operation } from "./documents.ts";
import type { TestProcess } from "./processes.ts";
import {
  clusterInput,
  expectContiguous,
  expectProgressPromises,
  startProvision,
  untilEnded,
  watchProgress,
  watchTimeline,
} from "./provisions.ts";
import { killWorkerAmid } from "./worker-kill.ts";

/** Waits end by what happens; a process takes a busy machine many seconds to start. */
const HANGS_MS = 180_000;
const SPEED = 40;
const FAST = 300;
/** No look of a watcher follows another sooner than this, in real time. */
const SHORTEST_REST_MS = 250;
const CLUSTER_LIST = new RegExp(
  `${DEMO.subscriptionId}/providers/Microsoft\\.ContainerService/managedClusters\\?`,
  "i",
);

// oxlint-disable-next-line node/no-process-env -- how long this test runs is no setting of the product
const ROUNDS = Number(process.env["SLIPWAY_WORKER_KILLS"] ?? 1);
const PROVISIONS_PER_ROUND = 8;
const LONGEST_PAUSE_MS = 6_000;

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await startDeployment({ speed: SPEED });
}, HANGS_MS);
afterAll(() => deployment.stop());

async function readiness(process: TestProcess): Promise<readonly [number, unknown]> {
  const { status, text } = await deployment.client(process).http({ method: "GET", path: "/readyz" });
  return [status, (JSON.parse(text) as { checks: object[] }).checks];
}

test("every process says that it reaches the store and the queue, and a worker answers nothing but probes", async () => {
  for (const one of [...deployment.apis, ...deployment.workers]) {
    expect(await readiness(one)).toEqual([
      200,
      [
        { name: "store", ok: true },
        { name: "queue", ok: true },
      ],
    ]);
  }
  const worker = deployment.client(deployment.workers[0]);
  expect((await worker.http({ path: "/graphql", body: "{}" })).status).toBe(404);
  expect((await worker.http({ method: "GET", path: "/healthz" })).status).toBe(200);
});

test(
  "what is started at one API is watched from the other, and goes on when the worker that drives it is killed",
  { timeout: HANGS_MS },
  async () => {
    const { apis, azure } = deployment;
    await azure.setSpeed(SPEED);
    const since = await azure.lastRequest();
    const id = await startProvision(deployment.client(apis[0]), clusterInput("driven"));
    const progress = watchProgress(deployment.client(apis[1]), id);
    await progress.until("a look at the cluster", ({ clusterState }) => clusterState === "Creating");
    const driver = await deployment.driverOf("provision");
    await driver.kill();
    await azure.setSpeed(FAST);
    expect(await untilEnded(progress)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
    expectProgressPromises(progress.messages);
    expect(effectiveClusterPuts(await azure.requests(since))).toHaveLength(1);
    await driver.start();
  },
);

test(
  `a worker is killed at any moment of eight creates, ${ROUNDS} times: the other one ends each of them, and no cluster is made twice`,
  { timeout: ROUNDS * HANGS_MS },
  async () => {
    const random = createRandom(6);
    const silences: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [driving, idle] = round % 2 === 0 ? deployment.workers : deployment.workers.toReversed();
      if (!driving || !idle) throw new Error("There are two workers.");
      const until = (): Promise<unknown> => wait(random() * LONGEST_PAUSE_MS);
      const name = `killed-${round}`;
      const killed = await killWorkerAmid(deployment, { name, provisions: PROVISIONS_PER_ROUND, driving, idle, until });
      expect(killed.ends).toEqual(Array.from({ length: PROVISIONS_PER_ROUND }, () => "SUCCEEDED"));
      expect(killed.creates).toBe(PROVISIONS_PER_ROUND);
      silences.push(...killed.silencesMs);
      await deployment.azure.reset();
      if (ROUNDS > 1) process.stdout.write(`round ${round + 1}: ${describeSpread(silences)}\n`);
    }
  },
);

test("a Redis that is killed takes no news with it", { timeout: HANGS_MS }, async () => {
  const { apis, azure, redis } = deployment;
  await azure.setSpeed(SPEED);
  const id = await startProvision(deployment.client(apis[1]), clusterInput("hintless"));
  const api = deployment.client(apis[0]);
  const progress = watchProgress(api, id);
  const timeline = watchTimeline(api, id);
  await progress.until("a look at the cluster", ({ clusterState }) => clusterState === "Creating");
  await redis.kill();
  await azure.setSpeed(FAST);
  expect(await untilEnded(progress)).toMatchObject({ status: "SUCCEEDED" });
  expectProgressPromises(progress.messages);
  await timeline.completed;
  expectContiguous(timeline.messages);
  expect((await readiness(apis[0]))[0]).toBe(200);
  await redis.start();
});

test(
  "an API that is told to end sends its readers to the other one, which goes on without gap or repetition",
  { timeout: HANGS_MS },
  async () => {
    const { apis, azure } = deployment;
    await azure.setSpeed(SPEED);
    const id = await startProvision(deployment.client(apis[0]), clusterInput("handed-over"));
    const before = watchTimeline(deployment.client(apis[0]), id);
    await before.until("a second entry", ({ sequence }) => sequence >= 2);
    const exitCode = await apis[0].terminate();
    await expect(before.completed).rejects.toThrow();
    const after = watchTimeline(deployment.client(apis[1]), id, before.messages.at(-1)?.sequence);
    await azure.setSpeed(FAST);
    await after.completed;
    expect(exitCode).toBe(0);
    expect(after.messages.length).toBeGreaterThan(0);
    expectContiguous([...before.messages, ...after.messages]);
    await apis[0].start();
  },
);

test(
  "one watcher looks at a subscription for the readers of every process, and moves when its process is killed",
  { timeout: HANGS_MS },
  async () => {
    const { apis, workers, azure } = deployment;
    await azure.setSpeed(SPEED);
    for (const api of apis) await deployment.client(api).subscribe(operation("ClusterUpdated")).first();
    const since = await azure.lastRequest();
    const looks = async () => requestsOf(await azure.requests(since), "GET", CLUSTER_LIST);
    const moreLooks = async (): Promise<void> => {
      const before = (await looks()).length;
      await expect.poll(async () => (await looks()).length, { timeout: HANGS_MS }).toBeGreaterThanOrEqual(before + 4);
    };
    await moreLooks();
    for (const worker of workers) {
      await worker.kill();
      await moreLooks();
      await worker.start();
    }
    // A watcher rests between two looks, by Azure's clock at least so long: two of them would not keep to it.
    const times = (await looks()).map(({ at }) => Date.parse(at));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0.9 * SHORTEST_REST_MS * SPEED);
  },
);

function describeSpread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => `${Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)} ms`;
  return `${sorted.length} without news for p50 ${at(0.5)}, p95 ${at(0.95)}, at most ${at(1)}`;
}

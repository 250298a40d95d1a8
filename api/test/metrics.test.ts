import { describe, expect } from "vitest";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { scrape } from "./metrics.ts";
import { clusterId as idOfCluster, operationToEnd } from "./operations.ts";
import { clusterInput, provisionToEnd, startProvision, untilEnded, watchProgress } from "./provisions.ts";

const CLUSTER_PUT = { method: "PUT", path: "/managedClusters/" };
const PUT_OPERATION = "PUT microsoft.containerservice/managedclusters";
const JOB = "cluster-operation";
const CLUSTERS = 'slipway_live_subscribers{subscription="clusterUpdated"}';

const value = async (slipway: Slipway, line: string): Promise<number | undefined> => (await scrape(slipway)).get(line);

describe("jobs", () => {
  test("that have not ended are counted by state, with the age of the oldest and how late they are", async ({
    start,
  }) => {
    const slipway = await start({ speed: 0 });
    await startProvision(slipway.api, clusterInput("metrics-jobs"));
    const found = await scrape(slipway);
    expect(found.get('slipway_jobs{job="provision",state="WAITING"}')).toBe(1);
    expect(found.get('slipway_job_oldest_seconds{job="provision",state="WAITING"}')).toBeGreaterThan(0);
    expect(found.get('slipway_job_overdue_seconds{job="provision"}')).toBeGreaterThanOrEqual(0);
    expect(found.get("slipway_store_up")).toBe(1);
  });

  test("that end are counted by how, and their looks are timed", async ({ slipway }) => {
    const clusterId = await idOfCluster(slipway.api, "shop-prod");
    await operationToEnd(slipway.api, "StopCluster", { clusterId });
    await expect.poll(() => value(slipway, `slipway_jobs_finished_total{job="${JOB}",state="SUCCEEDED"}`)).toBe(1);
    const found = await scrape(slipway);
    expect(found.get(`slipway_job_look_seconds_count{job="${JOB}"}`)).toBeGreaterThan(2);
    expect(found.has(`slipway_jobs{job="${JOB}",state="WAITING"}`)).toBe(false);
  });

  test.for([
    ["throttled", { throttle: { retryAfterSeconds: 1 } }],
    ["trouble", { status: 503, body: {} }],
  ] as const)("that are %s look again, which is counted", async ([reason, then], { slipway }) => {
    await slipway.azure.fault({ match: CLUSTER_PUT, times: 2, then });
    const { last } = await provisionToEnd(slipway.api, clusterInput(`metrics-${reason}`));
    expect(last.status).toBe("SUCCEEDED");
    expect(await value(slipway, `slipway_job_retries_total{job="provision",reason="${reason}"}`)).toBe(2);
  });
});

describe("Azure", () => {
  test("requests are counted by what they are about and by status, and what is left of a limit is told", async ({
    slipway,
  }) => {
    await slipway.azure.fault({ match: CLUSTER_PUT, times: 1, then: { throttle: { retryAfterSeconds: 1 } } });
    await provisionToEnd(slipway.api, clusterInput("metrics-arm"));
    const found = await scrape(slipway);
    expect(found.get(`slipway_arm_requests_total{operation="${PUT_OPERATION}",status="201"}`)).toBe(1);
    expect(found.get(`slipway_arm_requests_total{operation="${PUT_OPERATION}",status="429"}`)).toBe(1);
    expect(found.get(`slipway_arm_request_seconds_count{operation="${PUT_OPERATION}"}`)).toBe(2);
    expect(found.get('slipway_arm_budget_remaining{bucket="subscription-reads"}')).toBeGreaterThan(0);
    expect(found.get('slipway_arm_budget_remaining{bucket="subscription-writes"}')).toBeGreaterThan(0);
  });

  test("requests that nothing answered are counted as such", async ({ start }) => {
    const slipway = await start({ withAzure: false });
    await slipway.api.graphql(operation("Registries"));
    const found = await scrape(slipway);
    expect([...found.keys()].filter((line) => line.includes('status="none"'))).not.toEqual([]);
  });
});

describe("live", () => {
  test("subscribers are counted by field, over WebSocket and as event streams, until they leave", async ({
    slipway,
  }) => {
    const document = operation("ClusterUpdated");
    const watches = [
      slipway.api.subscribe(document),
      slipway.client().subscribe(document),
      slipway.client().sse(document),
    ];
    await Promise.all(watches.map((watch) => watch.first()));
    const found = await scrape(slipway);
    expect(found.get(CLUSTERS)).toBe(3);
    expect(found.get("slipway_live_groups")).toBe(1);
    expect(found.get("slipway_live_connections")).toBe(3);
    for (const watch of watches) watch.stop();
    await expect.poll(() => value(slipway, CLUSTERS)).toBe(0);
    await expect.poll(() => value(slipway, "slipway_live_groups")).toBe(0);
  });

  test("changes are timed from the store to the subscriber's frame; the state at the beginning is none", async ({
    slipway,
  }) => {
    const delivered = "slipway_delivery_seconds_count";
    const quiet = slipway.api.subscribe(operation("ClusterUpdated"));
    await quiet.first();
    quiet.stop();
    const before = (await value(slipway, delivered)) ?? 0;
    const id = await startProvision(slipway.api, clusterInput("metrics-lag"));
    const last = await untilEnded(watchProgress(slipway.api, id));
    const found = await scrape(slipway);
    expect(found.get(delivered)).toBeGreaterThan(before);
    expect(found.get(delivered)).toBeLessThanOrEqual(before + last.sequence + 20);
    // Each took as long as this whole test at most.
    expect(found.get("slipway_delivery_seconds_sum")).toBeLessThan(60 * last.sequence);
  });
});

test("GraphQL operations are counted by kind and outcome, refusals by code", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_DEPTH: "3" } });
  await slipway.api.graphql("{ viewer { name } }");
  await slipway.api.graphql("query ($id: ID!) { cluster(id: $id) { name } }", { id: 1.5 });
  await slipway.api.graphql("{ clusters { nodePools { error { code } } } }");
  const found = await scrape(slipway);
  expect(found.get('slipway_graphql_operations_total{kind="query",outcome="ok"}')).toBe(1);
  expect(found.get('slipway_graphql_operations_total{kind="query",outcome="error"}')).toBe(1);
  expect(found.get('slipway_graphql_seconds_count{kind="query"}')).toBe(2);
  expect(found.get('slipway_refusals_total{code="DOCUMENT_TOO_DEEP"}')).toBe(1);
});

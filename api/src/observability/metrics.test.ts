import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

test("what was counted is printed for Prometheus", async () => {
  const metrics = createMetrics();
  metrics.publishFailures.inc();
  metrics.armRequests.inc({ operation: "managedClusters.get", status: "200" }, 2);
  metrics.liveSubscribers.set({ subscription: "provisionProgress" }, 3);
  const text = await metrics.registry.metrics();
  expect(text).toContain("slipway_publish_failures_total 1\n");
  expect(text).toContain('slipway_arm_requests_total{operation="managedClusters.get",status="200"} 2\n');
  expect(text).toContain('slipway_live_subscribers{subscription="provisionProgress"} 3\n');
});

test("every name follows the convention: slipway_ in front, counters end in _total, times in _seconds", async () => {
  const described = await createMetrics().registry.getMetricsAsJSON();
  expect(described.length).toBeGreaterThan(5);
  for (const { name, type } of described) {
    expect(name).toMatch(/^slipway_[a-z_]+$/);
    expect([name, name.endsWith("_total")]).toEqual([name, String(type) === "counter"]);
    if (String(type) === "histogram") expect(name).toMatch(/_seconds$/);
  }
});

test("each is in the documentation, which has no other", async () => {
  const told = new Set((await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name));
  const page = readFileSync(new URL("../../../docs/metrics.md", import.meta.url), "utf8");
  expect(new Set([...page.matchAll(/^\| `(slipway_[a-z_]+)/gm)].map(([, name]) => name))).toEqual(told);
});

test("two registries share nothing", async () => {
  const first = createMetrics();
  first.unexpectedErrors.inc();
  expect(await createMetrics().registry.metrics()).toContain("slipway_unexpected_errors_total 0\n");
});

test("the process's own figures are added on request", async () => {
  const { registry } = createMetrics({ withProcessMetrics: true });
  expect(await registry.metrics()).toContain("slipway_process_cpu_seconds_total");
});

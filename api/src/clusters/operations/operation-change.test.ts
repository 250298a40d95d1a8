import { expect, test } from "vitest";
import { CREATED_AT_MS } from "../provisioning/provision.fixture.ts";
import { applyFindings } from "./operation-change.ts";
import { newOperation, pool, standingCluster } from "./operation.fixture.ts";

const LATER_MS = CREATED_AT_MS + 5_000;
const LATER = new Date(LATER_MS).toISOString();

test("the sequence rises by one and the bar never falls", () => {
  const far = applyFindings(newOperation(), { within: 0.5 }, LATER_MS);
  expect(far).toMatchObject({ sequence: 2, percent: 49.5, observedAt: LATER });
  const back = applyFindings(far, { within: 0.1 }, LATER_MS);
  expect(back).toMatchObject({ sequence: 3, percent: 49.5 });
  expect(applyFindings(back, { status: "SUCCEEDED" }, LATER_MS)).toMatchObject({ percent: 100, finishedAt: LATER });
});

test("100 is the end's alone", () => {
  expect(applyFindings(newOperation(), { within: 1 }, LATER_MS).percent).toBeLessThan(100);
});

test("a look that finds nothing new is no change", () => {
  const before = newOperation();
  const after = applyFindings(before, { cluster: standingCluster() }, LATER_MS);
  expect(after).toMatchObject({ observedAt: LATER, changedAt: before.changedAt, events: before.events });
});

test("states and pools that change are told, and a pool that is gone stays as Deleted", () => {
  const cluster = standingCluster({
    provisioningState: "Updating",
    nodePools: [pool("system", { mode: "SYSTEM" }), pool("more", { provisioningState: "Creating", count: 1 })],
  });
  const after = applyFindings(newOperation(), { cluster }, LATER_MS);
  expect(after.nodePools.map(({ name, provisioningState }) => [name, provisioningState])).toEqual([
    ["system", "Succeeded"],
    ["more", "Creating"],
    ["apps", "Deleted"],
  ]);
  expect(after.events.slice(1)).toEqual([
    { sequence: 2, at: LATER, message: "AKS state: Updating", clusterState: "Updating" },
    { sequence: 3, at: LATER, message: "more: Creating, 1 node", clusterState: "Updating" },
    { sequence: 4, at: LATER, message: "apps: Deleted, 2 nodes", clusterState: "Updating" },
  ]);
});

test("a cluster that is gone takes its pools along", () => {
  const after = applyFindings(newOperation(), { cluster: "gone" }, LATER_MS);
  expect(after.clusterState).toBe("Deleted");
  expect(new Set(after.nodePools.map(({ provisioningState }) => provisioningState))).toEqual(new Set(["Deleted"]));
});

test("events have an end", () => {
  let operation = newOperation();
  for (let look = 0; look < 300; look++) operation = applyFindings(operation, { notes: [`note ${look}`] }, LATER_MS);
  expect(operation.events).toHaveLength(100);
  expect(operation.sequence).toBe(301);
});

test("when Azure accepted it is told once", () => {
  const accepted = applyFindings(newOperation(), { accepted: true }, LATER_MS);
  expect(applyFindings(accepted, { accepted: true }, LATER_MS + 1).acceptedAt).toBe(LATER);
});

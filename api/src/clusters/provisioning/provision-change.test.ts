import { describe, expect, test } from "vitest";
import { failureOf } from "../failures/failure.ts";
import { applyFindings, type ProvisionFindings } from "./provision-change.ts";
import { CREATED_AT_MS, newProvision, nodePool } from "./provision.fixture.ts";
import type { Provision, TimelineEntry } from "./provision.ts";

/** Applies looks one after the other, five seconds apart. */
function story(looks: readonly ProvisionFindings[]): { states: Provision[]; timeline: TimelineEntry[] } {
  const states = [newProvision()];
  const timeline: TimelineEntry[] = [];
  looks.forEach((findings, index) => {
    const before = states.at(-1) ?? newProvision();
    const { provision, entries } = applyFindings(before, findings, CREATED_AT_MS + (index + 1) * 5_000);
    states.push(provision);
    timeline.push(...entries);
  });
  return { states, timeline };
}

const GOOD: readonly ProvisionFindings[] = [
  { status: "RUNNING", within: 0.5 },
  { phase: "ENSURING_RESOURCE_GROUP", within: 0 },
  { phase: "ARM_CREATE_OR_UPDATE", within: 0, notes: ["Resource group rg exists in westeurope"] },
  { phase: "ARM_CREATE_OR_UPDATE", armStarted: true, within: 0.1, portalUrl: "https://portal.example" },
  { within: 0.4, clusterState: "Creating", nodePools: [nodePool("system", "Creating"), nodePool("apps", "Creating")] },
  { within: 0.3, clusterState: "Creating", nodePools: [nodePool("system", "Succeeded")] },
  { phase: "ENSURING_RBAC", clusterState: "Succeeded", armFinished: true },
  { phase: "COMPLETED", status: "SUCCEEDED", message: null },
];

describe("promises of the progress stream", () => {
  const { states, timeline } = story(GOOD);

  test("the sequence rises by one with every look", () => {
    expect(states.map(({ sequence }) => sequence)).toEqual(states.map((_state, index) => index + 1));
  });

  test("percent never falls, not even when a look finds less", () => {
    const percents = states.map(({ percent }) => percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.at(-1)).toBe(100);
  });

  test("a phase that was reached is not left for an earlier one", () => {
    const { provision } = applyFindings(newProvision({ phase: "ENSURING_RBAC" }), { phase: "CREATING_CLUSTER" }, 0);
    expect(provision.phase).toBe("ENSURING_RBAC");
  });

  test("pools and portal link that were seen stay, also when a look lacks them", () => {
    expect(states.at(-1)?.nodePools.map(({ name }) => name)).toEqual(["system", "apps"]);
    expect(states.at(-1)?.portalUrl).toBe("https://portal.example");
  });

  test("the timeline goes on from the record without a gap", () => {
    expect(timeline.map(({ sequence }) => sequence)).toEqual(timeline.map((_entry, index) => index + 2));
    expect(states.at(-1)?.timelineSequence).toBe(timeline.length + 1);
  });

  test("what was found belongs to the step that found it, the label to the next", () => {
    expect(timeline.map(({ phase, message }) => `${phase}: ${message}`)).toEqual([
      "CREATING_CLUSTER: Preparing ARM request",
      "ENSURING_RESOURCE_GROUP: Ensuring resource group",
      "ENSURING_RESOURCE_GROUP: Resource group rg exists in westeurope",
      "ARM_CREATE_OR_UPDATE: Creating AKS cluster (5–10 min)",
      "ARM_CREATE_OR_UPDATE: AKS state: Creating",
      "ARM_CREATE_OR_UPDATE: system: Creating, 1 node",
      "ARM_CREATE_OR_UPDATE: apps: Creating, 1 node",
      "ARM_CREATE_OR_UPDATE: system: Succeeded, 1 node",
      "ARM_CREATE_OR_UPDATE: AKS state: Succeeded",
      "ENSURING_RBAC: Granting role assignments",
      "COMPLETED: Cluster ready",
    ]);
  });

  test("times are those of the looks: elapsed comes from them and survives a restart", () => {
    expect(states.at(-1)).toMatchObject({
      createdAt: "2026-01-01T00:00:00.000Z",
      armStartedAt: "2026-01-01T00:00:20.000Z",
      armFinishedAt: "2026-01-01T00:00:35.000Z",
      finishedAt: "2026-01-01T00:00:40.000Z",
      observedAt: "2026-01-01T00:00:40.000Z",
    });
  });
});

test("a look that finds nothing new is a look, not a change", () => {
  const before = newProvision({ status: "RUNNING", clusterState: "Creating", phase: "ARM_CREATE_OR_UPDATE" });
  const { provision, entries } = applyFindings(before, { clusterState: "Creating" }, CREATED_AT_MS + 5_000);
  expect(entries).toEqual([]);
  expect(provision.observedAt).toBe("2026-01-01T00:00:05.000Z");
  expect(provision.changedAt).toBe(before.changedAt);
});

test("a message stays until another one, null or the next step", () => {
  const before = newProvision({ status: "RUNNING", message: "waiting" });
  const messageAfter = (findings: ProvisionFindings) =>
    applyFindings(before, findings, CREATED_AT_MS).provision.message;
  expect(messageAfter({})).toBe("waiting");
  expect(messageAfter({ message: "going" })).toBe("going");
  expect(messageAfter({ message: null })).toBeUndefined();
  expect(messageAfter({ phase: "ENSURING_RBAC" })).toBeUndefined();
});

test("a pool that succeeds after all has no error any more", () => {
  const errors = new Map([["apps", { code: "ZonalAllocationFailed", message: "No room." }]]);
  const look = (before: Provision, state: string) =>
    applyFindings(before, { nodePools: [nodePool("apps", state)], nodePoolErrors: errors }, CREATED_AT_MS);
  const failed = look(newProvision({ status: "RUNNING" }), "Failed");
  const mended = look(failed.provision, "Succeeded");
  expect(mended.provision.nodePools[0]).not.toHaveProperty("error");
});

test("a pool's error stays on its chip and tells itself once", () => {
  const errors = new Map([["apps", { code: "SubnetIsFull", message: "No room." }]]);
  const first = applyFindings(
    newProvision({ status: "RUNNING" }),
    { nodePools: [nodePool("apps", "Failed")], nodePoolErrors: errors },
    CREATED_AT_MS,
  );
  expect(first.entries.map(({ message }) => message)).toEqual(["apps: Failed, 1 node: No room."]);
  const second = applyFindings(first.provision, { nodePools: [nodePool("apps", "Failed")] }, CREATED_AT_MS);
  expect(second.entries).toEqual([]);
  expect(second.provision.nodePools[0]?.error?.code).toBe("SubnetIsFull");
});

test("a failure keeps how far it came", () => {
  const failure = failureOf("QUOTA", "QuotaExceeded", "Too many.");
  const before = newProvision({ status: "RUNNING", phase: "ARM_CREATE_OR_UPDATE", percent: 42.5 });
  const { provision } = applyFindings(before, { status: "FAILED", failure }, CREATED_AT_MS + 1_000);
  expect(provision).toMatchObject({ status: "FAILED", percent: 42.5, failure, finishedAt: "2026-01-01T00:00:01.000Z" });
});

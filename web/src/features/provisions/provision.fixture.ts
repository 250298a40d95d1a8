import type {
  PoolProgress,
  Progress,
  ProvisionDetail,
  ProvisionPageData,
  TimelineEntry,
} from "./provision-documents.ts";

/** A provision in the middle of its ARM step, observed at 10:35:18, with everything known. */
export function progressFixture(part: Partial<Progress> = {}): Progress {
  return {
    provisionId: "p1",
    sequence: 40,
    status: "RUNNING",
    phase: "ARM_CREATE_OR_UPDATE",
    step: 3,
    totalSteps: 5,
    label: "Creating AKS cluster (5–10 min)",
    message: "AKS state: Creating",
    percent: 58.4,
    startedAt: "2026-11-22T10:31:06Z",
    observedAt: "2026-11-22T10:35:18Z",
    changedAt: "2026-11-22T10:34:46Z",
    elapsedSeconds: 252,
    armElapsedSeconds: 220,
    clusterState: "Creating",
    portalUrl: "https://portal.azure.com/#@/resource/x",
    expected: { lowSeconds: 360, highSeconds: 540, samples: 24 },
    pace: "ON_TRACK",
    nodePools: [poolFixture()],
    failure: null,
    ...part,
  };
}

/** The same before anything but the step is known. */
export function bareProgressFixture(part: Partial<Progress> = {}): Progress {
  return progressFixture({
    message: null,
    armElapsedSeconds: null,
    clusterState: null,
    portalUrl: null,
    expected: null,
    pace: "UNKNOWN",
    nodePools: [],
    ...part,
  });
}

export function poolFixture(part: Partial<PoolProgress> = {}): PoolProgress {
  return {
    name: "systempool",
    mode: "SYSTEM",
    vmSize: "Standard_D4s_v3",
    count: 1,
    provisioningState: "Succeeded",
    tone: "SUCCESS",
    error: null,
    ...part,
  };
}

export function entryFixture(sequence: number, part: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    sequence,
    at: "2026-11-22T10:31:06Z",
    phase: "CREATING_CLUSTER",
    message: `entry ${sequence}`,
    clusterState: null,
    ...part,
  };
}

export function provisionFixture(part: Partial<ProvisionDetail> = {}): ProvisionDetail {
  return {
    id: "p1",
    clusterName: "blast-prod-02",
    subscriptionId: "s1",
    resourceGroup: "rg-blast",
    location: "westeurope",
    kubernetesVersion: null,
    registryId: null,
    status: "RUNNING",
    startedBy: "Local operator",
    createdAt: "2026-11-22T10:31:06Z",
    finishedAt: null,
    portalUrl: null,
    progress: progressFixture(),
    requestedNodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D4s_v3", count: 1 }],
    requestedTags: [],
    leftovers: [],
    timeline: [entryFixture(1)],
    ...part,
  };
}

export function pageFixture(provision: ProvisionDetail | null = provisionFixture()): ProvisionPageData {
  return {
    provision,
    azure: { subscriptions: [{ subscriptionId: "s1", displayName: "Contoso Platform" }] },
    registries: [],
  };
}

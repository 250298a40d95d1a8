import type {
  DurationComparison,
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
    retry: null,
    percent: 58.4,
    startedAt: "2026-11-22T10:31:06Z",
    observedAt: "2026-11-22T10:35:18Z",
    changedAt: "2026-11-22T10:34:46Z",
    elapsedSeconds: 252,
    armElapsedSeconds: 220,
    clusterState: "Creating",
    portalUrl: "https://portal.azure.com/#@/resource/x",
    expected: { lowSeconds: 360, highSeconds: 540, samples: 24, basis: "LOCATION" },
    estimatedFinish: { earliest: "2026-11-22T10:37:06Z", latest: "2026-11-22T10:40:06Z" },
    pace: "ON_TRACK",
    paceHint: null,
    steps: stepsFixture(),
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
    estimatedFinish: null,
    pace: "UNKNOWN",
    steps: stepsFixture().map((step) => ({ ...step, startedAt: null, finishedAt: null, usualSeconds: null })),
    nodePools: [],
    ...part,
  });
}

/** The steps of {@link progressFixture}. */
export function stepsFixture(): Progress["steps"] {
  return [
    {
      phase: "CREATING_CLUSTER",
      startedAt: "2026-11-22T10:31:06Z",
      finishedAt: "2026-11-22T10:31:07Z",
      usualSeconds: 1,
    },
    {
      phase: "ENSURING_RESOURCE_GROUP",
      startedAt: "2026-11-22T10:31:07Z",
      finishedAt: "2026-11-22T10:31:13Z",
      usualSeconds: 6,
    },
    { phase: "ARM_CREATE_OR_UPDATE", startedAt: "2026-11-22T10:31:13Z", finishedAt: null, usualSeconds: 420 },
    { phase: "ENSURING_RBAC", startedAt: null, finishedAt: null, usualSeconds: 20 },
    { phase: "COMPLETED", startedAt: null, finishedAt: null, usualSeconds: 0 },
  ];
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
    states: [
      { state: "Creating", at: "2026-11-22T10:31:18Z" },
      { state: "Succeeded", at: "2026-11-22T10:34:46Z" },
    ],
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

/** Twelve earlier creates, the newest first: one failed, one was canceled, the others took six to nine minutes. */
export function durationsFixture(part: Partial<DurationComparison> = {}): DurationComparison {
  const minutes = [7.5, 6, 0.5, 8, 6.5, 9, 7, 3, 6, 7.2, 8.5, 6.8];
  return {
    basis: "LOCATION",
    samples: 10,
    lowSeconds: 360,
    highSeconds: 540,
    slowSeconds: 675,
    provisions: minutes.map((one, index) => ({
      provisionId: `past${index + 1}`,
      clusterName: `shop-${index + 1}`,
      startedAt: new Date(Date.parse("2026-11-21T10:00:00Z") - index * 3_600_000).toISOString(),
      tookSeconds: one * 60,
      outcome: { 2: "FAILED" as const, 7: "CANCELED" as const }[index] ?? "SUCCEEDED",
      isThis: false,
    })),
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
    needsAttention: false,
    isGrantingRoles: false,
    canceledBy: null,
    dismissedAt: null,
    dismissedBy: null,
    amendments: [],
    retryOf: null,
    retriedBy: null,
    timeline: [entryFixture(1)],
    durations: durationsFixture(),
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

import type { ClusterSnapshotStore } from "./clusters/cluster-snapshot-store.ts";
import { clusterWatchJob } from "./clusters/cluster-watch-job.ts";
import type { JobRecord } from "./jobs/job.ts";
import type { RegistryHead } from "./registry/registry-head.ts";
import { registryWatchJob } from "./registry/registry-watch-job.ts";
import type { Registry } from "./registry/registry.ts";
import type { Watcher } from "./system/system-health.ts";

/** What each slice's watchers have come to last, for the page about Slipway itself. Undefined for jobs that watch nothing. */
export function createWatcherWords(deps: {
  readonly snapshots: Pick<ClusterSnapshotStore, "lastLook">;
  readonly readHead: (registry: Registry) => Promise<RegistryHead>;
}): (job: JobRecord) => Promise<Omit<Watcher, "isResting"> | undefined> {
  return async ({ name, input }) => {
    switch (name) {
      case clusterWatchJob.name: {
        const { subscriptionId } = clusterWatchJob.input.parse(JSON.parse(input));
        const { at, problem } = (await deps.snapshots.lastLook(subscriptionId)) ?? {};
        return {
          kind: "CLUSTERS",
          name: subscriptionId,
          ...(at !== undefined && { lookedAt: at }),
          ...(problem !== undefined && { problem }),
        };
      }
      case registryWatchJob.name: {
        const { registry } = registryWatchJob.input.parse(JSON.parse(input));
        const { observedAt, armProblem, dataPlaneProblem } = await deps.readHead(registry);
        const problem = armProblem ?? dataPlaneProblem;
        return {
          kind: "REGISTRY",
          name: registry.name,
          ...(observedAt !== undefined && { lookedAt: observedAt }),
          ...(problem && { problem: problem.message }),
        };
      }
      default:
        return undefined;
    }
  };
}

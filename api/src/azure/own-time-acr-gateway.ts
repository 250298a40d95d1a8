import type { AcrGateway } from "../registry/acr-gateway.ts";
import type { AcrRun } from "../registry/builds/acr-run.ts";
import type { AzureTime } from "../shared/azure-time.ts";

/**
 * The same gateway with the times that Azure tells turned into times of our own clock, so that elapsed times are real ones.
 * It matters with the emulator, whose clock runs ahead of ours.
 */
export function withOwnTimes(gateway: AcrGateway, azureTime: AzureTime): AcrGateway {
  function own(iso: string): string;
  function own(iso: string | undefined): string | undefined;
  function own(iso: string | undefined): string | undefined {
    return iso === undefined ? undefined : new Date(azureTime.toOwnTime(Date.parse(iso))).toISOString();
  }
  const toOwnRun = (run: AcrRun): AcrRun => ({
    ...run,
    createdAt: own(run.createdAt),
    startedAt: own(run.startedAt),
    finishedAt: own(run.finishedAt),
  });
  return {
    ...gateway,
    async listRuns(registry, limit, signal) {
      return (await gateway.listRuns(registry, limit, signal)).map(toOwnRun);
    },
    async getRun(registry, runId, signal) {
      const run = await gateway.getRun(registry, runId, signal);
      return run && toOwnRun(run);
    },
    async listTags(registry, repository, limit, signal) {
      const listed = await gateway.listTags(registry, repository, limit, signal);
      return listed && { ...listed, tags: listed.tags.map((tag) => ({ ...tag, createdAt: own(tag.createdAt) })) };
    },
  };
}

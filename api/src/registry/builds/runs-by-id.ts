import { AzureError } from "../../shared/azure-error.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { Registry } from "../registry.ts";
import type { AcrRun } from "./acr-run.ts";

/** A run may not be shown everywhere, such as one that was asked for a moment ago: so long Azure has to deny it. */
const GONE_AFTER_MS = 60_000;

/** Runs of one look that are asked for one by one. What Azure says of one keeps nothing from the others. */
export interface RunsById {
  /** `gone` when Azure has not known the run for a minute; `untold` when nothing new can be known, whatever the reason. */
  read(runId: string): Promise<AcrRun | "gone" | "untold">;
  /** Real milliseconds that Azure has asked to be left alone for; no run is asked for any more then. */
  retryAfterMs(): number | undefined;
}

/** @param missingSince when Azure first did not know a run that it has not shown since, by run id; outlives the look */
export function createRunsById(
  { acr, now }: { readonly acr: AcrGateway; readonly now: () => number },
  registry: Registry,
  missingSince: Map<string, number>,
  signal: AbortSignal,
): RunsById {
  let waitMs: number | undefined;

  return {
    retryAfterMs: () => waitMs,
    async read(runId) {
      if (waitMs !== undefined) return "untold";
      try {
        const run = await acr.getRun(registry, runId, signal);
        if (run) {
          missingSince.delete(runId);
          return run;
        }
      } catch (error) {
        if (signal.aborted || !(error instanceof AzureError)) throw error;
        waitMs = error.retryAfterMs;
        return "untold";
      }
      const sinceMs = missingSince.get(runId) ?? now();
      const isGone = now() - sinceMs > GONE_AFTER_MS;
      if (isGone) missingSince.delete(runId);
      else missingSince.set(runId, sinceMs);
      return isGone ? "gone" : "untold";
    },
  };
}

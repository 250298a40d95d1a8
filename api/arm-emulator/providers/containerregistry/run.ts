import type { JsonObject } from "../../provider.ts";
import type { ImageScenario } from "../../scenarios.ts";

export const RUN_TYPE = "Microsoft.ContainerRegistry/registries/runs";

/** https://learn.microsoft.com/rest/api/container-registry/runs/get, RunStatus */
export type RunStatus = "Queued" | "Started" | "Running" | "Succeeded" | "Failed" | "Canceled" | "Error" | "Timeout";
export type EndStatus = Exclude<RunStatus, "Queued" | "Started" | "Running">;

export type ImageName = { readonly repository: string; readonly tag: string };
export type OutputImage = ImageName & { readonly registry: string; readonly digest: string };

/** What a run was asked to do. Values of secret arguments are not in it: they are nowhere kept. */
export type RunRequest = {
  readonly type: "DockerBuildRequest" | "EncodedTaskRunRequest" | "FileTaskRunRequest";
  readonly sourceLocation: string;
  readonly dockerFilePath: string;
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly cpu: number;
  readonly timeoutSeconds: number;
  readonly arguments: readonly { readonly name: string; readonly value: string }[];
  readonly agentPoolName: string;
  /** What is pushed at the end; empty when nothing is. */
  readonly images: readonly ImageName[];
  /** Commands of an encoded task, in their order. */
  readonly commands: readonly string[];
  /** Id of its first step, which its log tells. */
  readonly stepId: string;
};

/** What becomes of a run, decided when it is given an agent. Virtual milliseconds. */
export type RunPlan = {
  readonly runningMs: number;
  readonly endMs: number;
  readonly endStatus: EndStatus;
  /** When the images are in the registry; only of a run that succeeds and pushes. */
  readonly pushMs?: number;
  /** Why it doesn't succeed. */
  readonly reason?: "step" | "push" | "service" | "timeout" | "firewall" | "source";
  /** From here on another log blob stands in the place of the first. */
  readonly logReplacedMs?: number;
};

/**
 * A run of ACR Tasks. Queued until an agent is free, then Started, Running, and one of the ends; `plan` is set
 * with Started, `finishMs` with the end. A canceled run keeps the plan that it didn't live to see.
 */
export type Run = {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly registry: string;
  readonly runId: string;
  /** Counts the registry's runs from 1. */
  readonly sequence: number;
  readonly status: RunStatus;
  readonly request: RunRequest;
  readonly scenario?: ImageScenario;
  /** How long it builds; left out, drawn from its first image's name. */
  readonly buildSeconds?: number;
  readonly isArchiveEnabled: boolean;
  readonly createMs: number;
  readonly startMs?: number;
  readonly finishMs?: number;
  readonly updatedMs: number;
  readonly plan?: RunPlan;
  readonly outputImages?: readonly OutputImage[];
  readonly errorMessage?: string;
};

/** Everything that tells a run apart from those of other registries. */
export type RunKey = Pick<Run, "registry" | "runId">;

export function isTerminal(status: RunStatus): status is EndStatus {
  return status !== "Queued" && status !== "Started" && status !== "Running";
}

export function runResourceId({ subscriptionId, resourceGroup, registry, runId }: Run): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${registry}/runs/${runId}`;
}

/** The answer to scheduleRun: the live service tells no more than this at first. */
export function newRunBody(run: Run): JsonObject {
  return {
    type: RUN_TYPE,
    properties: {
      runId: run.runId,
      status: run.status,
      lastUpdatedTime: iso(run.updatedMs),
      provisioningState: "Succeeded",
      isArchiveEnabled: run.isArchiveEnabled,
    },
    id: runResourceId(run),
    name: run.runId,
  };
}

/** The answer to a GET. What the images are is told only by `outputImages`, once they are pushed. */
export function runBody(run: Run): JsonObject {
  const { request } = run;
  const body = newRunBody(run);
  return {
    ...body,
    properties: {
      ...(body["properties"] as JsonObject),
      runType: "QuickRun",
      createTime: iso(run.createMs),
      ...(run.startMs !== undefined && { startTime: iso(run.startMs) }),
      ...(run.finishMs !== undefined && { finishTime: iso(run.finishMs) }),
      ...(run.outputImages && { outputImages: run.outputImages.map((image) => ({ ...image })) }),
      ...(run.errorMessage !== undefined && { runErrorMessage: run.errorMessage }),
      ...(request.agentPoolName !== "" && { agentPoolName: request.agentPoolName }),
      platform: { ...request.platform },
      agentConfiguration: { cpu: request.cpu },
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

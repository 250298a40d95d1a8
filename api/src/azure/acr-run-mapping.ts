import type { DockerBuildRequest, Run } from "@azure/arm-containerregistry";
import { toBuildStatus } from "../registry/builds/acr-run.ts";
import type { AcrRun, AcrRunRequest } from "../registry/builds/acr-run.ts";

// What ACR gives a run by itself, and the only size outside agent pools.
const AGENT_CPUS = 2;

/** https://learn.microsoft.com/rest/api/containerregistry/registries/schedule-run */
export function toDockerBuildRequest(request: AcrRunRequest): DockerBuildRequest {
  return {
    type: "DockerBuildRequest",
    imageNames: [`${request.image}:${request.tag}`],
    isPushEnabled: true,
    sourceLocation: request.sourceLocation,
    dockerFilePath: request.dockerfile,
    platform: { os: request.os, architecture: request.architecture },
    agentConfiguration: { cpu: AGENT_CPUS },
    arguments: request.buildArgs.map(({ name, value, isSecret }) => ({ name, value, isSecret })),
    timeout: request.timeoutSeconds,
  };
}

/** Undefined for what has no id, which no answer should hold. */
export function toAcrRun(found: Run): AcrRun | undefined {
  const runId = found.runId ?? found.name;
  if (runId === undefined || runId === "") return undefined;
  return {
    runId,
    // Not `provisioningState`, which is that of the run as a resource: Succeeded from the start.
    status: toBuildStatus(found.status),
    createdAt: found.createTime?.toISOString(),
    startedAt: found.startTime?.toISOString(),
    finishedAt: found.finishTime?.toISOString(),
    error: found.runErrorMessage === "" ? undefined : found.runErrorMessage,
    outputImages: (found.outputImages ?? []).flatMap(({ repository, tag, digest }) =>
      repository === undefined ? [] : [{ repository, tag, digest }],
    ),
    taskName: found.task === "" ? undefined : found.task,
  };
}

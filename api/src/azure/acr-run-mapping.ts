import type { DockerBuildRequest, EncodedTaskRunRequest, Run } from "@azure/arm-containerregistry";
import { toBuildStatus } from "../registry/builds/acr-run.ts";
import type { AcrRun, AcrRunRequest } from "../registry/builds/acr-run.ts";

// What ACR gives a run by itself, and the only size outside agent pools.
const AGENT_CPUS = 2;

const PUSH_TIMEOUT_SECONDS = 1_800;

/**
 * A build as a task of its own when its step has a name, because a docker build's step is always called `build`.
 * https://learn.microsoft.com/rest/api/containerregistry/registries/schedule-run
 */
export function toRunRequestBody(request: AcrRunRequest): DockerBuildRequest | EncodedTaskRunRequest {
  const common = {
    sourceLocation: request.sourceLocation,
    platform: { os: request.os, architecture: request.architecture },
    agentConfiguration: { cpu: AGENT_CPUS },
    timeout: request.timeoutSeconds,
  };
  const buildArgs = request.buildArgs.map(({ name, value, isSecret }) => ({ name, value, isSecret }));
  if (request.stepId !== undefined) {
    return {
      ...common,
      type: "EncodedTaskRunRequest",
      encodedTaskContent: Buffer.from(taskContent(request, request.stepId)).toString("base64"),
      values: buildArgs,
    };
  }
  return {
    ...common,
    type: "DockerBuildRequest",
    imageNames: [`${request.image}:${request.tag}`],
    isPushEnabled: true,
    dockerFilePath: request.dockerfile,
    arguments: buildArgs,
  };
}

/**
 * Every part of it is of plain characters, so nothing needs quoting: not in YAML, not in the shell that ACR runs it by. A step
 * without a timeout of its own has ten minutes.
 * https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml
 */
function taskContent({ image, tag, dockerfile, buildArgs, timeoutSeconds }: AcrRunRequest, stepId: string): string {
  const name = `{{.Run.Registry}}/${image}:${tag}`;
  const args = buildArgs.map((arg) => ` --build-arg ${arg.name}={{.Values.${arg.name}}}`).join("");
  return [
    "version: v1.1.0",
    "steps:",
    `  - id: ${stepId}`,
    `    build: "-t ${name} -f ${dockerfile}${args} ."`,
    `    timeout: ${timeoutSeconds}`,
    "  - id: push",
    "    push:",
    `      - "${name}"`,
    `    timeout: ${PUSH_TIMEOUT_SECONDS}`,
    "",
  ].join("\n");
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

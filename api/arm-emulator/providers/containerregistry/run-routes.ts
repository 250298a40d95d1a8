import { randomUUID } from "node:crypto";
import { authorizationFailed, wrappedError } from "../../arm-errors.ts";
import type { ArmError } from "../../arm-errors.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { logBlob } from "./blob-routes.ts";
import { signedBlobUrl } from "./blob-url.ts";
import type { Registry } from "./registry.ts";
import { registryOf, REGISTRY_PATH } from "./registry.ts";
import { parseRunFilter } from "./run-filter.ts";
import { cancelRun, enqueueRun } from "./run-life.ts";
import { badRequest, parseRunRequest } from "./run-request.ts";
import { isTerminal, newRunBody, runBody } from "./run.ts";
import type { Run } from "./run.ts";

const RUN_PATH = `${REGISTRY_PATH}/runs/{runId}`;
const MAX_PAGE = 100;

/**
 * ACR Tasks on 2019-06-01-preview: https://learn.microsoft.com/rest/api/container-registry/runs. scheduleRun answers
 * 200 with the run at once, as the live service does.
 */
export const runRoutes: readonly Route[] = [
  { method: "POST", path: `${REGISTRY_PATH}/scheduleRun`, operation: "registries.scheduleRun", handle: scheduleRun },
  {
    method: "POST",
    path: `${REGISTRY_PATH}/listBuildSourceUploadUrl`,
    operation: "registries.getBuildSourceUploadUrl",
    handle: giveUploadUrl,
  },
  { method: "GET", path: `${REGISTRY_PATH}/runs`, operation: "runs.list", handle: listRuns },
  {
    method: "GET",
    path: RUN_PATH,
    operation: "runs.get",
    handle: (request, world) => ({ status: 200, body: runBody(runOf(request, world)) }),
  },
  { method: "PATCH", path: RUN_PATH, operation: "runs.update", handle: updateRun },
  { method: "POST", path: `${RUN_PATH}/cancel`, operation: "runs.cancel", handle: cancel },
  { method: "POST", path: `${RUN_PATH}/listLogSasUrl`, operation: "runs.getLogSasUrl", handle: giveLogUrl },
];

function scheduleRun(request: ArmRequest, world: World): ArmReply {
  const registry = registryOf(request, world);
  checkPermission(world, registry, "scheduleRun");
  checkTasksAllowed(world, registry);
  const sequence = world.runs.nextSequence(registry.name);
  const runId = `cf${sequence}`;
  const { isArchiveEnabled, ...parsed } = parseRunRequest(request.body, {
    runId,
    loginServer: registry.body.properties.loginServer,
    date: new Date(world.now()).toISOString().replaceAll(/[-:]|\.\d+/g, ""),
    resourceGroup: registry.resourceGroup,
  });
  const [scenario] = parsed.images.flatMap(
    ({ repository, tag }) => world.scenarios.find("image", `${repository}:${tag}`) ?? [],
  );
  const run: Run = {
    subscriptionId: registry.subscriptionId,
    resourceGroup: registry.resourceGroup,
    registry: registry.name,
    runId,
    sequence,
    status: "Queued",
    request: parsed,
    ...(scenario !== undefined && { scenario: scenario as NonNullable<Run["scenario"]> }),
    isArchiveEnabled,
    createMs: world.now(),
    updatedMs: world.now(),
  };
  enqueueRun(world, run);
  return { status: 200, body: newRunBody(run) };
}

function checkPermission(world: World, registry: Registry, action: string): void {
  if (world.scenarios.find("registry", registry.name) === "rbac-denied") {
    throw authorizationFailed(`Microsoft.ContainerRegistry/registries/${action}/action`, registry.id);
  }
}

function checkTasksAllowed(world: World, registry: Registry): void {
  if (world.scenarios.find("registry", registry.name) === "tasks-not-allowed") {
    throw badRequestOf(
      "TasksOperationsNotAllowed",
      `ACR Tasks requests for the registry ${registry.name} and ${registry.subscriptionId} are not permitted. Please file an Azure support request at http://aka.ms/azuresupport for assistance.`,
    );
  }
}

/** ACR Tasks refuses with 400 and says that the request is at fault, also when it is the subscription. */
function badRequestOf(code: string, message: string): ArmError {
  return wrappedError(400, code, message, { target: "request" });
}

/** The newest first; pages are continued after a run, so that new runs move nothing. */
function listRuns(request: ArmRequest, world: World): ArmReply {
  const registry = registryOf(request, world);
  const matches = parseRunFilter(request.query.get("$filter") ?? "");
  const top = Number.parseInt(request.query.get("$top") ?? String(MAX_PAGE), 10);
  if (!(top >= 1)) throw badRequest("The query parameter '$top' must be a positive number.");
  const size = Math.min(top, MAX_PAGE);
  const token = request.query.get("$skiptoken");
  const before = token === null ? undefined : Number(Buffer.from(token, "base64url").toString("utf8"));
  if (Number.isNaN(before)) throw badRequest("The query parameter '$skiptoken' is not valid.");
  const found: Run[] = [];
  for (const run of world.runs.newest(registry.name, before)) {
    if (matches(run)) found.push(run);
    if (found.length > size) break;
  }
  const value = found.slice(0, size);
  const last = value.at(-1);
  if (found.length <= size || last === undefined) return { status: 200, body: { value: value.map(runBody) } };
  const next = new URL(request.path, request.baseUrl);
  for (const [name, text] of request.query) next.searchParams.set(name, text);
  next.searchParams.set("$skiptoken", Buffer.from(String(last.sequence)).toString("base64url"));
  return { status: 200, body: { value: value.map(runBody), nextLink: next.href } };
}

function updateRun(request: ArmRequest, world: World): ArmReply {
  const run = runOf(request, world);
  const { isArchiveEnabled } = (request.body ?? {}) as { readonly isArchiveEnabled?: unknown };
  const changed: Run = {
    ...run,
    ...(typeof isArchiveEnabled === "boolean" && { isArchiveEnabled, updatedMs: world.now() }),
  };
  world.runs.put(changed);
  return { status: 200, body: runBody(changed) };
}

function cancel(request: ArmRequest, world: World): ArmReply {
  const run = runOf(request, world);
  checkPermission(world, registryOf(request, world), "runs/cancel");
  if (isTerminal(run.status)) {
    throw badRequestOf("CannotCancelRun", `Run ${run.runId} is in state '${run.status}' and cannot be canceled.`);
  }
  cancelRun(world, run);
  return { status: 200 };
}

function giveLogUrl(request: ArmRequest, world: World): ArmReply {
  const { registry, runId } = runOf(request, world);
  const grant = { permissions: "r", nowMs: world.now() } as const;
  return {
    status: 200,
    body: { logLink: signedBlobUrl(request.serverUrl, registry, logBlob(runId), grant) },
  };
}

function giveUploadUrl(request: ArmRequest, world: World): ArmReply {
  const registry = registryOf(request, world);
  checkPermission(world, registry, "listBuildSourceUploadUrl");
  checkTasksAllowed(world, registry);
  const stamp = new Date(world.now()).toISOString().slice(0, 10).replaceAll("-", "");
  const relativePath = `source/${stamp}0000/${randomUUID()}.tar.gz`;
  const grant = { permissions: "rw", nowMs: world.now() } as const;
  return {
    status: 200,
    body: { relativePath, uploadUrl: signedBlobUrl(request.serverUrl, registry.name, relativePath, grant) },
  };
}

/** @throws ArmError 404 RunNotFound; its message is a guess, no answer of the service is known */
function runOf(request: ArmRequest, world: World): Run {
  const registry = registryOf(request, world);
  const { runId = "" } = request.params;
  const run = world.runs.get({ registry: registry.name, runId });
  if (!run) throw wrappedError(404, "RunNotFound", `The run with ID '${runId}' was not found.`, { target: "request" });
  return run;
}

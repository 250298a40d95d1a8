import { createHash } from "node:crypto";
import { ArmError } from "../../arm-errors.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { containerOf, signatureProblem, TASKS_ACCOUNT } from "./blob-url.ts";
import { listRegistries } from "./registry.ts";
import { runLogAt } from "./run-log.ts";
import type { RunLog } from "./run-log.ts";

const LOG_PATH = `/${TASKS_ACCOUNT}/{container}/logs/{runId}/rawtext.log`;

/** Azure Storage, as far as ACR Tasks hands out addresses of it: logs of runs and sources of builds. */
export const blobRoutes: readonly Route[] = [
  { method: "HEAD", path: LOG_PATH, operation: "runLogs.head", isArm: false, tooManyRequests, handle: readLog },
  { method: "GET", path: LOG_PATH, operation: "runLogs.get", isArm: false, tooManyRequests, handle: readLog },
  {
    method: "PUT",
    path: `/${TASKS_ACCOUNT}/{container}/source/{stamp}/{name}`,
    operation: "buildSources.upload",
    isArm: false,
    tooManyRequests,
    handle: uploadSource,
  },
];

/** Path of a run's log in its registry's container. */
export function logBlob(runId: string): string {
  return `logs/${runId}/rawtext.log`;
}

/**
 * Reads the log by HEAD or GET, whole or a range, under conditions.
 * https://learn.microsoft.com/rest/api/storageservices/get-blob
 */
function readLog(request: ArmRequest, world: World): ArmReply {
  checkSignature(request, "r", world);
  const { container = "", runId = "" } = request.params;
  const registry = listRegistries(world.resources).find(({ name }) => containerOf(name) === container);
  const run = registry && world.runs.get({ registry: registry.name, runId });
  const log = run && runLogAt(run, world.now());
  if (!run || !log) throw blobError(404, "BlobNotFound", "The specified blob does not exist.");
  const etag = etagOf(request.path, log);
  const wanted = request.headers["if-match"];
  if (wanted !== undefined && wanted !== "*" && wanted !== etag) {
    throw blobError(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
  }
  const headers = {
    ...VERSION,
    "content-type": "text/plain; charset=utf-8",
    "accept-ranges": "bytes",
    etag,
    "last-modified": new Date(Math.min(world.now(), run.finishMs ?? world.now())).toUTCString(),
    "x-ms-blob-type": "AppendBlob",
    "x-ms-creation-time": new Date(log.createdMs).toUTCString(),
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-server-encrypted": "true",
    ...(log.complete !== undefined && { "x-ms-meta-Complete": log.complete }),
  };
  if (request.headers["if-none-match"] === etag) return { status: 304, headers };
  const total = log.content.length;
  if (request.method === "HEAD") return { status: 200, headers: { ...headers, "content-length": String(total) } };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers["x-ms-range"] ?? request.headers["range"] ?? "");
  if (!range) return { status: 200, headers, content: log.content };
  const from = Number(range[1]);
  const to = Math.min(range[2] === "" ? total - 1 : Number(range[2]), total - 1);
  if (from >= total || to < from) {
    throw blobError(416, "InvalidRange", "The range specified is invalid for the current size of the resource.", {
      "content-range": `bytes */${total}`,
    });
  }
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${to}/${total}` },
    content: log.content.subarray(from, to + 1),
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/put-blob */
function uploadSource(request: ArmRequest, world: World): ArmReply {
  checkSignature(request, "w", world);
  if (request.headers["x-ms-blob-type"] === undefined) {
    throw blobError(400, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified.");
  }
  const { stamp = "", name = "" } = request.params;
  world.buildSources.put(`source/${stamp}/${name}`, request.bodyBytes);
  return {
    status: 201,
    headers: { ...VERSION, etag: `"0x8D${hash(request.path).slice(0, 12)}"`, "x-ms-request-server-encrypted": "true" },
  };
}

function checkSignature(request: ArmRequest, permission: "r" | "w", world: World): void {
  const problem = signatureProblem(request.path, request.query, permission, world.now());
  if (problem !== undefined) {
    const message =
      "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";
    throw blobError(403, "AuthenticationFailed", message, {}, problem);
  }
}

const VERSION = { server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0", "x-ms-version": "2025-11-05" };

/** Azure Storage's own form, XML; https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
function blobError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  detail?: string,
): ArmError {
  const more = detail === undefined ? "" : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`;
  const content = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
  const reply = {
    status,
    headers: { ...VERSION, ...headers, "content-type": "application/xml", "x-ms-error-code": code },
    content,
  };
  return new ArmError(reply, message);
}

function tooManyRequests(retryAfterSeconds: number): ArmReply {
  return blobError(
    503,
    "ServerBusy",
    "The server is currently unable to receive requests. Please retry your request.",
    {
      "retry-after": String(retryAfterSeconds),
    },
  ).reply;
}

/** Another one whenever something was appended, and for another blob at the same place. */
function etagOf(path: string, log: RunLog): string {
  return `"0x8D${hash(`${path}/${log.generation}/${log.content.length}/${log.complete}`).slice(0, 12)}"`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").toUpperCase();
}

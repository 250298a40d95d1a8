import type { AsyncOperation } from "./async-operations.ts";
import type { ArmReply, ArmRequest } from "./provider.ts";
import { signedQuery } from "./signed-url.ts";

export function ok(body: unknown, headers?: Record<string, string>): ArmReply {
  return { status: 200, body, ...(headers && { headers }) };
}

export function created(body: unknown, headers?: Record<string, string>): ArmReply {
  return { status: 201, body, ...(headers && { headers }) };
}

export function accepted(headers: Record<string, string>, body?: unknown): ArmReply {
  return { status: 202, headers, ...(body !== undefined && { body }) };
}

export function noContent(headers?: Record<string, string>): ArmReply {
  return { status: 204, ...(headers && { headers }) };
}

/**
 * One page of a list. The next page is asked for by `$skiptoken`, a position in the list as it is then,
 * so that items that come or go between two pages may be missed or repeated, as in Azure.
 */
export function page(request: ArmRequest, items: readonly unknown[], pageSize = 100): ArmReply {
  const start = Number.parseInt(request.query.get("$skiptoken") ?? "0", 10) || 0;
  const end = start + pageSize;
  const value = items.slice(start, end);
  if (end >= items.length) return ok({ value });
  const next = new URL(request.path, request.baseUrl);
  for (const [name, text] of request.query) next.searchParams.set(name, text);
  next.searchParams.set("$skiptoken", String(end));
  return ok({ value, nextLink: next.href });
}

/** `Azure-AsyncOperation` of an operation that AKS runs; its reply is `{name, status, startTime, endTime, error}`. */
export function asyncOperationHeader(request: ArmRequest, operation: AsyncOperation): Record<string, string> {
  return { "azure-asyncoperation": operationUrl(request, operation, "operations") };
}

/** `Location` of the same: 202 while it runs, then 204. */
export function locationHeader(request: ArmRequest, operation: AsyncOperation): Record<string, string> {
  return { location: operationUrl(request, operation, "operationresults") };
}

// AKS serves its operations on this one old API version whatever version the request used.
const OPERATIONS_API_VERSION = "2016-03-30";

function operationUrl(request: ArmRequest, operation: AsyncOperation, collection: string): string {
  const { subscriptionId, namespace, location, id } = operation;
  const path = `/subscriptions/${subscriptionId}/providers/${namespace}/locations/${location}/${collection}/${id}`;
  return `${request.baseUrl}${path}?api-version=${OPERATIONS_API_VERSION}&${signedQuery(id, operation.startMs)}`;
}

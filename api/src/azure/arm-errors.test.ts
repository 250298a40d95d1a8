import { RestError } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { AzureError, UntrustedOperationError } from "../shared/azure-error.ts";
import type { AzureErrorKind } from "../shared/azure-error.ts";
import { toAzureError } from "./arm-errors.ts";
import refusals from "./azure-refusals.fixture.json" with { type: "json" };
import type { Exchange } from "./exchange-recording.ts";

const URL_OF_A_CLUSTER =
  "https://management.azure.com/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c";

function answer(status: number, body: unknown, headers: Record<string, string> = {}, method = "PUT"): Exchange {
  return {
    method,
    url: URL_OF_A_CLUSTER,
    status,
    headers: new Map(Object.entries(headers)),
    bodyText: typeof body === "string" ? body : JSON.stringify(body),
  };
}

function refusal(exchange: Exchange): AzureError {
  const error = toAzureError(new RestError("The SDK's own words", { statusCode: exchange.status ?? 0 }), exchange);
  if (!(error instanceof AzureError)) throw error;
  return error;
}

describe("Azure's refusals as they were seen", () => {
  const EXPECTED: Readonly<Record<string, readonly [AzureErrorKind, string]>> = {
    "AKS create/update: regional vCPU quota preflight (ErrCode_InsufficientVCPUQuota)": [
      "permanent",
      "ErrCode_InsufficientVCPUQuota",
    ],
    "AKS create: Kubernetes version only under Long-Term Support": ["permanent", "K8sVersionNotSupported"],
    "AKS create in an edge zone that does not exist (ARM answers: wrapped body)": ["permanent", "UnsupportedEdgeZone"],
    "AKS machine/node pool: VM size not supported for the subscription (newer wording)": [
      "permanent",
      "VMSizeNotSupported",
    ],
    "AKS cluster: another operation in progress": ["conflict", "OperationNotAllowed"],
    "AKS RP throttling of one handler": ["transient", "Throttled"],
    "Core quota exceeded, wording of the support article": ["permanent", "QuotaExceeded"],
    "Compute: SKU not available in location (capacity restriction)": ["permanent", "SkuNotAvailable"],
    "Network: another operation in progress": ["conflict", "AnotherOperationInProgress"],
    "Network: referenced resource not provisioned": ["transient", "ReferencedResourceNotProvisioned"],
    "ARM: caller not authorised (AuthorizationFailed)": ["forbidden", "AuthorizationFailed"],
    "ARM: resource provider not registered, with details array as AKS users see it": [
      "permanent",
      "MissingSubscriptionRegistration",
    ],
    "ARM: resource group not found": ["not-found", "ResourceGroupNotFound"],
    "ARM: request disallowed by policy (full body with PolicyViolation info)": [
      "permanent",
      "RequestDisallowedByPolicy",
    ],
    "Authorization: role assignment exists": ["conflict", "RoleAssignmentExists"],
    "Authorization: caller may not assign roles": ["forbidden", "AuthorizationFailed"],
    "Compute: too many requests (429 with OperationNotAllowed)": ["transient", "TooManyRequests"],
    "ACR data plane: registry firewall denies the client IP": ["forbidden", "DENIED"],
  };

  it.each(refusals.map((refused) => [refused.situation, refused] as const))("%s", (situation, { status, body }) => {
    const error = refusal(answer(status, body));
    expect([error.kind, error.code]).toEqual(EXPECTED[situation]);
    expect(error.status).toBe(status);
    expect(error.message).not.toBe("");
    expect(error.message).not.toContain("The SDK's own words");
  });

  it("are all expected", () => {
    expect(Object.keys(EXPECTED).toSorted()).toEqual(refusals.map(({ situation }) => situation).toSorted());
  });
});

describe("the kind of a refusal", () => {
  it.each<[number, string, AzureErrorKind]>([
    [400, "PUT", "permanent"],
    [401, "GET", "forbidden"],
    [403, "PUT", "forbidden"],
    [404, "GET", "not-found"],
    [408, "GET", "transient"],
    [408, "PUT", "lost-reply"],
    [409, "PUT", "conflict"],
    [410, "GET", "not-found"],
    [412, "PUT", "conflict"],
    [418, "GET", "unknown"],
    [429, "POST", "transient"],
    [500, "GET", "transient"],
    [500, "POST", "lost-reply"],
    [502, "PUT", "lost-reply"],
    [503, "PUT", "transient"],
    [504, "DELETE", "lost-reply"],
    [504, "GET", "transient"],
  ])("of %i to a %s is by its status, when its code says nothing: %s", (status, method, kind) => {
    expect(refusal(answer(status, { error: { code: "Whatever", message: "Something." } }, {}, method)).kind).toBe(kind);
  });

  it.each<[string, number, string, string, AzureErrorKind]>([
    [
      "an identity that is not known yet",
      400,
      "PrincipalNotFound",
      "Principal 0 does not exist in the directory.",
      "transient",
    ],
    [
      "a quota behind a conflict",
      409,
      "OperationNotAllowed",
      "Operation could not be completed as it results in exceeding approved Total Regional Cores quota.",
      "permanent",
    ],
  ])("of %s is by its code or words", (_, status, code, message, kind) => {
    expect(refusal(answer(status, { error: { code, message } })).kind).toBe(kind);
  });
});

describe("the body of a refusal", () => {
  const inner = { code: "Inner", message: "The reason." };
  it.each<[string, unknown]>([
    ["wrapped with a list of details", { error: { code: "Outer", message: "No.", details: [inner] } }],
    ["flat with a list of details", { code: "Outer", message: "No.", details: [inner], subcode: "" }],
    ["details as an object", { error: { code: "Outer", message: "No.", details: inner } }],
    ["details wrapped once more", { error: { code: "Outer", message: "No.", details: [{ error: inner }] } }],
    ["an inner error", { error: { code: "Outer", message: "No.", innererror: inner } }],
    ["JSON in the message", { error: { code: "Outer", message: JSON.stringify({ error: inner }) } }],
    [
      "an operation that failed",
      { status: "Failed", name: "1", error: { code: "Outer", message: "No.", details: [inner] } },
    ],
    [
      "empty details before the telling one",
      { error: { code: "Outer", message: "No.", details: [{}, null, "text", inner] } },
    ],
  ])("gives the innermost reason: %s", (_, body) => {
    const error = refusal(answer(400, body));
    expect(error).toMatchObject({ code: "Inner", message: "The reason.", body: { code: "Outer", details: [inner] } });
  });

  it.each<[string, unknown]>([
    ["details are null", { code: "Outer", message: "No.", details: null, subcode: "" }],
    ["details are empty", { error: { code: "Outer", message: "No.", details: [] } }],
    [
      "details repeat the error",
      { error: { code: "Outer", message: "No.", details: [{ code: "Outer", message: "No." }] } },
    ],
  ])("is the reason itself when %s", (_, body) => {
    expect(refusal(answer(400, body)).body).toEqual({ code: "Outer", message: "No." });
  });

  it("keeps the target", () => {
    expect(refusal(answer(400, { code: "InvalidParameter", message: "No.", target: "name" })).body.target).toBe("name");
  });

  it.each(["", "<html>Bad gateway</html>", "null", "[]", '{"unrelated":1}'])(
    "falls back to the SDK's words for %j",
    (text) => {
      expect(refusal(answer(502, text, {}, "GET"))).toMatchObject({ code: "Http502", message: "The SDK's own words" });
    },
  );
});

describe("the headers of a refusal", () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "retry-after": "17" }, 17_000],
    [
      "an HTTP date, by Azure's own clock",
      { "retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", date: "Sun, 22 Nov 2026 10:00:00 GMT" },
      30_000,
    ],
    [
      "a date in the past",
      { "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", date: "Sun, 22 Nov 2026 10:00:00 GMT" },
      0,
    ],
    ["milliseconds", { "retry-after-ms": "250", "retry-after": "1" }, 250],
    ["nothing readable", { "retry-after": "soon" }, undefined],
    ["nothing", {}, undefined],
  ])("say when to try again: %s", (_, headers, expected) => {
    expect(refusal(answer(429, { error: { code: "Throttled", message: "Slow down." } }, headers)).retryAfterMs).toBe(
      expected,
    );
  });

  it("name the correlation id", () => {
    expect(refusal(answer(500, {}, { "x-ms-correlation-request-id": "c", "x-ms-request-id": "r" })).correlationId).toBe(
      "c",
    );
    expect(refusal(answer(500, {}, { "x-ms-request-id": "r" })).correlationId).toBe("r");
  });
});

describe("no answer at all", () => {
  const broken = (method: string, code: string, timedOut = false): Exchange => ({
    method,
    url: URL_OF_A_CLUSTER,
    failure: Object.assign(new Error(code), { code }),
    timedOut,
  });

  it.each<[string, Exchange, AzureErrorKind]>([
    ["refused before a read", broken("GET", "ECONNREFUSED"), "transient"],
    ["refused before a write", broken("PUT", "ECONNREFUSED"), "transient"],
    ["no such host", broken("POST", "ENOTFOUND"), "transient"],
    ["reset during a read", broken("GET", "ECONNRESET"), "transient"],
    ["reset during a PUT", broken("PUT", "ECONNRESET"), "lost-reply"],
    ["reset during a POST", broken("POST", "ECONNRESET"), "lost-reply"],
    ["reset during a DELETE", broken("DELETE", "EPIPE"), "lost-reply"],
    ["time-out of a read", broken("GET", "ABORT_ERR", true), "transient"],
    ["time-out of a write", broken("PUT", "ABORT_ERR", true), "lost-reply"],
  ])("%s", (_, exchange, kind) => {
    const name = exchange.timedOut ? "AbortError" : "RestError";
    const error = toAzureError(Object.assign(new Error("broken"), { name }), exchange);
    expect(error).toBeInstanceOf(AzureError);
    expect(error).toMatchObject({ kind, status: undefined });
    expect(error.message).toContain("management.azure.com");
  });
});

describe("what is no answer of Azure", () => {
  it("passes on: the caller's abort, typed errors and defects", () => {
    const abort = Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
    const untrusted = new UntrustedOperationError("No.");
    const defect = new TypeError("undefined is not a function");
    expect(toAzureError(abort, { method: "PUT", url: URL_OF_A_CLUSTER, failure: abort, timedOut: false })).toBe(abort);
    expect(toAzureError(untrusted, { method: "GET", url: "https://evil.example/", failure: untrusted })).toBe(
      untrusted,
    );
    expect(toAzureError(defect)).toBe(defect);
  });

  it.each<[string, number | undefined, AzureErrorKind]>([
    ["AuthenticationError", 400, "forbidden"],
    ["AuthenticationError", 503, "transient"],
    ["CredentialUnavailableError", undefined, "transient"],
    ["AggregateAuthenticationError", undefined, "transient"],
  ])("is a failed sign-in: %s with status %s", (name, statusCode, kind) => {
    const error = toAzureError(Object.assign(new Error("No credential."), { name, statusCode }));
    expect(error).toMatchObject({
      kind,
      code: "AuthenticationFailed",
      message: "Signing in to Azure failed: No credential.",
    });
  });

  it("is an answer that can't be read: nobody knows what a write did", () => {
    const unreadable = new RestError("Unexpected token", { code: "PARSE_ERROR", statusCode: 201 });
    expect(toAzureError(unreadable, answer(201, "{", {}, "PUT"))).toMatchObject({
      kind: "lost-reply",
      code: "PARSE_ERROR",
    });
    expect(toAzureError(unreadable, answer(200, "{", {}, "GET"))).toMatchObject({ kind: "unknown" });
  });
});

import { afterEach, beforeEach, describe, expect } from "vitest";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { LogLine } from "./harness.ts";
import { clusterInput, provisionToEnd, startProvision } from "./provisions.ts";
import { startTraceCollector, type CollectedSpan, type TraceCollector } from "./trace-collector.ts";

const PUT = "PUT microsoft.containerservice/managedclusters";
// After its verdict the job watches the cluster on for a while.
const JOBS_END = { timeout: 20_000 };
const ID = /^[-0-9a-f]{36}$/;

let collector: TraceCollector;
beforeEach(async () => {
  collector = await startTraceCollector();
});
afterEach(() => collector.stop());

type Line = LogLine & Readonly<Record<string, unknown>>;

function only<T>(found: readonly T[]): T {
  expect(found).toHaveLength(1);
  return found[0] as T;
}

describe("traces", () => {
  test("lead from the request to the looks of its job, also after a restart, and to the requests to Azure that they make", async ({
    start,
  }) => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20key" };
    const slipway = await start({ settings });
    const { last } = await provisionToEnd(slipway.api, clusterInput("traced"));
    expect(last.status).toBe("SUCCEEDED");
    // What has not been sent yet is sent before the process ends.
    await slipway.restart();
    const named = (name: string): CollectedSpan[] => collector.spans.filter((span) => span.name === name);
    const request = only(named("mutation startProvision"));
    expect(request).toMatchObject({ kind: 2, hasFailed: false, attributes: { "graphql.operation.type": "mutation" } });
    expect(request.parentSpanId).toBeUndefined();
    const looks = collector.spans.filter(({ attributes }) => attributes["job.name"] === "provision");
    expect(new Set(looks.map(({ attributes }) => attributes["job.step"])).size).toBeGreaterThan(3);
    for (const look of looks) expect(look).toMatchObject({ traceId: request.traceId, parentSpanId: request.spanId });
    const put = only(named(PUT));
    expect(put).toMatchObject({
      kind: 3,
      traceId: request.traceId,
      hasFailed: false,
      attributes: {
        "http.response.status_code": 201,
        "azure.service_request.id": expect.stringMatching(ID),
        "azure.correlation.id": expect.stringMatching(ID),
      },
    });
    expect(looks.map(({ spanId }) => spanId)).toContain(put.parentSpanId);
    expect(collector.headers[0]).toMatchObject({ "api-key": "a key" });
  });

  test("of a request that fails say so without its words, and carry no word that the client chose", async ({
    start,
  }) => {
    const slipway = await start({ settings: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    await slipway.api.graphql("query canaryName($id: ID!) { canaryAlias: cluster(id: $id) { name } }", {
      id: { canaryVariable: 1 },
    });
    await slipway.restart();
    expect(only(collector.spans.filter(({ name }) => name === "query cluster")).hasFailed).toBe(true);
    expect(collector.bodies.join("")).not.toContain("canary");
  });

  test("that can't be sent are told in the log, and change nothing else", async ({ start }) => {
    // Port 1 has no listener.
    const slipway = await start({ settings: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" } });
    const answer = await slipway.api.graphql("{ viewer { name } }");
    expect(answer.errors).toBeUndefined();
    await slipway.restart();
    expect(slipway.log.map(({ msg }) => msg)).toContain("traces could not be sent; they are lost");
  });
});

describe("the log", () => {
  test.for(["HTTP", "WebSocket"] as const)(
    "of one provision can be followed from the request over %s to its job and to Azure's ids",
    async (transport, { start }) => {
      const slipway = await start({ logLevel: "trace" });
      await provisionToEnd(slipway.api, clusterInput("other"));
      const input = clusterInput("followed");
      if (transport === "HTTP") await startProvision(slipway.api, input);
      else await slipway.api.subscribe(operation("StartProvision"), { input }).first();
      await expect.poll(() => slipway.log.filter(({ msg }) => msg === "the job has ended").length, JOBS_END).toBe(2);
      const lines = slipway.log as readonly Line[];
      const requests = lines.filter((line) => String(line["operation.fields"]) === "startProvision");
      expect(requests).toHaveLength(2);
      const followed = lines.filter((line) => line["request.id"] === requests[1]?.["request.id"]);
      expect(new Set(followed.map((line) => line["job.id"])).size, "the request's own, and one job").toBe(2);
      expect(followed.map(({ msg }) => msg)).toEqual(
        expect.arrayContaining(["an operation was executed", "the job has ended"]),
      );
      const put = only(followed.filter((line) => line["arm.operation"] === PUT));
      expect(put).toMatchObject({
        level: "info",
        "job.name": "provision",
        "job.id": expect.any(String),
        "arm.status": 201,
        "arm.requestId": expect.stringMatching(ID),
        "arm.correlationId": expect.stringMatching(ID),
      });
    },
  );
});

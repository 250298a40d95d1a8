import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { UntrustedOperationError } from "../shared/azure-error.ts";
import { createAzureHttpClient } from "./azure-http-client.ts";
import type { AzureRequestFacts } from "./azure-http-client.ts";
import { withExchanges } from "./exchange-recording.ts";
import { createRateLimits } from "./rate-limits.ts";

const CLUSTERS =
  "https://management.azure.com/subscriptions/S1/providers/Microsoft.ContainerService/managedClusters?api-version=1";

function harness(answer: (request: PipelineRequest) => Partial<PipelineResponse>) {
  const sent: PipelineRequest[] = [];
  const facts: AzureRequestFacts[] = [];
  const rateLimits = createRateLimits(() => 7);
  const transport: HttpClient = {
    async sendRequest(request) {
      sent.push(request);
      return { request, status: 200, headers: createHttpHeaders(), bodyAsText: "", ...answer(request) };
    },
  };
  let now = 0;
  const client = createAzureHttpClient({
    transport,
    rateLimits,
    onRequest: (fact) => facts.push(fact),
    monotonicMs: () => (now += 250),
  });
  return { client, sent, facts, rateLimits };
}

describe("the end of the pipeline", () => {
  it("sends nothing to a foreign host", async () => {
    const { client, sent, facts } = harness(() => ({}));
    await expect(client.sendRequest(createPipelineRequest({ url: "https://evil.example/x" }))).rejects.toBeInstanceOf(
      UntrustedOperationError,
    );
    expect([sent, facts]).toEqual([[], []]);
  });

  it("bounds requests that have no bound", async () => {
    const { client, sent } = harness(() => ({}));
    await client.sendRequest(createPipelineRequest({ url: CLUSTERS }));
    await client.sendRequest(createPipelineRequest({ url: CLUSTERS, timeout: 5 }));
    expect(sent.map((request) => request.timeout)).toEqual([90_000, 5]);
  });

  it("counts each request by method, type and status, answered or not", async () => {
    const { client, facts } = harness((request) => {
      if (request.method === "PUT") throw new Error("reset");
      return { status: 429 };
    });
    await client.sendRequest(createPipelineRequest({ url: CLUSTERS }));
    await expect(client.sendRequest(createPipelineRequest({ url: CLUSTERS, method: "PUT" }))).rejects.toThrow("reset");
    expect(facts).toEqual([
      { operation: "GET microsoft.containerservice/managedclusters", status: 429, durationMs: 250 },
      { operation: "PUT microsoft.containerservice/managedclusters", status: undefined, durationMs: 250 },
    ]);
  });

  it.each([
    ["https://management.azure.com/subscriptions?api-version=1", "GET subscriptions"],
    ["https://management.azure.com//subscriptions/S1/resourceGroups/mine", "GET subscriptions/resourcegroups"],
    [
      "https://management.azure.com/subscriptions/S1/providers/Microsoft.ContainerService/locations/westeurope/operations/O1?t=2",
      "GET microsoft.containerservice/locations/operations",
    ],
    [
      "https://management.azure.com/subscriptions/S1/resourceGroups/mine/providers/Microsoft.ContainerRegistry/registries/acr/providers/Microsoft.Authorization/roleAssignments/R1",
      "GET microsoft.authorization/roleassignments",
    ],
    ["https://demoacr.azurecr.io/acr/v1/some/image/_tags", "GET registry"],
  ])("names %s without anybody's names", async (url, operation) => {
    const { client, facts } = harness(() => ({}));
    await client.sendRequest(createPipelineRequest({ url }));
    expect(facts.map((fact) => fact.operation)).toEqual([operation]);
  });

  it("records what one call asked and was told, apart from calls at the same time", async () => {
    const { client } = harness((request) => ({ status: 400, bodyAsText: `refused ${new URL(request.url).search}` }));
    const call = (query: string) =>
      withExchanges(async (exchanges) => {
        await Promise.resolve();
        await client.sendRequest(createPipelineRequest({ url: `${CLUSTERS}&${query}`, method: "PUT" }));
        return exchanges.map(({ method, status, bodyText }) => ({ method, status, bodyText }));
      });
    const recorded = await Promise.all([call("a"), call("b")]);
    expect(recorded).toEqual([
      [{ method: "PUT", status: 400, bodyText: "refused ?api-version=1&a" }],
      [{ method: "PUT", status: 400, bodyText: "refused ?api-version=1&b" }],
    ]);
  });

  it("tells its own time-out from the caller's abort", async () => {
    const { client } = harness(() => {
      throw Object.assign(new Error("aborted"), { name: "AbortError" });
    });
    const timedOut = (abortSignal: AbortSignal) =>
      withExchanges(async (exchanges) => {
        await client.sendRequest(createPipelineRequest({ url: CLUSTERS, abortSignal })).catch(() => undefined);
        return exchanges[0]?.timedOut;
      });
    expect(await timedOut(new AbortController().signal)).toBe(true);
    expect(await timedOut(AbortSignal.abort())).toBe(false);
  });

  it("keeps the last word on each limit, the tightest first", async () => {
    const answers = [
      {
        "x-ms-ratelimit-remaining-subscription-global-reads": "3749",
        "x-ms-ratelimit-remaining-subscription-reads": "12",
      },
      {
        "x-ms-ratelimit-remaining-subscription-reads": "11",
        "x-ms-ratelimit-remaining-resource":
          "Microsoft.Compute/HighCostGet3Min;159, Microsoft.Compute/HighCostGet30Min;799",
      },
      { "x-ms-ratelimit-remaining-tenant-reads": "200", "x-ms-ratelimit-remaining-subscription-writes": "many" },
    ];
    const { client, rateLimits } = harness(() => ({ headers: createHttpHeaders(answers.shift() ?? {}) }));
    for (let request = 0; request < 3; request++) await client.sendRequest(createPipelineRequest({ url: CLUSTERS }));
    expect(rateLimits.current()).toEqual([
      { subscriptionId: "s1", bucket: "subscription-reads", remaining: 11, seenAtMs: 7 },
      { subscriptionId: "s1", bucket: "Microsoft.Compute/HighCostGet3Min", remaining: 159, seenAtMs: 7 },
      { subscriptionId: undefined, bucket: "tenant-reads", remaining: 200, seenAtMs: 7 },
      { subscriptionId: "s1", bucket: "Microsoft.Compute/HighCostGet30Min", remaining: 799, seenAtMs: 7 },
      { subscriptionId: "s1", bucket: "subscription-global-reads", remaining: 3749, seenAtMs: 7 },
    ]);
  });
});

import { connect } from "node:net";
import { describe, expect } from "vitest";
import { WebSocket } from "ws";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import type { ApiClient } from "./api-client.ts";
import { requestsOf } from "./azure-control.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { clusterInput, startProvision, tryStart, untilEnded, watchProgress } from "./provisions.ts";

const JSON_TYPE = { "content-type": "application/json", accept: "application/graphql-response+json" };

async function provisionCount(api: ApiClient): Promise<number> {
  const { provisions } = await api.data<{ provisions: { edges: object[] } }>(operation("Provisions"), { first: 100 });
  return provisions.edges.length;
}

/** Nothing was stored and Azure was asked to change nothing. */
async function expectNothingWritten({ api, azure }: Slipway): Promise<void> {
  expect(await provisionCount(api)).toBe(0);
  const { clusters } = await api.data<{ clusters: { name: string }[] }>(operation("Clusters"));
  expect(clusters.map(({ name }) => name)).toEqual(["data-lab", "shop-dev", "shop-prod"]);
  expect((await azure.requests()).filter(({ method }) => method !== "GET")).toEqual([]);
}

const pool = (changes: object): object => ({
  name: "systempool",
  mode: "SYSTEM",
  vmSize: "Standard_D2s_v3",
  count: 1,
  ...changes,
});
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("input that can't be used names its field", () => {
  const cases: readonly { readonly title: string; readonly change: object; readonly path: string }[] = [
    { title: "an empty cluster name", change: { clusterName: "" }, path: "clusterName" },
    { title: "a cluster name with a slash", change: { clusterName: "a/b" }, path: "clusterName" },
    { title: "a cluster name that climbs up", change: { clusterName: ".." }, path: "clusterName" },
    { title: "a cluster name with a query", change: { clusterName: "a?api-version=1" }, path: "clusterName" },
    { title: "a cluster name that ends in a hyphen", change: { clusterName: "abc-" }, path: "clusterName" },
    { title: "a cluster name that begins with an underscore", change: { clusterName: "_abc" }, path: "clusterName" },
    {
      title: "a cluster name of 64 characters",
      change: { clusterName: "a".repeat(64), resourceGroup: "rg" },
      path: "clusterName",
    },
    { title: "a cluster name with a line break", change: { clusterName: "abc\n" }, path: "clusterName" },
    {
      title: "names that make the node resource group too long",
      change: { clusterName: "a".repeat(40), resourceGroup: "b".repeat(40) },
      path: "clusterName",
    },
    { title: "an empty resource group", change: { resourceGroup: "" }, path: "resourceGroup" },
    { title: "a resource group that ends in a period", change: { resourceGroup: "rg." }, path: "resourceGroup" },
    { title: "a resource group with a slash", change: { resourceGroup: "rg/../x" }, path: "resourceGroup" },
    { title: "a resource group of 91 characters", change: { resourceGroup: "r".repeat(91) }, path: "resourceGroup" },
    { title: "a subscription that is no GUID", change: { subscriptionId: "mine" }, path: "subscriptionId" },
    {
      title: "a subscription that Slipway can't see",
      change: { subscriptionId: "00000000-0000-0000-0000-000000000000" },
      path: "subscriptionId",
    },
    { title: "a location that is none", change: { location: "atlantis" }, path: "location" },
    { title: "a location with a quote", change: { location: "west' or '1" }, path: "location" },
    { title: "no pools", change: { nodePools: [] }, path: "nodePools" },
    { title: "no system pool", change: { nodePools: [pool({ mode: "USER" })] }, path: "nodePools" },
    {
      title: "a pool name with a capital",
      change: { nodePools: [pool({ name: "System" })] },
      path: "nodePools.0.name",
    },
    {
      title: "a pool name of 13 characters",
      change: { nodePools: [pool({ name: "a".repeat(13) })] },
      path: "nodePools.0.name",
    },
    {
      title: "a pool name that begins with a digit",
      change: { nodePools: [pool({ name: "1pool" })] },
      path: "nodePools.0.name",
    },
    { title: "two pools of one name", change: { nodePools: [pool({}), pool({})] }, path: "nodePools.1.name" },
    { title: "a system pool of no node", change: { nodePools: [pool({ count: 0 })] }, path: "nodePools.0.count" },
    { title: "a negative count", change: { nodePools: [pool({ count: -1 })] }, path: "nodePools.0.count" },
    { title: "a count over 1000", change: { nodePools: [pool({ count: 1001 })] }, path: "nodePools.0.count" },
    {
      title: "a lower bound above the upper one",
      change: { nodePools: [pool({ autoscale: { minCount: 3, maxCount: 2 } })] },
      path: "nodePools.0.autoscale",
    },
    {
      title: "a zone that there is not",
      change: { nodePools: [pool({ availabilityZones: ["west"] })] },
      path: "nodePools.0.availabilityZones",
    },
    {
      title: "a taint without an effect",
      change: { nodePools: [pool({ taints: ["team=shop"] })] },
      path: "nodePools.0.taints.0",
    },
    {
      title: "a label of AKS's own",
      change: { nodePools: [pool({ labels: [{ name: "kubernetes.azure.com/x", value: "" }] })] },
      path: "nodePools.0.labels.0",
    },
    {
      title: "a label given twice",
      change: {
        nodePools: [
          pool({
            labels: [
              { name: "team", value: "shop" },
              { name: "team", value: "search" },
            ],
          }),
        ],
      },
      path: "nodePools.0.labels.1",
    },
    {
      title: "a tag that Slipway sets itself",
      change: { tags: [{ name: "Managed-By", value: "terraform" }] },
      path: "tags.0.name",
    },
    {
      title: "101 pools",
      change: { nodePools: Array.from({ length: 101 }, (_one, at) => pool({ name: `p${at}` })) },
      path: "nodePools",
    },
    {
      title: "a size that Azure lacks",
      change: { nodePools: [pool({ vmSize: "Standard_X1" })] },
      path: "nodePools.0.vmSize",
    },
    { title: "a size with spaces", change: { nodePools: [pool({ vmSize: "a b" })] }, path: "nodePools.0.vmSize" },
    {
      title: "a size that the subscription may not use",
      change: { nodePools: [pool({}), pool({ name: "big", mode: "USER", vmSize: "Standard_NC24ads_A100_v4" })] },
      path: "nodePools.1.vmSize",
    },
    { title: "a version that is none", change: { kubernetesVersion: "latest" }, path: "kubernetesVersion" },
    { title: "a version that AKS does not offer", change: { kubernetesVersion: "1.11" }, path: "kubernetesVersion" },
    { title: "an id of a provision as registry", change: { registryId: base64("Provision:x") }, path: "registryId" },
    { title: "text as registry", change: { registryId: "demoacr" }, path: "registryId" },
    {
      title: "a registry id that is no resource's",
      change: { registryId: base64("Registry:demoacr") },
      path: "registryId",
    },
    {
      title: "a registry id of another resource",
      change: {
        registryId: base64(
          `Registry:/subscriptions/${DEMO.subscriptionId}/resourceGroups/a/providers/Microsoft.Storage/storageAccounts/b`,
        ),
      },
      path: "registryId",
    },
    {
      title: "a registry id that climbs up",
      change: {
        registryId: base64(
          `Registry:/subscriptions/${DEMO.subscriptionId}/resourceGroups/../providers/Microsoft.ContainerRegistry/registries/b`,
        ),
      },
      path: "registryId",
    },
    {
      title: "a registry that is not there",
      change: {
        registryId: base64(
          `Registry:/subscriptions/${DEMO.subscriptionId}/resourceGroups/a/providers/Microsoft.ContainerRegistry/registries/nosuchregistry`,
        ),
      },
      path: "registryId",
    },
    { title: "a tag name that Azure keeps", change: { tags: [{ name: "azure-x", value: "" }] }, path: "tags.0.name" },
    { title: "a tag name with a slash", change: { tags: [{ name: "a/b", value: "" }] }, path: "tags.0.name" },
    {
      title: "a tag value of 257 characters",
      change: { tags: [{ name: "a", value: "v".repeat(257) }] },
      path: "tags.0.value",
    },
    {
      title: "a tag twice",
      change: {
        tags: [
          { name: "team", value: "a" },
          { name: "Team", value: "b" },
        ],
      },
      path: "tags.1.name",
    },
    { title: "an empty idempotency key", change: { idempotencyKey: "" }, path: "idempotencyKey" },
    {
      title: "an idempotency key of 201 characters",
      change: { idempotencyKey: "k".repeat(201) },
      path: "idempotencyKey",
    },
  ];

  // One Slipway for the whole table: that none of it writes anything is part of what is shown.
  test("one by one, with nothing written", async ({ slipway }) => {
    const { api } = slipway;
    const live = api.subscribe(operation("ProvisionUpdated"));
    for (const { title, change, path } of cases) {
      const answer = await tryStart(api, clusterInput("never", change));
      expect(answer.__typename, title).toBe("InvalidInputError");
      expect(answer.code, title).toBe("INVALID_INPUT");
      expect(
        answer.fields?.map((field) => field.path),
        title,
      ).toContain(path);
      for (const field of answer.fields ?? []) expect(field.message, title).toMatch(/^[A-Z].*\.$/s);
    }
    await expectNothingWritten(slipway);
    expect(live.messages).toEqual([]);
    live.stop();
  });

  test("every problem at once", async ({ slipway }) => {
    const answer = await tryStart(slipway.api, {
      ...clusterInput("a/b", {
        resourceGroup: "rg.",
        kubernetesVersion: "x",
        nodePools: [pool({ count: 0, name: "X" })],
      }),
    });
    expect(answer.fields?.map(({ path }) => path).toSorted()).toEqual([
      "clusterName",
      "kubernetesVersion",
      "nodePools.0.count",
      "nodePools.0.name",
      "resourceGroup",
    ]);
    await expectNothingWritten(slipway);
  });

  test("what Azure allows is not refused", async ({ slipway }) => {
    const { api } = slipway;
    const allowed = [
      clusterInput("a", { resourceGroup: "RG_(1).x-y" }),
      clusterInput("Upper_Case-1", { location: "WestEurope", kubernetesVersion: "1.35" }),
      clusterInput("patch", { kubernetesVersion: "1.34.6", tags: [{ name: "team", value: "" }] }),
      clusterInput("zero", { nodePools: [pool({}), pool({ name: "z", mode: "USER", count: 0 })] }),
    ];
    for (const input of allowed) await startProvision(api, input);
    expect(await provisionCount(api)).toBe(allowed.length);
  });
});

describe("a cluster that is there already", () => {
  test.for([DEMO.runningCluster, { name: "SHOP-PROD", resourceGroup: "Shop-Prod-WEU" }])(
    "is named in the answer ($name)",
    async ({ name, resourceGroup }, { slipway }) => {
      const answer = await tryStart(slipway.api, clusterInput(name, { resourceGroup }));
      expect(answer).toMatchObject({ __typename: "ClusterExistsError", code: "CLUSTER_EXISTS" });
      expect(answer.message).toContain(name);
      await expectNothingWritten(slipway);
    },
  );

  test("one that is being made: the second caller gets the first one's provision, however the names are spelt", async ({
    slipway,
  }) => {
    const { api } = slipway;
    const first = await startProvision(api, clusterInput("twice"));
    for (const changes of [{}, { clusterName: "TWICE", resourceGroup: "TWICE-RG" }]) {
      const second = await tryStart(api, clusterInput("twice", changes));
      expect(second).toMatchObject({
        __typename: "ProvisionInProgressError",
        code: "PROVISION_IN_PROGRESS",
        provision: { id: first },
      });
    }
    expect(await provisionCount(api)).toBe(1);
  });

  test("20 callers at once make one provision", async ({ slipway }) => {
    const { api, azure } = slipway;
    const answers = await Promise.all(Array.from({ length: 20 }, () => tryStart(api, clusterInput("crowd"))));
    const started = answers.filter(({ __typename }) => __typename === "StartProvisionSuccess");
    expect(started).toHaveLength(1);
    const id = started[0]?.provision?.id ?? "";
    expect(new Set(answers.map(({ provision }) => provision?.id))).toEqual(new Set([id]));
    expect(await provisionCount(api)).toBe(1);
    expect((await untilEnded(watchProgress(api, id))).status).toBe("SUCCEEDED");
    expect(requestsOf(await azure.requests(), "PUT", /managedClusters/i)).toHaveLength(1);
  });
});

describe("idempotency keys", () => {
  test("20 at once with the same key and input are one provision, also when it has ended", async ({ slipway }) => {
    const { api } = slipway;
    const input = clusterInput("keyed", { idempotencyKey: "key-1" });
    const ids = await Promise.all(Array.from({ length: 20 }, () => startProvision(api, input)));
    expect(new Set(ids).size).toBe(1);
    expect(await provisionCount(api)).toBe(1);
    await untilEnded(watchProgress(api, ids[0] ?? ""));
    expect(await startProvision(api, input)).toBe(ids[0]);
    expect(await provisionCount(api)).toBe(1);
  });

  test("another input with the same key is refused", async ({ slipway }) => {
    const { api } = slipway;
    await startProvision(api, clusterInput("keyed", { idempotencyKey: "key-1" }));
    const other = await tryStart(api, clusterInput("other", { idempotencyKey: "key-1" }));
    expect(other).toMatchObject({ __typename: "InvalidInputError", fields: [{ path: "idempotencyKey" }] });
    expect(await provisionCount(api)).toBe(1);
  });

  test("of input that was refused is free again", async ({ slipway }) => {
    const { api } = slipway;
    await tryStart(api, clusterInput("a/b", { idempotencyKey: "key-1" }));
    await startProvision(api, clusterInput("fine", { idempotencyKey: "key-1" }));
  });
});

test("one answer names the fields of a wrong form and those that Azure does not offer", async ({ slipway }) => {
  const nodePools = [{ name: "BAD", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 }];
  const answer = await tryStart(slipway.api, clusterInput("-", { location: "mars", nodePools }));
  const paths = (answer.fields ?? []).map(({ path }) => path).sort();
  expect(paths).toEqual(["clusterName", "location", "nodePools.0.name"]);
});

test("a start is answered before Azure answers anything, however slow it is", async ({ start }) => {
  const { api, azure } = await start();
  // Longer than this test may take: an answer that waited for Azure would never come.
  await azure.fault({ match: { method: "GET" }, then: { delayMs: 120_000 } });
  await startProvision(api, clusterInput("hurry"));
});

describe("requests that are none", () => {
  const start = operation("StartProvision");
  const cases: readonly {
    readonly title: string;
    readonly request: Parameters<ApiClient["http"]>[0];
    readonly status: number;
    readonly message: RegExp;
  }[] = [
    { title: "no JSON", request: { headers: JSON_TYPE, body: "{query:" }, status: 400, message: /JSON/i },
    {
      title: "JSON that is no object",
      request: { headers: JSON_TYPE, body: '"query"' },
      status: 400,
      message: /body/i,
    },
    { title: "an empty body", request: { headers: JSON_TYPE, body: "" }, status: 400, message: /JSON|query|body/i },
    { title: "no query", request: { headers: JSON_TYPE, body: "{}" }, status: 400, message: /query/i },
    {
      title: "a document that does not parse",
      request: { headers: JSON_TYPE, body: body("query {") },
      status: 400,
      message: /Syntax Error/,
    },
    {
      title: "an unknown field",
      request: { headers: JSON_TYPE, body: body("{ secrets }") },
      status: 400,
      message: /Cannot query field/,
    },
    {
      title: "a fragment cycle",
      request: { headers: JSON_TYPE, body: body("{ viewer { ...A } } fragment A on Viewer { name ...A }") },
      status: 400,
      message: /spread/,
    },
    {
      title: "a batch",
      request: { headers: JSON_TYPE, body: `[${body("{ viewer { name } }")}]` },
      status: 400,
      message: /[Bb]atch/,
    },
    {
      title: "a variable of the wrong type",
      request: { headers: JSON_TYPE, body: JSON.stringify({ query: start, variables: { input: { clusterName: 7 } } }) },
      status: 400,
      message: /\$input/,
    },
    {
      title: "an input field that does not exist",
      request: {
        headers: JSON_TYPE,
        body: JSON.stringify({ query: start, variables: { input: clusterInput("x", { owner: "me" }) } }),
      },
      status: 400,
      message: /owner/,
    },
    {
      title: "an enum value that does not exist",
      request: {
        headers: JSON_TYPE,
        body: JSON.stringify({
          query: start,
          variables: { input: clusterInput("x", { nodePools: [pool({ mode: "GPU" })] }) },
        }),
      },
      status: 400,
      message: /GPU/,
    },
    {
      title: "a body that is too large",
      request: { headers: JSON_TYPE, body: body("#".repeat(300_000)) },
      status: 413,
      message: /bytes/,
    },
    {
      title: "a body that is too large, in chunks",
      request: { headers: JSON_TYPE, body: body("#".repeat(300_000)), chunked: true },
      status: 413,
      message: /bytes/,
    },
    {
      title: "a form",
      request: {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `query=${encodeURIComponent(start)}`,
      },
      status: 415,
      message: /application\/json/,
    },
    {
      title: "plain text",
      request: { headers: { "content-type": "text/plain" }, body: body(start) },
      status: 415,
      message: /application\/json/,
    },
    {
      title: "multipart",
      request: { headers: { "content-type": "multipart/form-data; boundary=x" }, body: "--x--" },
      status: 415,
      message: /application\/json/,
    },
    { title: "no content type", request: { body: body(start) }, status: 415, message: /application\/json/ },
    {
      title: "a mutation by GET",
      request: {
        method: "GET",
        path: `/graphql?query=${encodeURIComponent(start)}`,
        headers: { accept: "application/json" },
      },
      status: 405,
      message: /POST/,
    },
    {
      title: "a foreign Origin",
      request: { headers: { ...JSON_TYPE, origin: "https://evil.example.com" }, body: body(start) },
      status: 403,
      message: /SLIPWAY_ALLOWED_ORIGINS/,
    },
    {
      title: "Origin null",
      request: { headers: { ...JSON_TYPE, origin: "null" }, body: body(start) },
      status: 403,
      message: /SLIPWAY_ALLOWED_ORIGINS/,
    },
    {
      title: "a foreign Host",
      request: { headers: { ...JSON_TYPE, host: "evil.example.com" }, body: body(start) },
      status: 421,
      message: /SLIPWAY_ALLOWED_HOSTS/,
    },
    { title: "a path that is no address", request: { method: "GET", path: "//" }, status: 404, message: /graphql/ },
  ];

  test("each gets a status and a sentence, and nothing is written", async ({ slipway }) => {
    for (const { title, request, status, message } of cases) {
      const answer = await slipway.api.http(request);
      expect([answer.status, title]).toEqual([status, title]);
      expect(answer.text, title).toMatch(message);
      expect(answer.text, title).not.toMatch(/\bat .*\.ts:\d+|node_modules/);
    }
    await expectNothingWritten(slipway);
  });

  test("variables that mean to change all objects change none", async ({ slipway }) => {
    const { api } = slipway;
    const variables = '{"id":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const answer = await api.http({
      headers: JSON_TYPE,
      body: `{"query":${JSON.stringify(operation("Provision"))},"variables":${variables}}`,
    });
    expect(JSON.parse(answer.text)).toEqual({ data: { provision: null } });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("JSON nested ten thousand deep is answered", async ({ slipway }) => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const answer = await slipway.api.http({
      headers: JSON_TYPE,
      body: `{"query":${JSON.stringify(operation("StartProvision"))},"variables":{"input":${deep}}}`,
    });
    expect([200, 400]).toContain(answer.status);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ message: expect.any(String) }] });
  });
});

describe("over a WebSocket", () => {
  test("each bad operation gets an error of its own and the socket stays open", async ({ slipway }) => {
    const { api } = slipway;
    const good = watchProgress(api, await startProvision(api, clusterInput("good")));
    await good.first();
    const bad: readonly (readonly [string, object, string])[] = [
      ["subscription {", {}, "Syntax Error"],
      ["subscription { secrets }", {}, "Cannot query field"],
      [operation("ProvisionProgress"), {}, "provisionId"],
      [operation("ProvisionProgress"), { provisionId: { a: 1 } }, "provisionId"],
      [operation("ProvisionTimeline"), { provisionId: "x", afterSequence: "many" }, "afterSequence"],
      [operation("ProvisionTimeline"), { provisionId: "x", afterSequence: -1 }, "INVALID_INPUT"],
      [operation("StartProvision"), { input: {} }, "input"],
    ];
    for (const [query, variables, message] of bad)
      await expect(api.subscribe(query, variables).completed, query).rejects.toThrow(message);
    expect((await untilEnded(good)).status).toBe("SUCCEEDED");
    expect(api.connections()).toBe(1);
  });

  test("queries and mutations work there as well", async ({ slipway }) => {
    const viewer = slipway.api.subscribe<{ name: string }>("{ viewer { name } }");
    expect(await viewer.first()).toEqual({ name: "Local operator" });
    await viewer.completed;
  });

  test.for([
    { title: "a foreign Origin", headers: { origin: "https://evil.example.com" }, path: "/graphql" },
    { title: "a foreign Host", headers: { host: "evil.example.com" }, path: "/graphql" },
    { title: "another path", headers: {}, path: "/other" },
    { title: "a path that is no address", headers: {}, path: "//" },
  ])("is refused to $title, and the next one is not", async ({ headers, path }, { slipway }) => {
    const url = slipway.api.url.replace("http", "ws");
    const refused = new WebSocket(url + path, "graphql-transport-ws", { headers });
    await expect(opened(refused)).rejects.toThrow(/40[34]/);
    const own = new WebSocket(`${url}/graphql`, "graphql-transport-ws", {
      headers: { origin: "http://localhost:3000" },
    });
    await opened(own);
    own.terminate();
  });

  test("a caller who is refused and breaks off does no harm", async ({ slipway }) => {
    const { port } = new URL(slipway.api.url);
    for (let times = 0; times < 5; times++) {
      const socket = connect(Number(port), "127.0.0.1");
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.on("error", () => undefined);
      socket.write(
        "GET /graphql HTTP/1.1\r\nHost: evil.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      );
      socket.resetAndDestroy();
      await closed;
    }
    expect((await slipway.api.http({ method: "GET", path: "/healthz" })).text).toBe("ok");
  });

  test("a message that is too large ends that socket alone", async ({ slipway }) => {
    const { api } = slipway;
    const good = watchProgress(api, await startProvision(api, clusterInput("beside")));
    await good.first();
    const large = new WebSocket(`${api.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    await opened(large);
    const closed = new Promise<number>((resolve) => large.once("close", resolve));
    large.send("x".repeat(100_000));
    expect(await closed).toBe(1009);
    expect((await untilEnded(good)).status).toBe("SUCCEEDED");
  });
});

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
}

function body(query: string): string {
  return JSON.stringify({ query });
}

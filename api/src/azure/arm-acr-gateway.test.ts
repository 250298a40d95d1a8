import { RestError, createHttpHeaders } from "@azure/core-rest-pipeline";
import type { PipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import type { AcrGateway } from "../registry/acr-gateway.ts";
import type { Registry } from "../registry/registry.ts";
import { UntrustedOperationError } from "../shared/azure-error.ts";
import { createAcrLogBlobs } from "./acr-log-blobs.ts";
import published from "./acr-tasks.fixture.json" with { type: "json" };
import { createArmAcrGateway } from "./arm-acr-gateway.ts";
import { createArmClients } from "./arm-clients.ts";
import { createAzureHttpClient } from "./azure-http-client.ts";
import { createRateLimits } from "./rate-limits.ts";

const REGISTRY: Registry = {
  armId:
    "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/demoacr",
  subscriptionId: "11111111-1111-4111-8111-111111111111",
  resourceGroup: "rg1",
  name: "demoacr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Standard",
};
const RUN_ID = "0accec26-d6de-4757-8e74-d080f38eaaab";
const SIGNED_IN = { token: "entra-token", expiresOnTimestamp: Date.now() + 3_600_000 };

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** No answer: the connection breaks with this code. */
  readonly breaks?: string;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

interface Azure {
  readonly gateway: AcrGateway;
  /** What was asked, `GET /path?query`. */
  asked(): readonly string[];
  readonly requests: readonly Sent[];
}

/** The real clients on a transport that answers by script. */
function azureThat(answer: (method: string, url: URL, request: PipelineRequest) => Answer): Azure {
  const requests: Sent[] = [];
  const httpClient = createAzureHttpClient({
    transport: {
      async sendRequest(request) {
        const { method, url } = request;
        requests.push({ method, url, body: request.body });
        const answered = answer(request.method, new URL(request.url), request);
        if (answered.breaks !== undefined)
          throw new RestError("The connection broke", { request, code: answered.breaks });
        const { status = 200, headers = {}, body } = answered;
        const bodyAsText = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
        return {
          request,
          status,
          headers: createHttpHeaders({ "content-type": "application/json", ...headers }),
          bodyAsText,
        };
      },
    },
    rateLimits: createRateLimits(() => 0),
    onRequest: () => {},
    monotonicMs: () => 0,
  });
  const logBlobs = createAcrLogBlobs({ fetch, emulatorUrl: undefined, onRequest: () => {}, monotonicMs: () => 0 });
  const clients = createArmClients({ getToken: () => Promise.resolve(SIGNED_IN) }, httpClient);
  return {
    gateway: createArmAcrGateway(clients, logBlobs),
    asked: () => requests.map(({ method, url }) => `${method} ${new URL(url).pathname}${new URL(url).search}`),
    requests,
  };
}

/** A registry that wants its own token for each scope, as ACR does. */
function registryThat(answer: (url: URL) => Answer): Azure {
  const jwt = `h.${Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + 3_600 })).toString("base64")}.s`;
  return azureThat((_, url, request) => {
    if (url.pathname === "/oauth2/exchange") return { body: { refresh_token: jwt } };
    if (url.pathname === "/oauth2/token") return { body: { access_token: "registry-token" } };
    if (request.headers.get("authorization") !== "Bearer registry-token") {
      const challenge = `Bearer realm="https://${url.host}/oauth2/token",service="${url.host}",scope="registry:catalog:*"`;
      return {
        status: 401,
        headers: { "www-authenticate": challenge },
        body: { errors: [{ code: "UNAUTHORIZED", message: "m" }] },
      };
    }
    return answer(url);
  });
}

const BUILD = {
  image: "team/app",
  tag: "v1",
  sourceLocation: "https://github.com/acme/app.git#main:src",
  dockerfile: "docker/Dockerfile",
  os: "Linux",
  architecture: "arm64",
  buildArgs: [
    { name: "A", value: "1", isSecret: false },
    { name: "B", value: "2", isSecret: true },
  ],
  timeoutSeconds: 1_800,
};
const RESET: Answer = { breaks: "ECONNRESET" };

describe("asking for a build", () => {
  it("sends one request in Azure's form and takes the id from its answer", async () => {
    const { gateway, asked, requests } = azureThat(() => ({ body: published.scheduleRun.body }));
    expect(await gateway.scheduleRun(REGISTRY, BUILD)).toBe(RUN_ID);
    expect(asked()).toEqual([expect.stringMatching(/^POST .*\/registries\/demoacr\/scheduleRun\?/)]);
    const sent = JSON.parse(String(requests[0]?.body)) as Record<string, unknown>;
    expect(sent).toEqual({
      type: "DockerBuildRequest",
      imageNames: ["team/app:v1"],
      isPushEnabled: true,
      sourceLocation: BUILD.sourceLocation,
      dockerFilePath: "docker/Dockerfile",
      platform: { os: "Linux", architecture: "arm64" },
      agentConfiguration: { cpu: 2 },
      arguments: BUILD.buildArgs,
      timeout: 1_800,
    });
    const { isArchiveEnabled: _, noCache: __, ...common } = published.scheduleRun.request;
    expect(Object.keys({ ...common, timeout: 0 }).toSorted()).toEqual(Object.keys(sent).toSorted());
  });

  it.each<[string, Answer]>([
    ["names nothing", { status: 202 }],
    ["is empty", { status: 200 }],
  ])("gives no id when an acceptance %s", async (_, answer) => {
    expect(await azureThat(() => answer).gateway.scheduleRun(REGISTRY, BUILD)).toBeUndefined();
  });

  it("takes the id from where an acceptance points to", async () => {
    const location = "https://management.azure.com/runs/cf1?api-version=1";
    const { gateway, asked } = azureThat((method) =>
      method === "POST" ? { status: 202, headers: { location } } : { body: published.getRun },
    );
    expect(await gateway.scheduleRun(REGISTRY, BUILD)).toBe(RUN_ID);
    expect(asked()).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ["breaks", RESET],
    ["is refused", { status: 403, body: { error: { code: "AuthorizationFailed", message: "m" } } }],
    ["is throttled", { status: 429, body: { error: { code: "TooManyRequests", message: "m" } } }],
  ])("is no failure once it is accepted, though the look at where it stands %s", async (_, look) => {
    const headers = { location: "https://management.azure.com/runs/cf1" };
    const { gateway } = azureThat((method) => (method === "POST" ? { status: 202, headers } : look));
    expect(await gateway.scheduleRun(REGISTRY, BUILD)).toBeUndefined();
  });

  it("does not follow an acceptance to a foreign host", async () => {
    const { gateway, requests } = azureThat(() => ({
      status: 202,
      headers: { location: "https://evil.example/runs/cf1" },
    }));
    expect(await gateway.scheduleRun(REGISTRY, BUILD)).toBeUndefined();
    expect(requests.map(({ url }) => new URL(url).host)).toEqual(["management.azure.com"]);
  });

  it.each<[string, Answer, object]>([
    ["a broken connection", RESET, { kind: "lost-reply" }],
    ["a failing gateway", { status: 502, body: "<html>" }, { kind: "lost-reply" }],
    ["a connection that never was", { breaks: "ECONNREFUSED" }, { kind: "transient" }],
    [
      "a subscription that may not build",
      { status: 403, body: { error: { code: "TasksOperationsNotAllowed", message: "Not permitted." } } },
      { kind: "permanent", code: "TasksOperationsNotAllowed", message: "Not permitted." },
    ],
    [
      "a throttled Azure",
      { status: 429, headers: { "retry-after": "7" }, body: { error: { code: "TooManyRequests", message: "m" } } },
      { kind: "transient", retryAfterMs: 7_000 },
    ],
  ])("is asked once whatever comes: %s", async (_, answer, expected) => {
    const { gateway, requests } = azureThat(() => answer);
    await expect(gateway.scheduleRun(REGISTRY, BUILD)).rejects.toMatchObject(expected);
    expect(requests).toHaveLength(1);
  });
});

describe("runs", () => {
  const RUN = {
    runId: RUN_ID,
    status: "SUCCEEDED",
    createdAt: "2018-01-25T05:13:51.618Z",
    startedAt: "2018-01-25T05:50:51.618Z",
    finishedAt: "2018-01-25T06:13:51.618Z",
    error: undefined,
    outputImages: [
      {
        repository: "myimage",
        tag: "latest",
        digest: "sha256:cbbf2f9a99b47fc460d422812b6a5adff7dfee951d8fa2e4a98caa0",
      },
    ],
    taskName: "myTask",
  };

  it("are read as Azure shows them", async () => {
    expect(await azureThat(() => ({ body: published.getRun })).gateway.getRun(REGISTRY, RUN_ID)).toEqual(RUN);
  });

  it("are listed by one page of at most 100", async () => {
    const { gateway, asked } = azureThat(() => ({
      body: { ...published.listRuns, nextLink: "https://management.azure.com/next" },
    }));
    expect(await gateway.listRuns(REGISTRY, 500)).toEqual([RUN]);
    expect(asked()).toEqual([expect.stringMatching(/^GET .*\/registries\/demoacr\/runs\?.*\$top=100$/)]);
  });

  it("just asked for have no times, no images and no error", async () => {
    const { gateway } = azureThat(() => ({
      body: { name: "cf1", properties: { runId: "cf1", status: "Queued", provisioningState: "Succeeded" } },
    }));
    expect(await gateway.getRun(REGISTRY, "cf1")).toEqual({
      runId: "cf1",
      status: "QUEUED",
      createdAt: undefined,
      startedAt: undefined,
      finishedAt: undefined,
      error: undefined,
      outputImages: [],
      taskName: undefined,
    });
  });

  it("give ACR's reason and a word of ours for a status that nobody knows", async () => {
    const properties = { runId: "cf1", status: "Exploded", runErrorMessage: "failed during run, err: exit status 1" };
    expect(await azureThat(() => ({ body: { properties } })).gateway.getRun(REGISTRY, "cf1")).toMatchObject({
      status: "UNKNOWN",
      error: "failed during run, err: exit status 1",
    });
  });

  it("that Azure does not know are undefined", async () => {
    const { gateway } = azureThat(() => ({ status: 404, body: { error: { code: "RunNotFound", message: "m" } } }));
    expect(await gateway.getRun(REGISTRY, "cf9")).toBeUndefined();
  });

  it.each<[string, Answer]>([
    ["done", { status: 200 }],
    ["accepted", { status: 202 }],
  ])("are canceled with one request: %s", async (_, answer) => {
    const { gateway, asked } = azureThat(() => answer);
    await gateway.cancelRun(REGISTRY, "cf1");
    expect(asked()).toEqual([expect.stringMatching(/^POST .*\/runs\/cf1\/cancel\?/)]);
  });

  it("that have ended refuse a cancel as a conflict", async () => {
    const body = {
      error: { code: "CannotCancelRun", message: "Run cf1 is in state 'Succeeded' and cannot be canceled." },
    };
    await expect(azureThat(() => ({ status: 400, body })).gateway.cancelRun(REGISTRY, "cf1")).rejects.toMatchObject({
      kind: "conflict",
      status: 400,
    });
  });
});

describe("the address of a log", () => {
  it("is Azure's, or the registry's own where Azure gives only that", async () => {
    const { logLink } = published.getLogSasUrl;
    expect(await azureThat(() => ({ body: { logLink } })).gateway.getLogUrl(REGISTRY, "cf1")).toBe(logLink);
    expect(await azureThat(() => ({ body: { logArtifactLink: logLink } })).gateway.getLogUrl(REGISTRY, "cf1")).toBe(
      logLink,
    );
  });

  it("is an error when Azure gives none", async () => {
    await expect(azureThat(() => ({ body: {} })).gateway.getLogUrl(REGISTRY, "cf1")).rejects.toMatchObject({
      code: "NoLogLink",
    });
  });

  it("can be asked for again after a lost reply", async () => {
    await expect(azureThat(() => RESET).gateway.getLogUrl(REGISTRY, "cf1")).rejects.toMatchObject({
      kind: "transient",
    });
  });

  it("is not told by the error about an answer that can't be read", async () => {
    const torn = JSON.stringify(published.getLogSasUrl).slice(0, -1);
    const error = await azureThat(() => ({ body: torn }))
      .gateway.getLogUrl(REGISTRY, "cf1")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AzureError" });
    expect(error).not.toHaveProperty("cause");
    expect((error as Error).message).not.toContain("sig=");
  });
});

describe("the names of repositories", () => {
  it("come a page at a time and go on behind a name", async () => {
    const link = { link: '</acr/v1/_catalog?last=team%2Fweb&n=2&orderby=>; rel="next"' };
    const { gateway, asked } = registryThat((url) =>
      url.searchParams.has("last")
        ? { body: { repositories: ["tools/x"] } }
        : { headers: link, body: { repositories: ["team/api", "team/web"] } },
    );
    const first = await gateway.listRepositoryNames(REGISTRY, undefined, 2);
    expect(first).toEqual({ names: ["team/api", "team/web"], after: "team/web" });
    expect(await gateway.listRepositoryNames(REGISTRY, first.after, 2)).toEqual({
      names: ["tools/x"],
      after: undefined,
    });
    expect(asked().filter((line) => line.startsWith("GET"))).toEqual([
      "GET /acr/v1/_catalog?n=2&api-version=2021-07-01",
      "GET /acr/v1/_catalog?n=2&api-version=2021-07-01",
      "GET /acr/v1/_catalog?last=team%2Fweb&n=2&orderby=",
    ]);
  });

  it("don't end at a page that the registry leaves empty", async () => {
    const { gateway } = registryThat((url) =>
      url.searchParams.get("last") === "hidden"
        ? { body: { repositories: ["seen"] } }
        : { headers: { link: "</acr/v1/_catalog?last=hidden&n=2&orderby=>" }, body: { repositories: [] } },
    );
    expect(await gateway.listRepositoryNames(REGISTRY, undefined, 2)).toEqual({ names: ["seen"], after: undefined });
  });

  it.each(["https://evil.example/acr/v1/_catalog?last=a", "https://otheracr.azurecr.io/acr/v1/_catalog?last=a"])(
    "are not looked for at %s, and no token goes there",
    async (next) => {
      const { gateway, requests } = registryThat(() => ({
        headers: { link: `<${next}>; rel="next"` },
        body: { repositories: [] },
      }));
      await expect(gateway.listRepositoryNames(REGISTRY, undefined, 10)).rejects.toBeInstanceOf(
        UntrustedOperationError,
      );
      expect(new Set(requests.map(({ url }) => new URL(url).host))).toEqual(new Set(["demoacr.azurecr.io"]));
    },
  );

  it("are not looked for where a redirect leads, and no token goes there", async () => {
    const { gateway, requests } = registryThat(() => ({
      status: 307,
      headers: { location: "https://evil.example/acr/v1/_catalog" },
    }));
    await expect(gateway.listRepositoryNames(REGISTRY, undefined, 10)).rejects.toBeInstanceOf(UntrustedOperationError);
    expect(new Set(requests.map(({ url }) => new URL(url).host))).toEqual(new Set(["demoacr.azurecr.io"]));
  });

  it("are not looked for at a login server that is none", async () => {
    const { gateway, requests } = registryThat(() => ({ body: { repositories: [] } }));
    const foreign = { ...REGISTRY, loginServer: "demoacr.azurecr.io.evil.example" };
    await expect(gateway.listRepositoryNames(foreign, undefined, 10)).rejects.toBeInstanceOf(UntrustedOperationError);
    expect(requests).toEqual([]);
  });

  it.each<[string, Answer, object]>([
    [
      "the firewall",
      {
        status: 403,
        body: { errors: [{ code: "DENIED", message: "client with IP '1.2.3.4' is not allowed access." }] },
      },
      { kind: "forbidden", code: "DENIED", status: 403 },
    ],
    [
      "a right that is missing",
      { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] } },
      { kind: "forbidden", code: "UNAUTHORIZED" },
    ],
    [
      "a registry that is busy",
      { status: 503, headers: { "retry-after": "3" } },
      { kind: "transient", retryAfterMs: 3_000 },
    ],
    ["a broken connection", RESET, { kind: "transient", code: "ECONNRESET" }],
  ])("are refused by the sign-in for what it says: %s", async (_, answer, expected) => {
    const headers = {
      "www-authenticate":
        'Bearer realm="https://demoacr.azurecr.io/oauth2/token",service="demoacr.azurecr.io",scope="registry:catalog:*"',
    };
    const { gateway } = azureThat((_method, url) =>
      url.pathname.startsWith("/oauth2/") ? answer : { status: 401, headers },
    );
    const both = [
      gateway.listRepositoryNames(REGISTRY, undefined, 10),
      gateway.listRepositoryNames(REGISTRY, undefined, 10),
    ];
    for (const listed of await Promise.allSettled(both))
      expect(listed).toMatchObject({ status: "rejected", reason: expected });
  });
});

describe("tags", () => {
  const DAY = "2026-11-21T10:00:00Z";
  const tag = (name: string) => ({ name, digest: `sha256:${name}`, createdTime: DAY, lastUpdateTime: DAY });
  const manifest = (name: string, imageSize: number | undefined) => ({
    digest: `sha256:${name}`,
    imageSize,
    createdTime: DAY,
    lastUpdateTime: DAY,
  });
  const repository =
    (tags: readonly object[], next?: string) =>
    (url: URL): Answer => {
      if (url.pathname.endsWith("/_tags"))
        return {
          ...(next !== undefined && { headers: { link: `<${next}>; rel="next"` } }),
          body: { registry: "r", imageName: "team/app", tags },
        };
      if (url.pathname.endsWith("/_manifests"))
        return { body: { manifests: [manifest("v2", 4_711), manifest("v1", 0)] } };
      return {
        body: {
          imageName: "team/app",
          createdTime: DAY,
          lastUpdateTime: DAY,
          manifestCount: 9,
          tagCount: 42,
          changeableAttributes: {},
        },
      };
    };

  it("come newest first, as many as asked for, with the number of all and the sizes that the registry has", async () => {
    const next = "/acr/v1/team%2Fapp/_tags?last=v1&n=2&orderby=timedesc";
    const { gateway, asked } = registryThat(repository([tag("v2"), tag("v1")], next));
    expect(await gateway.listTags(REGISTRY, "team/app", 2)).toEqual({
      tags: [
        { name: "v2", digest: "sha256:v2", createdAt: "2026-11-21T10:00:00.000Z", sizeBytes: 4_711 },
        { name: "v1", digest: "sha256:v1", createdAt: "2026-11-21T10:00:00.000Z", sizeBytes: undefined },
      ],
      tagCount: 42,
    });
    expect(asked().findLast((line) => line.includes("/_tags"))).toMatch(
      /^GET \/acr\/v1\/team%2Fapp\/_tags\?.*orderby=timedesc/,
    );
  });

  it("that are all there count themselves", async () => {
    const { gateway, asked } = registryThat(repository([tag("v2")]));
    expect(await gateway.listTags(REGISTRY, "team/app", 2)).toMatchObject({ tagCount: 1 });
    expect(asked().filter((line) => /\/team%2Fapp\?/.test(line))).toEqual([]);
  });

  it("may be none", async () => {
    const { gateway } = registryThat(repository([]));
    expect(await gateway.listTags(REGISTRY, "team/app", 2)).toEqual({ tags: [], tagCount: 0 });
  });

  it("of a repository that is gone are undefined", async () => {
    const { gateway } = registryThat(() => ({
      status: 404,
      body: { errors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry" }] },
    }));
    expect(await gateway.listTags(REGISTRY, "team/app", 2)).toBeUndefined();
  });
});

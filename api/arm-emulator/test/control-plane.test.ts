import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorOf, smallCluster, startAzure, submitCreate, type Azure } from "./azure.ts";

let azure: Azure;

beforeEach(async () => {
  azure = await startAzure();
  await azure.makeGroup("rg1");
});
afterEach(() => azure.stop());

const getGroup = () => azure.groups.get("rg1");

describe("faults", () => {
  test("answer in Azure's place, so often as they say, and then end", async () => {
    await azure.fault({
      match: { method: "get", path: "/resourcegroups/rg1\\?" },
      times: 2,
      then: {
        status: 503,
        headers: { "Retry-After": 7 },
        body: { error: { code: "ServiceUnavailable", message: "Later." } },
      },
    });
    expect(await errorOf(getGroup())).toMatchObject({ statusCode: 503, code: "ServiceUnavailable", message: "Later." });
    expect(await errorOf(getGroup())).toMatchObject({ statusCode: 503 });
    expect((await getGroup()).name).toBe("rg1");
    expect((await azure.control("GET", "faults")).body).toEqual([]);
  });

  test("match by operation name, whatever the path", async () => {
    await azure.fault({ match: { operation: "resourceGroups.get" }, then: { throttle: { retryAfterSeconds: 3 } } });
    expect(await errorOf(getGroup())).toMatchObject({ statusCode: 429, code: "SubscriptionRequestsThrottled" });
    await azure.groups.update("rg1", { tags: {} });
  });

  test("do nothing in Azure when the connection drops before", async () => {
    await azure.fault({
      match: { operation: "managedClusters.createOrUpdate" },
      times: 1,
      then: { dropConnection: "before" },
    });
    expect((await errorOf(submitCreate(azure, "c1"))).statusCode).toBeUndefined();
    expect((await errorOf(azure.aks.managedClusters.get("rg1", "c1"))).statusCode).toBe(404);
    const [put] = (await azure.requests()).filter(({ path }) => path.includes("managedClusters"));
    expect(put).toMatchObject({ method: "PUT", status: 0, effective: false });
  });

  test("lose the reply alone when the connection drops after", async () => {
    await azure.fault({ match: { operation: "resourceGroups.update" }, times: 1, then: { dropConnection: "after" } });
    expect((await errorOf(azure.groups.update("rg1", { tags: { a: "1" } }))).statusCode).toBeUndefined();
    expect((await getGroup()).tags).toEqual({ a: "1" });
  });

  test("delay a request by real milliseconds and then let it through", async () => {
    await azure.fault({ match: { operation: "resourceGroups.get" }, times: 1, then: { delayMs: 60 } });
    const startMs = performance.now();
    expect((await getGroup()).name).toBe("rg1");
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(55);
  });

  test("add headers to the real reply", async () => {
    await azure.fault({ match: { operation: "resourceGroups.get" }, then: { headers: { "Retry-After": "9" } } });
    let retryAfter: string | undefined;
    await azure.groups.get("rg1", { onResponse: ({ headers }) => void (retryAfter = headers.get("retry-after")) });
    expect(retryAfter).toBe("9");
  });

  test("with a probability fall on some requests and not on others", async () => {
    await azure.fault({
      match: { operation: "resourceGroups.get" },
      probability: 0.5,
      then: { status: 500, body: {} },
    });
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        getGroup().then(
          () => "ok",
          () => "fault",
        ),
      ),
    );
    const faults = answers.filter((answer) => answer === "fault").length;
    expect(faults).toBeGreaterThan(10);
    expect(faults).toBeLessThan(50);
  });

  test("are taken away one by one or all at once", async () => {
    const { body } = await azure.control("POST", "faults", { match: {}, then: { status: 500 } });
    await azure.control("POST", "faults", { match: { path: "nothing" }, then: { status: 500 } });
    const { id } = body as { id: string };
    expect((await azure.control("DELETE", `faults/${id}`)).status).toBe(200);
    expect((await azure.control("DELETE", `faults/${id}`)).status).toBe(404);
    expect((await getGroup()).name).toBe("rg1");
    await azure.control("DELETE", "faults");
    expect((await azure.control("GET", "faults")).body).toEqual([]);
  });
});

describe("the request log", () => {
  test("has every request to Azure, in order, with what it changed", async () => {
    const before = (await azure.requests()).at(-1)?.n ?? 0;
    let clientRequestId: string | undefined;
    await submitCreate(azure, "c1", smallCluster(), {
      onResponse: ({ request }: PipelineResponse) => void (clientRequestId = request.requestId),
    });
    await errorOf(azure.aks.managedClusters.get("rg1", "none"));
    const log = await azure.requests(before);
    expect(log.map(({ n }) => n)).toEqual([before + 1, before + 2]);
    expect(log).toMatchObject([
      {
        method: "PUT",
        path: expect.stringMatching(/managedClusters\/c1\?api-version=/),
        status: 201,
        clientRequestId,
        effective: true,
      },
      { method: "GET", status: 404, effective: false },
    ]);
    expect(Date.parse(log[0]?.at ?? "")).toBe(azure.emulator.now());
  });

  test("counts on after a reset, so that no number comes twice", async () => {
    const last = (await azure.requests()).at(-1)?.n ?? 0;
    await azure.control("POST", "reset", { seed: "demo" });
    expect(await azure.requests()).toEqual([]);
    await errorOf(getGroup());
    expect((await azure.requests()).map(({ n }) => n)).toEqual([last + 1]);
  });
});

test("state shows resources and operations as they are now", async () => {
  await submitCreate(azure, "c1");
  azure.emulator.advance(600);
  const { body } = await azure.control("GET", "state");
  expect(body).toMatchObject({
    speed: 0,
    resources: expect.arrayContaining([
      expect.objectContaining({ name: "c1", properties: expect.objectContaining({ provisioningState: "Succeeded" }) }),
    ]),
    operations: [{ kind: "managedClusters.createOrUpdate", status: "Succeeded" }],
    runs: [],
  });
});

test("reset begins the demo world: a running, a stopped and a failed cluster", async () => {
  await azure.control("POST", "reset", { seed: "demo" });
  const { body } = await azure.control("GET", "state");
  const { resources } = body as {
    resources: { type: string; properties: { provisioningState?: string; powerState?: { code: string } } }[];
  };
  const clusters = resources.filter(({ type }) => type === "Microsoft.ContainerService/managedClusters");
  expect(
    clusters.map(({ properties }) => `${properties.provisioningState} ${properties.powerState?.code}`).sort(),
  ).toEqual(["Failed Running", "Succeeded Running", "Succeeded Stopped"]);
});

describe("bad calls of the control plane", () => {
  test.each<{ method: string; path: string; body?: unknown; status: number; message: string }>([
    {
      method: "POST",
      path: "reset",
      body: { seed: "mars" },
      status: 400,
      message: "'seed' must be one of demo, empty",
    },
    { method: "POST", path: "reset", body: "{", status: 400, message: "no JSON" },
    { method: "PUT", path: "clock", body: { speed: -1 }, status: 400, message: "'speed' must be a number" },
    { method: "PUT", path: "clock", body: { speed: "fast" }, status: 400, message: "'speed' must be a number" },
    { method: "PUT", path: "clock", body: {}, status: 400, message: "'speed' must be a number" },
    {
      method: "POST",
      path: "clock/advance",
      body: { seconds: -5 },
      status: 400,
      message: "'seconds' must be a number",
    },
    { method: "POST", path: "clock/advance", body: { minutes: 5 }, status: 400, message: "has no field 'minutes'" },
    { method: "POST", path: "faults", body: [], status: 400, message: "must be an object" },
    { method: "POST", path: "faults", body: { match: {} }, status: 400, message: "'then' must be an object" },
    {
      method: "POST",
      path: "faults",
      body: { match: { path: "(" }, then: {} },
      status: 400,
      message: "no regular expression",
    },
    {
      method: "POST",
      path: "faults",
      body: { match: {}, then: { status: 99 } },
      status: 400,
      message: "'then.status' must be a number from 200 to 599",
    },
    {
      method: "POST",
      path: "faults",
      body: { match: {}, then: { body: {} } },
      status: 400,
      message: "'then.body' needs a 'then.status'",
    },
    {
      method: "POST",
      path: "faults",
      body: { match: {}, then: { dropConnection: "now" } },
      status: 400,
      message: '"before" or "after"',
    },
    {
      method: "POST",
      path: "faults",
      body: { match: {}, then: { headers: { "a b": "c" } } },
      status: 400,
      message: "header name",
    },
    {
      method: "POST",
      path: "faults",
      body: { match: {}, times: 0, then: {} },
      status: 400,
      message: "'times' must be a number from 1",
    },
    {
      method: "POST",
      path: "faults",
      body: { match: {}, probability: 2, then: {} },
      status: 400,
      message: "'probability' must be a number from 0 to 1",
    },
    { method: "POST", path: "scenarios", body: { scenario: "stuck" }, status: 400, message: "exactly one of" },
    {
      method: "POST",
      path: "scenarios",
      body: { cluster: "c", image: "i", scenario: "stuck" },
      status: 400,
      message: "exactly one of",
    },
    {
      method: "POST",
      path: "scenarios",
      body: { cluster: "c", scenario: "explodes" },
      status: 400,
      message: "'scenario' of a cluster must be one of quota-exceeded",
    },
    {
      method: "POST",
      path: "scenarios",
      body: { registry: "r", scenario: "stuck" },
      status: 400,
      message: "'scenario' of a registry must be one of locked",
    },
    {
      method: "POST",
      path: "faults",
      body: { match: { operation: "clusters.make" }, then: {} },
      status: 400,
      message: "'match.operation' must be one of agentPools.abortLatestOperation,",
    },
    { method: "GET", path: "nothing", status: 404, message: "is no call of the control plane" },
  ])("$method $path $body is answered $status and says why", async ({ method, path, body, status, message }) => {
    const answer = await azure.control(method, path, body);
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringContaining(message) } } });
  });

  test("a page of another site is refused", async () => {
    const response = await fetch(`${azure.emulator.url}/_emulator/reset`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: "{}",
    });
    expect(response.status).toBe(403);
    expect((await getGroup()).name).toBe("rg1");
  });

  test.each([
    { registry: "demoacr", scenario: "locked" },
    { image: "web:1.0", scenario: "log-replaced" },
    { cluster: "C1", scenario: "slow" },
  ])("a scenario of any kind is kept: %o", async (scenario) => {
    expect((await azure.control("POST", "scenarios", scenario)).status).toBe(200);
    expect((await azure.control("GET", "scenarios")).body).toHaveLength(1);
  });

  test("a registry's 'open' ends its scenario", async () => {
    await azure.control("POST", "scenarios", { registry: "demoacr", scenario: "locked" });
    await azure.control("POST", "scenarios", { registry: "DemoAcr", scenario: "open" });
    expect((await azure.control("GET", "scenarios")).body).toEqual([]);
  });
});

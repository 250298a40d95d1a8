import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startAzure, SUBSCRIPTION, type Azure } from "./azure.ts";

let azure: Azure;

beforeEach(async () => {
  azure = await startAzure();
  await azure.makeGroup("rg1");
});
afterEach(() => azure.stop());

type Answer = { status: number; headers: Headers; body: unknown };

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${azure.emulator.url}/subscriptions/${SUBSCRIPTION}${path}?api-version=2025-04-01`, {
    method,
    headers: { authorization: "Bearer x" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

async function callTimes(times: number, method: string, path: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let done = 0; done < times; done++) answers.push(await call(method, path));
  return answers;
}

const CLUSTERS = "/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters";

describe("ARM's limits", () => {
  test("allow 250 reads of a subscription at once and 25 more with each second", async () => {
    const statuses = (await callTimes(251, "GET", "/resourcegroups/rg1")).map(({ status }) => status);
    expect(statuses).toEqual([...Array.from({ length: 250 }, () => 200), 429]);
    azure.emulator.advance(1);
    const later = (await callTimes(26, "GET", "/resourcegroups/rg1")).map(({ status }) => status);
    expect(later.filter((status) => status === 200)).toHaveLength(25);
  });

  test("are answered with the wrapped 429, a time to wait and what is left", async () => {
    const answers = await callTimes(251, "GET", "/resourcegroups/rg1");
    expect(answers[0]?.headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("249");
    expect(answers[0]?.headers.get("x-ms-ratelimit-remaining-subscription-global-reads")).toBe("3749");
    const refused = answers.at(-1);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(refused?.headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("0");
    expect(refused?.body).toMatchObject({
      error: {
        code: "SubscriptionRequestsThrottled",
        message: expect.stringContaining("Number of 'read' requests for subscription"),
      },
    });
  });

  test("count deletes by themselves, of each subscription", async () => {
    const statuses = (await callTimes(201, "DELETE", `${CLUSTERS}/none`)).map(({ status }) => status);
    expect(statuses.indexOf(429)).toBeGreaterThan(0);
    expect((await call("GET", "/resourcegroups/rg1")).status).toBe(200);
  });

  test("refuse before anything happens", async () => {
    await callTimes(250, "GET", "/resourcegroups/rg1");
    await call("GET", "/resourcegroups/rg1");
    const last = (await azure.requests()).at(-1);
    expect(last).toMatchObject({ status: 429, effective: false });
  });
});

describe("the limits of AKS", () => {
  test("allow 20 PUTs of one cluster and then one a minute, answered flatly", async () => {
    for (let done = 0; done < 20; done++) expect((await call("PUT", `${CLUSTERS}/c1`, {})).status).toBe(400);
    const refused = await call("PUT", `${CLUSTERS}/c1`, {});
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(refused.body).toMatchObject({
      code: "Throttled",
      message: expect.stringContaining("The PutManagedClusterHandler.PUT request limit has been exceeded"),
    });
    expect((await call("PUT", `${CLUSTERS}/c2`, {})).status).toBe(400);
    azure.emulator.advance(60);
    expect((await call("PUT", `${CLUSTERS}/c1`, {})).status).toBe(400);
  });

  test("allow 60 GETs of one cluster and then one a second", async () => {
    const statuses = (await callTimes(61, "GET", `${CLUSTERS}/c1`)).map(({ status }) => status);
    expect(statuses.at(-2)).toBe(404);
    expect(statuses.at(-1)).toBe(429);
  });

  test("tell the wait in the client's own seconds when the clock runs faster", async () => {
    for (let done = 0; done < 20; done++) await call("PUT", `${CLUSTERS}/c1`, {});
    await azure.control("PUT", "clock", { speed: 10 });
    expect(Number((await call("PUT", `${CLUSTERS}/c1`, {})).headers.get("retry-after"))).toBeLessThanOrEqual(6);
  });
});

import { expect } from "vitest";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { connectProtocol, type ProtocolClient } from "./protocol-client.ts";

const LIVE = "subscription { clusterUpdated { name } }";

async function connect(slipway: Slipway): Promise<ProtocolClient> {
  const client = await connectProtocol(slipway.api.url);
  await client.init();
  return client;
}

async function metric(slipway: Slipway, name: string): Promise<string | undefined> {
  const { text } = await slipway.api.http({ method: "GET", path: "/metrics" });
  return text.split("\n").find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
}

test("a connection too many is refused with what stands against it, and there is room again when one has closed", async ({
  start,
}) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_CONNECTIONS: "2" } });
  const [first, second] = [await connect(slipway), await connect(slipway)];
  await expect(connect(slipway)).rejects.toThrow("Unexpected server response: 503");
  const refused = await slipway.api.http({
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: LIVE }),
  });
  expect(refused.status).toBe(503);
  expect(refused.headers["retry-after"]).toBe("5");
  expect(JSON.parse(refused.text)).toEqual({
    errors: [
      {
        message: expect.stringContaining("SLIPWAY_MAX_CONNECTIONS") as string,
        extensions: { code: "TOO_MANY_CONNECTIONS", limit: 2 },
      },
    ],
  });
  expect(await metric(slipway, "slipway_live_connections")).toBe("slipway_live_connections 2");
  expect(await metric(slipway, "slipway_refusals_total")).toBe('slipway_refusals_total{code="TOO_MANY_CONNECTIONS"} 2');
  first.socket.close();
  await first.closed;
  await expect.poll(() => metric(slipway, "slipway_live_connections")).toBe("slipway_live_connections 1");
  const third = await connect(slipway);
  for (const { socket } of [second, third]) socket.terminate();
});

test("one address can't take the places of others, also before it says who it is", async ({ start }) => {
  const settings = { SLIPWAY_MAX_CONNECTIONS_PER_ADDRESS: "1", SLIPWAY_TRUSTED_PROXIES: "1" };
  const slipway = await start({ settings });
  const from = (address: string) => ({ socket: { headers: { "x-forwarded-for": address } } });
  const first = await connectProtocol(slipway.api.url, from("203.0.113.7"));
  await expect(connectProtocol(slipway.api.url, from("203.0.113.7"))).rejects.toThrow("503");
  const refused = await slipway.api.http({
    headers: { "content-type": "application/json", accept: "text/event-stream", "x-forwarded-for": "203.0.113.7" },
    body: JSON.stringify({ query: LIVE }),
  });
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.text)).toMatchObject({
    errors: [{ extensions: { code: "TOO_MANY_CONNECTIONS_OF_ADDRESS", limit: 1 } }],
  });
  const other = await connectProtocol(slipway.api.url, from("203.0.113.8"));
  first.socket.close();
  await first.closed;
  await expect.poll(() => metric(slipway, "slipway_live_connections")).toBe("slipway_live_connections 1");
  const again = await connectProtocol(slipway.api.url, from("203.0.113.7"));
  for (const { socket } of [other, again]) socket.terminate();
});

test("queries go on while no live connection more is let in", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_CONNECTIONS: "1" } });
  const only = await connect(slipway);
  expect(await slipway.api.graphql("{ viewer { name } }")).toEqual({ data: { viewer: { name: "Local operator" } } });
  only.socket.terminate();
});

test("a stream of server-sent events counts as long as it is open", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_CONNECTIONS: "1" } });
  const stream = slipway.api.sse(LIVE);
  await stream.first();
  await expect(connect(slipway)).rejects.toThrow("Unexpected server response: 503");
  stream.stop();
  await expect.poll(() => metric(slipway, "slipway_live_connections")).toBe("slipway_live_connections 0");
  (await connect(slipway)).socket.terminate();
});

test("a user with too many connections is told to come back: 1013, which clients do", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_CONNECTIONS_PER_USER: "1" } });
  const first = await connect(slipway);
  const second = await connectProtocol(slipway.api.url);
  second.send({ type: "connection_init" });
  expect(await second.closed).toEqual({
    code: 1013,
    reason: "You have 1 connections open, the limit (SLIPWAY_MAX_CONNECTIONS_PER_USER). Close one.",
  });
  first.socket.close();
  await first.closed;
  await expect.poll(() => metric(slipway, "slipway_live_connections")).toBe("slipway_live_connections 0");
  (await connect(slipway)).socket.terminate();
});

test("an operation too many answers a typed error, and its connection goes on with the others", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_OPERATIONS_PER_CONNECTION: "2" } });
  const client = await connect(slipway);
  client.subscribe("1", LIVE);
  client.subscribe("2", LIVE);
  client.subscribe("3", LIVE);
  const refused = await client.until(({ id, type }) => id === "3" && type === "error");
  expect(refused.payload).toEqual([
    {
      message: expect.stringContaining("SLIPWAY_MAX_OPERATIONS_PER_CONNECTION") as string,
      extensions: { code: "TOO_MANY_OPERATIONS", limit: 2 },
    },
  ]);
  await client.until(({ id, type }) => id === "2" && type === "next");
  client.send({ id: "1", type: "complete" });
  await client.roundTrip();
  client.subscribe("4", LIVE);
  await client.until(({ id, type }) => id === "4" && type === "next");
  client.socket.terminate();
});

test("a restart tells every client to come back, and does not wait for those that don't answer", async ({ start }) => {
  const slipway = await start();
  const client = await connect(slipway);
  const mute = await connect(slipway);
  mute.socket.pause();
  await slipway.restart();
  expect(await client.closed).toEqual({ code: 1001, reason: "Slipway restarts" });
  mute.socket.terminate();
});

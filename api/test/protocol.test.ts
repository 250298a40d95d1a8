import { connect as connectTcp } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startSlipway, type Slipway } from "./harness.ts";
import { connectProtocol, type ProtocolClient } from "./protocol-client.ts";
import { clusterInput, startProvision } from "./provisions.ts";

/** The protocol's own text, message by message and close code by close code: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */

const QUERY = "{ viewer { name } }";
const LIVE = "subscription { clusterUpdated { name } }";

let slipway: Slipway;
let clients: ProtocolClient[] = [];
beforeAll(async () => {
  slipway = await startSlipway();
});
afterEach(() => {
  for (const { socket } of clients) socket.terminate();
  clients = [];
});
afterAll(() => slipway.stop());

async function connect(options?: Parameters<typeof connectProtocol>[1]): Promise<ProtocolClient> {
  const client = await connectProtocol(slipway.api.url, options);
  clients.push(client);
  return client;
}

async function connectAndInit(): Promise<ProtocolClient> {
  const client = await connect();
  await client.init();
  return client;
}

const ofOperation =
  (id: string, type?: string) =>
  (message: { readonly id?: string; readonly type: string }): boolean =>
    message.id === id && (type === undefined || message.type === type);
const typesOf = ({ messages }: ProtocolClient, id: string): readonly string[] =>
  messages.filter(ofOperation(id)).map(({ type }) => type);

/** What a query over this connection is answered with, message by message. */
async function answerTo(client: ProtocolClient): Promise<readonly string[]> {
  client.subscribe("query", QUERY);
  await client.until(ofOperation("query", "complete"));
  return typesOf(client, "query");
}
const WHOLE = ["next", "complete"];

async function openSubscription(client: ProtocolClient, id: string): Promise<void> {
  client.subscribe(id, LIVE);
  await client.until(ofOperation(id, "next"));
}

describe("the handshake", () => {
  test("is made with graphql-transport-ws, also when offered among others", async () => {
    const client = await connect({ protocols: ["soap", "graphql-transport-ws"] });
    expect(client.socket.protocol).toBe("graphql-transport-ws");
  });

  test("a client that speaks another protocol is told so: 4406", async () => {
    const client = await connect({ protocols: [] });
    expect(await client.closed).toEqual({ code: 4406, reason: "Subprotocol not acceptable" });
  });

  test.each([
    ["a foreign page", { origin: "https://evil.example" }, 403],
    ["a page whose name was rebound to this address", { headers: { host: "evil.example" } }, 403],
  ])("of %s is refused", async (_who, socket, status) => {
    await expect(connect({ socket })).rejects.toThrow(`Unexpected server response: ${status}`);
  });

  test("anywhere but at /graphql is refused, and the server goes on", async () => {
    await expect(connectProtocol(`${slipway.api.url}/elsewhere`)).rejects.toThrow("Unexpected server response: 404");
    expect(await answerTo(await connectAndInit())).toEqual(WHOLE);
  });
});

describe("the connection's beginning", () => {
  test("is acknowledged without a payload", async () => {
    const client = await connectAndInit();
    expect(client.messages).toEqual([{ type: "connection_ack" }]);
  });

  test("who says nothing is disconnected: 4408", async () => {
    const client = await connect();
    expect(await client.closed).toEqual({ code: 4408, reason: "Connection initialisation timeout" });
  });

  test("who begins twice is disconnected: 4429", async () => {
    const client = await connectAndInit();
    client.send({ type: "connection_init" });
    expect(await client.closed).toEqual({ code: 4429, reason: "Too many initialisation requests" });
  });

  test("who subscribes without having begun is disconnected: 4401, and nothing is executed", async () => {
    const client = await connect();
    client.subscribe("1", QUERY);
    expect(await client.closed).toEqual({ code: 4401, reason: "Unauthorized" });
    expect(client.messages).toEqual([]);
  });

  test("ping is answered before it, with what it carried", async () => {
    const client = await connect();
    client.send({ type: "ping", payload: { at: "start" } });
    expect(await client.until(({ type }) => type === "pong")).toEqual({ type: "pong", payload: { at: "start" } });
    client.send({ type: "ping" });
    await client.until((message) => message.type === "pong" && message.payload === undefined);
  });

  test("a pong that nobody asked for is allowed", async () => {
    const client = await connectAndInit();
    client.send({ type: "pong", payload: {} });
    expect(await answerTo(client)).toEqual(WHOLE);
  });
});

describe("what is no message ends the connection: 4400", () => {
  test.each([
    "",
    "hello",
    "null",
    "[]",
    "1",
    "{}",
    '{"type":1}',
    '{"type":"start","id":"1","payload":{"query":"{ viewer { name } }"}}',
    '{"type":"connection_init","payload":"token"}',
    '{"type":"ping","payload":1}',
    '{"type":"subscribe","payload":{"query":"{ viewer { name } }"}}',
    '{"type":"subscribe","id":"","payload":{"query":"{ viewer { name } }"}}',
    '{"type":"subscribe","id":7,"payload":{"query":"{ viewer { name } }"}}',
    '{"type":"subscribe","id":"1"}',
    '{"type":"subscribe","id":"1","payload":{}}',
    '{"type":"subscribe","id":"1","payload":{"query":{}}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{ viewer { name } }","operationName":1}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{ viewer { name } }","variables":"x"}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{ viewer { name } }","extensions":[]}}',
    '{"type":"complete"}',
    '{"type":"complete","id":""}',
  ])("%s", async (text) => {
    const client = await connect();
    if (!text.includes("connection_init")) await client.init();
    client.sendText(text);
    expect((await client.closed).code).toBe(4400);
    expect(client.messages.filter(({ type }) => type === "next")).toEqual([]);
  });
});

describe("frames", () => {
  test("a binary frame ends the connection before what it says is done: 1003", async () => {
    const client = await connectAndInit();
    client.socket.send(Buffer.from(JSON.stringify({ id: "1", type: "subscribe", payload: { query: QUERY } })));
    expect((await client.closed).code).toBe(1003);
    expect(typesOf(client, "1")).toEqual([]);
  });

  test("a message above 64 KiB ends the connection: 1009", async () => {
    const client = await connectAndInit();
    client.subscribe("1", `${QUERY} # ${"x".repeat(64 * 1024)}`);
    expect((await client.closed).code).toBe(1009);
    expect(typesOf(client, "1")).toEqual([]);
  });

  test("text that is not UTF-8 ends the connection: 1007", async () => {
    const client = await connectAndInit();
    client.socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false });
    expect((await client.closed).code).toBe(1007);
  });

  test("a frame that is not masked ends the connection: 1002", async () => {
    const client = await connectAndInit();
    client.socket.send("{}", { mask: false });
    expect((await client.closed).code).toBe(1002);
  });

  test("a message in several frames is one message", async () => {
    const client = await connectAndInit();
    const text = JSON.stringify({ id: "1", type: "subscribe", payload: { query: QUERY } });
    client.socket.send(text.slice(0, 20), { fin: false });
    client.socket.send(text.slice(20), { fin: true });
    await client.until(ofOperation("1", "complete"));
    expect(typesOf(client, "1")).toEqual(WHOLE);
  });

  test("a connection that breaks off mid-frame harms nobody else", async () => {
    const other = await connectAndInit();
    const { port } = new URL(slipway.api.url);
    const socket = connectTcp(Number(port), "127.0.0.1");
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.write(Buffer.from([0x81, 0xfe, 0x10]));
    socket.resetAndDestroy();
    expect(await answerTo(other)).toEqual(WHOLE);
  });
});

describe("operations", () => {
  test("a query answers next and complete", async () => {
    const client = await connectAndInit();
    client.subscribe("q", QUERY);
    await client.until(ofOperation("q", "complete"));
    expect(client.messages.filter(ofOperation("q"))).toEqual([
      { id: "q", type: "next", payload: { data: { viewer: { name: "Local operator" } } } },
      { id: "q", type: "complete" },
    ]);
  });

  test.each([
    ["a syntax error", "{"],
    ["a field that does not exist", "{ nothing }"],
    ["no operation", "fragment F on Viewer { name }"],
    ["an unknown operation", ""],
  ])("%s answers an error and nothing after it, and leaves the connection open", async (_what, query) => {
    const client = await connectAndInit();
    client.subscribe("bad", query);
    const { payload } = await client.until(ofOperation("bad"));
    expect(payload).toEqual([expect.objectContaining({ message: expect.any(String) as string })]);
    expect(await answerTo(client)).toEqual(WHOLE);
    expect(typesOf(client, "bad")).toEqual(["error"]);
  });

  test("variables that don't fit answer errors and leave the connection open", async () => {
    const client = await connectAndInit();
    client.subscribe("bad", "subscription ($id: ID!) { provisionProgress(provisionId: $id) { step } }", { id: null });
    const { payload } = await client.until(ofOperation("bad"));
    expect(JSON.stringify(payload)).toContain('Variable \\"$id\\"');
    expect(await answerTo(client)).toEqual(WHOLE);
  });

  test("an id that is in use ends the connection: 4409, also while its operation is being prepared", async () => {
    const running = await connectAndInit();
    await openSubscription(running, "1");
    running.subscribe("1", QUERY);
    expect(await running.closed).toEqual({ code: 4409, reason: "Subscriber for 1 already exists" });
    const preparing = await connectAndInit();
    preparing.subscribe("1", LIVE);
    preparing.subscribe("1", LIVE);
    expect((await preparing.closed).code).toBe(4409);
  });

  test("ids belong to their connection", async () => {
    const [one, other] = [await connectAndInit(), await connectAndInit()];
    await Promise.all([openSubscription(one, "1"), openSubscription(other, "1")]);
    expect([await answerTo(one), await answerTo(other)]).toEqual([WHOLE, WHOLE]);
  });

  test("complete ends a subscription without an answer, and nothing comes after it", async () => {
    const client = await connectAndInit();
    await openSubscription(client, "1");
    client.send({ id: "1", type: "complete" });
    await client.roundTrip();
    const heard = typesOf(client, "1").length;
    expect(await answerTo(client)).toEqual(WHOLE);
    expect(typesOf(client, "1").length).toBe(heard);
    expect(typesOf(client, "1")).not.toContain("complete");
  });

  test("complete for what does not run is no mistake", async () => {
    const client = await connectAndInit();
    client.send({ id: "nothing", type: "complete" });
    expect(await answerTo(client)).toEqual(WHOLE);
  });

  test("an id may be used again at once after its complete, and the new operation can be ended as well", async () => {
    const client = await connectAndInit();
    await openSubscription(client, "1");
    for (let time = 0; time < 20; time++) {
      const query = `subscription { time${time}: clusterUpdated { name } }`;
      client.sendTogether({ id: "1", type: "complete" }, { id: "1", type: "subscribe", payload: { query } });
      await client.until(({ payload }) => JSON.stringify(payload)?.includes(`time${time}`) ?? false);
    }
    client.send({ id: "1", type: "complete" });
    await client.roundTrip();
    const heard = client.messages.filter(ofOperation("1")).length;
    const other = await connectAndInit();
    other.subscribe("1", LIVE);
    await startProvision(slipway.api, clusterInput("used-again"));
    await other.until(({ payload }) => JSON.stringify(payload)?.includes("used-again") ?? false);
    await client.roundTrip();
    expect(client.messages.filter(ofOperation("1")).length).toBe(heard);
  });

  test("many operations share a connection", async () => {
    const client = await connectAndInit();
    const ids = Array.from({ length: 50 }, (_, index) => `op-${index}`);
    for (const id of ids) client.subscribe(id, LIVE);
    await Promise.all(ids.map((id) => client.until(ofOperation(id, "next"))));
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

import { connect } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { isObjectType } from "graphql";
import { describe, expect } from "vitest";
import { schema } from "../src/schema.ts";
import { createAnswerProxy } from "./acr-control.ts";
import { image, registryIdOf, startBuild } from "./builds.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { connectProtocol, type ProtocolClient } from "./protocol-client.ts";
import { clusterInput, startProvision } from "./provisions.ts";

const JSON_TYPE = { "content-type": "application/json" };
const VIEWER = JSON.stringify({ query: "{ viewer { name } }" });
const MEGABYTE = 1024 * 1024;

async function metric(slipway: Slipway, line: string): Promise<number> {
  const { text } = await slipway.api.http({ method: "GET", path: "/metrics" });
  const found = text.split("\n").find((one) => one.startsWith(`${line} `));
  return Number(found?.split(" ").at(-1) ?? 0);
}

async function begin(slipway: Slipway): Promise<ProtocolClient> {
  const client = await connectProtocol(slipway.api.url);
  await client.init();
  return client;
}

describe("a request", () => {
  test("with a document of 64 KiB is refused with the limit, whatever is in it", async ({ slipway }) => {
    const query = `{ viewer { name } } # ${"x".repeat(65_536)}`;
    const answer = await slipway.api.http({ headers: JSON_TYPE, body: JSON.stringify({ query }) });
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ extensions: { code: "DOCUMENT_TOO_LONG", limit: 65_536 } }],
    });
  });

  test.for([
    ["gzip", gzipSync(Buffer.alloc(64 * MEGABYTE, " "))],
    ["br", brotliCompressSync(Buffer.alloc(64 * MEGABYTE, " "))],
  ] as const)("that unpacks to 64 MiB (%s) is not unpacked", async ([encoding, bomb], { slipway }) => {
    const before = process.memoryUsage().rss;
    const answer = await slipway.api.http({
      headers: { ...JSON_TYPE, "content-encoding": encoding },
      body: bomb.toString("latin1"),
    });
    expect([400, 413, 415]).toContain(answer.status);
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * MEGABYTE);
  });

  test.for(["application/graphql", "text/xml", "application/json-seq", "application/x-json"])(
    "as %s is refused before it is read",
    async (type, { slipway }) => {
      const answer = await slipway.api.http({ headers: { "content-type": type }, body: VIEWER });
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
        415,
        { errors: [{ extensions: { code: "UNSUPPORTED_MEDIA_TYPE" } }] },
      ]);
    },
  );

  test.for([
    ["headers", "POST /graphql HTTP/1.1\r\nHost: localhost\r\n"],
    [
      "body",
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    ],
  ] as const)("whose %s never end is given up, while others are answered", async ([, sent], { start }) => {
    const slipway = await start({ settings: { SLIPWAY_MAX_REQUEST_SECONDS: "1" } });
    const socket = connect(Number(new URL(slipway.api.url).port), "127.0.0.1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    socket.write(sent);
    expect((await slipway.api.http({ headers: JSON_TYPE, body: VIEWER })).status).toBe(200);
    await closed;
  });

  test.for(["PUT", "DELETE", "PATCH", "TRACE", "HEAD"])("by %s does nothing", async (method, { slipway }) => {
    const answer = await slipway.api.http({ method, headers: JSON_TYPE, body: VIEWER });
    expect([404, 405]).toContain(answer.status);
  });

  test.for(["first: 100000", "first: 0", "first: -1"])("for a page with %s is refused", async (page, { slipway }) => {
    const { errors } = await slipway.api.graphql(`{ provisions(${page}) { edges { cursor } } }`);
    expect(errors).toMatchObject([{ extensions: { code: "INVALID_INPUT" } }]);
  });
});

describe("a page of another site", () => {
  test.for([
    "https://evil.example",
    "null",
    "http://localhost.evil.example:3000",
    "http://localhost:3000.evil.example",
    "https://localhost:3000",
    "http://localhost:3001",
  ])("from %s may not send, however it asks first", async (origin, { slipway }) => {
    const asked = await slipway.api.http({
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(asked.headers["access-control-allow-origin"]).toBeUndefined();
    const sent = await slipway.api.http({ headers: { ...JSON_TYPE, origin }, body: VIEWER });
    expect(sent.status).toBe(403);
    await expect(connectProtocol(slipway.api.url, { socket: { origin } })).rejects.toThrow("403");
  });

  test("is told apart from Slipway's own and from scripts, which may", async ({ slipway }) => {
    const origin = "http://localhost:3000";
    const sent = await slipway.api.http({ headers: { ...JSON_TYPE, origin }, body: VIEWER });
    expect([sent.status, sent.headers["access-control-allow-origin"]]).toEqual([200, origin]);
    expect((await slipway.api.http({ headers: JSON_TYPE, body: VIEWER })).status).toBe(200);
    (await begin(slipway)).socket.terminate();
  });
});

describe("a WebSocket", () => {
  test("is never compressed: what is small on the wire is small", async ({ slipway }) => {
    const client = await connectProtocol(slipway.api.url, { socket: { perMessageDeflate: true } });
    expect(client.socket.extensions).toBe("");
    client.socket.terminate();
  });

  test("that sends too fast is closed with 4429, and the others are served", async ({ start }) => {
    const slipway = await start({ settings: { SLIPWAY_MAX_MESSAGES_PER_SECOND: "100" } });
    const [fast, other] = [await begin(slipway), await begin(slipway)];
    for (let n = 0; n < 5_000; n++) fast.send({ type: "ping" });
    expect(await fast.closed).toMatchObject({ code: 4429, reason: expect.stringContaining("100 messages") as string });
    await other.roundTrip();
    expect(await metric(slipway, 'slipway_refusals_total{code="TOO_MANY_MESSAGES"}')).toBeGreaterThan(0);
    other.socket.terminate();
  });

  test("on which 10,000 operations begin and end leaves nothing behind", { timeout: 60_000 }, async ({ slipway }) => {
    const client = await begin(slipway);
    for (let n = 0; n < 10_000; n++) {
      client.subscribe(`op-${n}`, "subscription { clusterUpdated { name } }");
      client.send({ id: `op-${n}`, type: "complete" });
      if (n % 500 === 0) await client.roundTrip();
    }
    await client.roundTrip();
    client.subscribe("last", "{ viewer { name } }");
    expect((await client.until(({ id }) => id === "last")).type).toBe("next");
    client.socket.close();
    await client.closed;
    await expect.poll(() => metric(slipway, "slipway_live_connections")).toBe(0);
  });
});

describe("what could give something away", () => {
  test("an id that is made up is answered like one of a thing that is not there", async ({ slipway }) => {
    const real = await startProvision(slipway.api, clusterInput("known"));
    const [type, id] = Buffer.from(real, "base64").toString("utf8").split(/:(.*)/s);
    const unknown = Buffer.from(`${type}:${id}x`).toString("base64");
    const answers = await Promise.all(
      [unknown, "nonsense", "", real.toLowerCase()].map((one) =>
        slipway.api.graphql(operation("Provision"), { id: one }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"data":{"provision":null}}']));
  });

  test("no field of the schema hands out a credential", () => {
    const names = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .flatMap((type) => Object.keys(type.getFields()));
    expect(names.filter((name) => /credential|kubeconfig|password|token/i.test(name))).toEqual([]);
  });

  test("health and metrics name no cluster, no person, no registry and no subscription", async ({ slipway }) => {
    const { api } = slipway;
    await startProvision(api, clusterInput("secret-name"));
    const registryId = await registryIdOf(api);
    await startBuild(api, registryId, image("team/hidden:1"));
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      const { text } = await api.http({ method: "GET", path });
      expect(text, path).not.toMatch(/secret-name|team\/hidden|demoacr|6d1c2f1e|Local operator/i);
    }
  });
});

test("what looks like a command, or like the end of a line, in an argument of a build stays an argument", async ({
  start,
}) => {
  const proxies: Awaited<ReturnType<typeof createAnswerProxy>>[] = [];
  const slipway = await start({
    azureVia: async (azureUrl) => {
      const proxy = await createAnswerProxy(azureUrl);
      proxies.push(proxy);
      return proxy.url;
    },
  });
  const { api } = slipway;
  const registryId = await registryIdOf(api);
  const values = [
    "$(id)",
    "`id`",
    "a\nb",
    "--network=host",
    "'; rm -rf /",
    'x" --push',
    "{{.Run.ID}}",
    "\r\nsteps:\n - cmd: id",
  ];
  const buildArgs = values.map((value, index) => ({ name: `A${index}`, value }));
  await startBuild(api, registryId, image("team/args:1", { buildArgs }));
  const asked = proxies.flatMap(({ seen }) => seen.filter(({ path }) => /\/scheduleRun\?/i.test(path)));
  expect(asked.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { type: "DockerBuildRequest", arguments: buildArgs.map((one) => ({ ...one, isSecret: false })) },
  ]);
  for (const proxy of proxies) await proxy.stop();
});

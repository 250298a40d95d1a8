import { afterAll, beforeAll, expect, test } from "vitest";
import { operation } from "./documents.ts";
import { startSlipway, type Slipway } from "./harness.ts";
import { connectProtocol } from "./protocol-client.ts";
import { clusterInput } from "./provisions.ts";
import { FORGERIES, startTokenForge, type TokenForge } from "./token-forge.ts";

const VIEWER = "{ viewer { roles } }";

let forge: TokenForge;
let slipway: Slipway;
beforeAll(async () => {
  forge = await startTokenForge();
  slipway = await startSlipway({ settings: forge.settings });
});
afterAll(async () => {
  await slipway.stop();
  await forge.stop();
});

async function ask(authorization: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { "content-type": "application/json", authorization };
  return slipway.api.http({ headers, body: JSON.stringify({ query: VIEWER }) });
}

test("a good token is let in, so that the bad ones are refused for what is wrong with them", async () => {
  const { status, text } = await ask(`Bearer ${await forge.token("Slipway.Viewer")}`);
  expect([status, JSON.parse(text)]).toEqual([200, { data: { viewer: { roles: ["Slipway.Viewer"] } } }]);
});

test.each(FORGERIES)("a token %s is refused: 401 over HTTP, 4403 over a WebSocket", async (what) => {
  const token = await forge.forged[what]?.();
  const authorization = `Bearer ${token}`;
  const { status, text } = await ask(authorization);
  expect([status, JSON.parse(text)]).toMatchObject([401, { errors: [{ extensions: { code: "UNAUTHENTICATED" } }] }]);
  for (const options of [{}, { socket: { headers: { authorization } } }]) {
    const client = await connectProtocol(slipway.api.url, options);
    client.send({ type: "connection_init", ...("socket" in options ? {} : { payload: { authorization } }) });
    expect(await client.closed).toMatchObject({ code: 4403 });
  }
  if (token) expect(JSON.stringify([slipway.log, text])).not.toContain(token);
});

test("names that are said to come from a proxy, and roles in headers, make nobody an administrator", async () => {
  const { status, text } = await slipway.api.http({
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${await forge.token("Slipway.Viewer")}`,
      "x-forwarded-user": "root",
      "x-ms-client-principal": Buffer.from(JSON.stringify({ userRoles: ["Slipway.Admin"] })).toString("base64"),
      "x-roles": "Slipway.Admin",
    },
    body: JSON.stringify({ query: VIEWER }),
  });
  expect([status, JSON.parse(text)]).toEqual([200, { data: { viewer: { roles: ["Slipway.Viewer"] } } }]);
});

test("a key of somebody else opens nothing of theirs: with the same idempotency key each has a provision of their own", async () => {
  const start = async (person: string, clusterName: string): Promise<string> => {
    const { text } = await slipway.api.http({
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await forge.token("Slipway.Operator", person)}`,
      },
      body: JSON.stringify({
        query: operation("StartProvision"),
        variables: { input: clusterInput(clusterName, { idempotencyKey: "the-same-key" }) },
      }),
    });
    return (JSON.parse(text) as { data: { startProvision: { provision?: { id: string } } } }).data.startProvision
      .provision?.id as string;
  };
  const [first, second] = [await start("ada", "of-ada"), await start("grace", "of-grace")];
  expect(second).toMatch(/./);
  expect(second).not.toBe(first);
  expect(await start("ada", "of-ada")).toBe(first);
});

import { expect } from "vitest";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import { connectProtocol } from "./protocol-client.ts";

const CHANGE = 'mutation { dismissProvision(provisionId: "unknown") { __typename } }';

function post(slipway: Slipway, query: string, headers: Readonly<Record<string, string>> = {}) {
  return slipway.api.http({
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
}

test("a user who asks for too many changes is told when the next may come, on every way in, and may still look", async ({
  start,
}) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_MUTATIONS_PER_MINUTE: "3" } });
  const three =
    'mutation { a: dismissProvision(provisionId: "x") { __typename } b: dismissProvision(provisionId: "x") { __typename } c: dismissProvision(provisionId: "x") { __typename } }';
  expect((await post(slipway, three)).status).toBe(200);

  const refused = await post(slipway, CHANGE, { "x-forwarded-for": "203.0.113.9" });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  const { errors } = JSON.parse(refused.text) as { errors: readonly object[] };
  expect(errors).toMatchObject([{ extensions: { code: "RATE_LIMITED", limit: 3 } }]);

  const client = await connectProtocol(slipway.api.url);
  await client.init();
  client.subscribe("change", CHANGE);
  expect((await client.until(({ id }) => id === "change")).payload).toMatchObject({
    errors: [{ extensions: { code: "RATE_LIMITED" } }],
  });
  client.subscribe("look", "{ viewer { name } }");
  expect((await client.until(({ id }) => id === "look")).payload).toMatchObject({ data: { viewer: {} } });
  client.socket.terminate();
});

test("changes that hide in a fragment count like all others", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_MAX_MUTATIONS_PER_MINUTE: "3" } });
  const field = (alias: string): string => `${alias}: dismissProvision(provisionId: "x") { __typename }`;
  const hidden = `mutation { ${field("a")} ...More } fragment More on Mutation { ${field("b")} ... { ${field("c")} ${field("d")} } }`;
  expect((await post(slipway, hidden)).status).toBe(429);
});

test("one who asks for too much leaves the others their share", async ({ start }) => {
  const provider = await startIdentityProvider({});
  const slipway = await start({ settings: { ...provider.settings, SLIPWAY_MAX_MUTATIONS_PER_MINUTE: "1" } });
  const [first, second] = [
    await provider.accessToken(["Slipway.Operator"]),
    await provider.accessToken(["Slipway.Operator"], "another"),
  ];
  const status = async (token: string) => (await post(slipway, CHANGE, { authorization: `Bearer ${token}` })).status;
  expect([await status(first), await status(first), await status(second), await status(second)]).toEqual([
    200, 429, 200, 429,
  ]);
  await provider.stop();
});

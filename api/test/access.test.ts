import { afterAll, beforeAll, describe, expect } from "vitest";
import { createBrowser } from "./browser.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { startIdentityProvider, type IdentityProvider } from "./identity-provider.ts";
import { connectProtocol } from "./protocol-client.ts";

const API = "http://127.0.0.1:4000";
const WEB = "http://127.0.0.1:3000";
const JSON_TYPE = { "content-type": "application/json" };
const LIST = `query Activity($scope: ActivityScope, $outcome: ActivityOutcome) {
  activity(scope: $scope, outcome: $outcome) { edges { node {
    viewerName address action outcome code message target { kind name detail } } } } }`;
const DISMISS = `mutation { dismissProvision(provisionId: "x") { __typename } }`;

interface Entry {
  readonly viewerName: string;
  readonly address: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly target: { readonly kind: string; readonly name: string; readonly detail: string | null };
}

let provider: IdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider({
    redirectUrls: [`${API}/auth/callback`],
    signedOutUrls: [`${WEB}/sign-in`],
  });
});
afterAll(() => provider.stop());

const settings = (more: object = {}): Record<string, string> => ({
  ...provider.settings,
  SLIPWAY_PUBLIC_API_URL: API,
  SLIPWAY_PUBLIC_WEB_URL: WEB,
  ...more,
});

async function bearer(role: string, client?: string): Promise<string> {
  return `Bearer ${await provider.accessToken([role], client)}`;
}

async function ask(slipway: Slipway, authorization: string, query: string, variables: object = {}) {
  const { status, headers, text } = await slipway.api.http({
    headers: { ...JSON_TYPE, authorization },
    body: JSON.stringify({ query, variables }),
  });
  return { status, headers, body: JSON.parse(text) as { data?: { activity: { edges: { node: Entry }[] } } } };
}

/** As an administrator sees it, newest first. */
async function readAccess(slipway: Slipway, variables: object = { scope: "ACCESS" }): Promise<readonly Entry[]> {
  const { body } = await ask(slipway, await bearer("Slipway.Admin"), LIST, variables);
  return (body.data?.activity.edges ?? []).map(({ node }) => node);
}

describe("the activity tells an administrator", () => {
  test("who signed in and out, from where", async ({ start }) => {
    const slipway = await start({ settings: settings() });
    const browser = createBrowser({ stopAt: WEB, resolve: (url) => url.replace(API, slipway.api.url) });
    await browser.visit(`${API}/auth/sign-in`);
    await browser.submit(`${API}/auth/sign-out`, { origin: WEB });
    const who = { viewerName: "Ada Lovelace", address: "127.0.0.1", target: { kind: "SLIPWAY" } };
    expect(await readAccess(slipway)).toMatchObject([
      { action: "SIGN_OUT", outcome: "ACCEPTED", ...who },
      { action: "SIGN_IN", outcome: "ACCEPTED", ...who },
    ]);
  });

  test("which sign-ins and tokens were refused, and why", async ({ start }) => {
    const slipway = await start({ settings: settings() });
    const browser = createBrowser({ stopAt: WEB, resolve: (url) => url.replace(API, slipway.api.url) });
    await browser.visit(`${API}/auth/callback?code=x&state=y`);
    await ask(slipway, "Bearer made-up", "{ viewer { name } }");
    await ask(slipway, await bearer("Somebody.Else"), "{ viewer { name } }");
    await expect.poll(async () => (await readAccess(slipway)).length).toBe(3);
    const refused = { action: "SIGN_IN", outcome: "REFUSED", address: "127.0.0.1" };
    expect(await readAccess(slipway)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...refused, viewerName: "Nobody", code: "UNAUTHENTICATED" }),
        expect.objectContaining({ ...refused, viewerName: "slipway-script", code: "FORBIDDEN" }),
      ]),
    );
  });

  test("who lacked a role, met a limit, or asked for too much", async ({ start }) => {
    const limits = {
      SLIPWAY_MAX_MUTATIONS_PER_MINUTE: "1",
      SLIPWAY_MAX_ALIASES: "1",
      SLIPWAY_MAX_CONNECTIONS_PER_USER: "1",
    };
    const slipway = await start({ settings: settings(limits) });
    const viewer = await bearer("Slipway.Viewer");
    await ask(slipway, viewer, DISMISS);
    await ask(slipway, viewer, DISMISS);
    await ask(slipway, viewer, "{ a: viewer { name } b: viewer { name } }");
    await ask(slipway, viewer, LIST, { scope: "ACCESS" });
    const sockets = [];
    for (const _ of [1, 2]) {
      const client = await connectProtocol(slipway.api.url);
      sockets.push(client);
      client.send({ type: "connection_init", payload: { authorization: viewer } });
    }
    await sockets[1]?.closed;
    sockets[0]?.socket.terminate();
    const codes = async (): Promise<readonly string[]> => {
      const entries = await readAccess(slipway);
      return entries.map(({ code }) => String(code)).toSorted();
    };
    await expect.poll(codes).toEqual(["FORBIDDEN", "LIMIT_MET", "LIMIT_MET", "RATE_LIMITED"]);
    const entries = await readAccess(slipway, { outcome: "REFUSED" });
    expect(entries.map(({ action, code }) => `${action} ${code}`).toSorted()).toEqual([
      "ASK FORBIDDEN",
      "ASK LIMIT_MET",
      "ASK LIMIT_MET",
      "ASK RATE_LIMITED",
      "DISMISS_PROVISION FORBIDDEN",
    ]);
  });

  test("what others are not told: neither who signs in nor from where", async ({ start }) => {
    const slipway = await start({ settings: settings() });
    await ask(slipway, "Bearer made-up", "{ viewer { name } }");
    await ask(slipway, await bearer("Slipway.Operator"), DISMISS);
    await expect.poll(async () => (await readAccess(slipway, {})).length).toBe(2);
    const operator = await bearer("Slipway.Operator");
    const seen = await ask(slipway, operator, LIST);
    expect(seen.body.data?.activity.edges.map(({ node }) => [node.action, node.address])).toEqual([
      ["DISMISS_PROVISION", null],
    ]);
    for (const args of ["scope: ACCESS", "action: SIGN_IN"]) {
      const { body } = await ask(slipway, operator, `{ activity(${args}) { newestSequence } }`);
      expect(body).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
    }
  });
});

describe("the same refusal again and again", () => {
  test("is recorded once a minute", async ({ start }) => {
    const slipway = await start({ settings: settings({ SLIPWAY_MAX_MUTATIONS_PER_MINUTE: "1" }) });
    const operator = await bearer("Slipway.Operator");
    for (let n = 0; n < 20; n++) await ask(slipway, operator, DISMISS);
    await expect.poll(async () => (await readAccess(slipway)).length).toBe(1);
  });

  test("of bad tokens has their address wait, while good ones from there are let in", async ({ start }) => {
    const slipway = await start({ settings: settings({ SLIPWAY_MAX_SIGN_IN_FAILURES_PER_MINUTE: "3" }) });
    const statuses = [];
    for (let n = 0; n < 5; n++)
      statuses.push((await ask(slipway, `Bearer made-up-${n}`, "{ viewer { name } }")).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const refused = await ask(slipway, "Bearer again", "{ viewer { name } }");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(refused.body).toMatchObject({ errors: [{ extensions: { code: "RATE_LIMITED" } }] });
    expect((await ask(slipway, await bearer("Slipway.Viewer"), "{ viewer { name } }")).status).toBe(200);
    const browser = createBrowser({ stopAt: WEB, resolve: (url) => url.replace(API, slipway.api.url) });
    expect((await browser.visit(`${API}/auth/callback?code=x&state=y`)).url).toBe(`${WEB}/sign-in?problem=too-often`);
  });
});

test("an address that a client makes up is not believed, one that a trusted proxy tells is", async ({ start }) => {
  const forwarded = { "x-forwarded-for": "6.6.6.6, 203.0.113.7" };
  const seen = [];
  for (const proxies of ["0", "1"]) {
    const slipway = await start({ settings: settings({ SLIPWAY_TRUSTED_PROXIES: proxies }) });
    await slipway.api.http({
      headers: { ...JSON_TYPE, ...forwarded, authorization: await bearer("Slipway.Viewer") },
      body: JSON.stringify({ query: DISMISS }),
    });
    seen.push((await readAccess(slipway, {}))[0]?.address);
  }
  expect(seen).toEqual(["127.0.0.1", "203.0.113.7"]);
});

describe("a copy of the activity", () => {
  test("is every entry once, a line each, oldest first, and is itself recorded", async ({ start }) => {
    const slipway = await start({ settings: settings({ SLIPWAY_MAX_MUTATIONS_PER_MINUTE: "0" }) });
    const authorization = await bearer("Slipway.Admin");
    for (let n = 0; n < 250; n++) await ask(slipway, authorization, DISMISS);
    const { status, headers, text } = await slipway.api.http({
      method: "GET",
      path: "/activity.jsonl?after=10",
      headers: { authorization },
    });
    expect([status, headers["content-type"]]).toEqual([200, "application/x-ndjson; charset=utf-8"]);
    const entries = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { sequence: number; action: string });
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 241 }, (_one, index) => index + 11));
    expect(entries.at(-1)?.action).toBe("EXPORT_ACTIVITY");
  });

  test("is for administrators alone; who else asks is recorded", async ({ start }) => {
    const slipway = await start({ settings: settings() });
    const get = (headers: Readonly<Record<string, string>>, path = "/activity.jsonl") =>
      slipway.api.http({ method: "GET", path, headers });
    expect((await get({})).status).toBe(401);
    expect((await get({ authorization: await bearer("Slipway.Operator") })).status).toBe(403);
    const authorization = await bearer("Slipway.Admin");
    expect((await get({ authorization, origin: "https://evil.example" })).status).toBe(403);
    expect((await get({ authorization }, "/activity.jsonl?after=x")).status).toBe(400);
    await expect
      .poll(() => readAccess(slipway))
      .toMatchObject([{ action: "EXPORT_ACTIVITY", outcome: "REFUSED", code: "FORBIDDEN" }]);
  });
});

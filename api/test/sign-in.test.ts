import { expect } from "vitest";
import { createBrowser, type Browser } from "./browser.ts";
import { test as base } from "./fixtures.ts";
import type { Slipway, SlipwayOptions } from "./harness.ts";
import { startIdentityProvider, type IdentityProvider, type IdentityProviderOptions } from "./identity-provider.ts";
import { connectProtocol } from "./protocol-client.ts";

/** As the product calls itself; the harness has it on another port. */
const API = "http://127.0.0.1:4000";
const WEB = "http://127.0.0.1:3000";
const COOKIE = "slipway-session";
const VIEWER = "{ viewer { name roles } }";

interface World {
  readonly slipway: Slipway;
  readonly provider: IdentityProvider;
  readonly browser: Browser;
  /** A query over HTTP with these headers. */
  ask(headers?: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly body: unknown }>;
  askWithCookie(): Promise<{ readonly status: number; readonly body: unknown }>;
}

const test = base.extend<{
  readonly open: (options?: Partial<IdentityProviderOptions>, slipway?: SlipwayOptions) => Promise<World>;
}>({
  open: async ({ start }, use) => {
    const providers: IdentityProvider[] = [];
    await use(async (options, slipwayOptions) => {
      const provider = await startIdentityProvider({
        redirectUrls: [`${API}/auth/callback`],
        signedOutUrls: [`${WEB}/sign-in`],
        ...options,
      });
      providers.push(provider);
      const slipway = await start({
        ...slipwayOptions,
        settings: { ...provider.settings, SLIPWAY_PUBLIC_API_URL: API, SLIPWAY_PUBLIC_WEB_URL: WEB },
      });
      const browser = createBrowser({ stopAt: WEB, resolve: (url) => url.replace(API, slipway.api.url) });
      const ask: World["ask"] = async (headers = {}) => {
        const answer = await slipway.api.http({
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ query: VIEWER }),
        });
        return { status: answer.status, body: JSON.parse(answer.text) as unknown };
      };
      return { slipway, provider, browser, ask, askWithCookie: () => ask({ cookie: browser.cookies() }) };
    });
    for (const provider of providers) await provider.stop();
  },
});

const ADA = { data: { viewer: { name: "Ada Lovelace", roles: ["Slipway.Operator"] } } };
const refusal = (code: string) => ({ errors: [expect.objectContaining({ extensions: { code } }) as unknown] });

test("whoever has not signed in is told so, on every way in", async ({ open }) => {
  const { slipway, ask } = await open();
  expect(await ask()).toEqual({ status: 401, body: refusal("UNAUTHENTICATED") });
  const stream = await slipway.api.http({
    method: "GET",
    path: `/graphql?${new URLSearchParams({ query: "subscription { clusterUpdated { name } }" })}`,
    headers: { accept: "text/event-stream" },
  });
  expect(stream.status).toBe(401);
  const page = await slipway.api.http({ method: "GET", headers: { accept: "text/html" } });
  expect(page.status).toBe(401);
  const socket = await connectProtocol(slipway.api.url);
  socket.send({ type: "connection_init" });
  expect(await socket.closed).toMatchObject({ code: 4403, reason: expect.stringMatching(/^Sign in/) as string });
});

test("a script with an access token is let in over HTTP, server-sent events and WebSocket", async ({ open }) => {
  const { slipway, provider, ask } = await open();
  const authorization = `Bearer ${await provider.accessToken(["Slipway.Viewer", "Somebody.Else"])}`;
  const viewer = { name: "slipway-script", roles: ["Slipway.Viewer"] };
  expect(await ask({ authorization })).toEqual({ status: 200, body: { data: { viewer } } });
  for (const payload of [{ authorization }, { Authorization: authorization }]) {
    const socket = await connectProtocol(slipway.api.url);
    await socket.init(payload);
    socket.subscribe("1", VIEWER);
    expect(await socket.until(({ type }) => type === "next")).toEqual({
      id: "1",
      type: "next",
      payload: { data: { viewer } },
    });
    socket.socket.terminate();
  }
});

test("a token without one of Slipway's roles is not let in, and says which there are", async ({ open }) => {
  const { provider, ask } = await open();
  const authorization = `Bearer ${await provider.accessToken([])}`;
  expect(await ask({ authorization })).toEqual({
    status: 403,
    body: {
      errors: [{ message: expect.stringContaining("Slipway.Viewer") as string, extensions: { code: "FORBIDDEN" } }],
    },
  });
});

test("a token in the address is not one", async ({ open }) => {
  const { slipway, provider } = await open();
  const token = await provider.accessToken(["Slipway.Admin"]);
  const answer = await slipway.api.http({
    method: "GET",
    path: `/graphql?${new URLSearchParams({ query: VIEWER, access_token: token })}`,
  });
  expect(answer.status).toBe(401);
  expect(JSON.stringify(slipway.log)).not.toContain(token);
});

test("a connection ends with its token, 4403, and so does a stream of events", async ({ open }) => {
  const { slipway, provider } = await open({ tokenSeconds: 3 });
  const authorization = `Bearer ${await provider.accessToken(["Slipway.Viewer"])}`;
  const socket = await connectProtocol(slipway.api.url);
  await socket.init({ authorization });
  const stream = slipway.api
    .http({
      method: "GET",
      path: `/graphql?${new URLSearchParams({ query: "subscription { clusterUpdated { name } }" })}`,
      headers: { accept: "text/event-stream", authorization },
    })
    .catch((error: Error) => error.message);
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(await stream).toBe("aborted");
});

test("keys that were fetched stand while the provider is away", async ({ open }) => {
  const { provider, ask } = await open();
  const authorization = `Bearer ${await provider.accessToken(["Slipway.Viewer"])}`;
  expect((await ask({ authorization })).status).toBe(200);
  await provider.stop();
  expect((await ask({ authorization })).status).toBe(200);
});

test("while a provider was never reached, the answer is to come again", async ({ open }) => {
  const { provider, ask } = await open();
  const authorization = `Bearer ${await provider.accessToken(["Slipway.Viewer"])}`;
  await provider.stop();
  expect(await ask({ authorization })).toEqual({ status: 503, body: refusal("IDENTITY_PROVIDER_UNAVAILABLE") });
  await provider.start();
  expect((await ask({ authorization })).status).toBe(200);
});

test("made-up key ids have the keys fetched once", async ({ open }) => {
  const { provider, ask } = await open();
  await ask({ authorization: `Bearer ${await provider.accessToken(["Slipway.Viewer"])}` });
  const before = provider.keyRequests();
  for (let n = 0; n < 50; n++) {
    const header = Buffer.from(JSON.stringify({ alg: "RS256", kid: `made-up-${n}` })).toString("base64url");
    expect((await ask({ authorization: `Bearer ${header}.e30.AAAA` })).status).toBe(401);
  }
  expect(provider.keyRequests() - before).toBeLessThanOrEqual(1);
});

test("a browser signs in by the provider and comes back to where it was", async ({ open }) => {
  const { browser, askWithCookie } = await open();
  const { url } = await browser.visit(`${API}/auth/sign-in?returnTo=${encodeURIComponent("/registries?sort=name")}`);
  expect(url).toBe(`${WEB}/registries?sort=name`);
  expect(await askWithCookie()).toEqual({ status: 200, body: ADA });
  for (const line of browser.received.filter((one) => one.startsWith("slipway-"))) {
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Lax/i);
  }
});

test("a WebSocket is let in by the cookie of its handshake", async ({ open }) => {
  const { slipway, browser } = await open();
  await browser.visit(`${API}/auth/sign-in`);
  const socket = await connectProtocol(slipway.api.url, { socket: { headers: { cookie: browser.cookies() } } });
  await socket.init();
  socket.subscribe("1", VIEWER);
  expect(await socket.until(({ type }) => type === "next")).toEqual({ id: "1", type: "next", payload: ADA });
  socket.socket.terminate();
});

test("a session outlives a restart and its tokens: it is renewed, with the roles of then", async ({ open }) => {
  const { slipway, provider, browser, askWithCookie } = await open({ tokenSeconds: 2 });
  await browser.visit(`${API}/auth/sign-in`);
  const socket = await connectProtocol(slipway.api.url, { socket: { headers: { cookie: browser.cookies() } } });
  await socket.init();
  provider.person = { name: "Ada Lovelace", roles: ["Slipway.Viewer"] };
  expect(await socket.closed, "the socket ends with the token").toMatchObject({ code: 4403 });
  await slipway.restart();
  expect(await askWithCookie()).toEqual({
    status: 200,
    body: { data: { viewer: { name: "Ada Lovelace", roles: ["Slipway.Viewer"] } } },
  });
});

test("a session survives that the provider has changed its keys", async ({ open }) => {
  const { slipway, provider, browser, askWithCookie } = await open({ tokenSeconds: 2 });
  await browser.visit(`${API}/auth/sign-in`);
  const socket = await connectProtocol(slipway.api.url, { socket: { headers: { cookie: browser.cookies() } } });
  await socket.init();
  await provider.rotateKeys();
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(await askWithCookie()).toEqual({ status: 200, body: ADA });
});

test("a session that the provider renews no more has ended, also when the provider would again", async ({ open }) => {
  const { slipway, provider, browser, askWithCookie } = await open({ tokenSeconds: 2 });
  await browser.visit(`${API}/auth/sign-in`);
  const socket = await connectProtocol(slipway.api.url, { socket: { headers: { cookie: browser.cookies() } } });
  await socket.init();
  provider.isRenewing = false;
  await socket.closed;
  expect(await askWithCookie()).toEqual({ status: 401, body: refusal("UNAUTHENTICATED") });
  provider.isRenewing = true;
  expect((await askWithCookie()).status).toBe(401);
});

test("signing out ends the session here and at the provider, and every connection of it at once", async ({ open }) => {
  const { slipway, browser, ask } = await open();
  await browser.visit(`${API}/auth/sign-in`);
  const cookie = browser.cookies();
  const socket = await connectProtocol(slipway.api.url, { socket: { headers: { cookie } } });
  await socket.init();
  const answer = await browser.submit(`${API}/auth/sign-out`, { origin: WEB });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toContain("/session/end?");
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(browser.cookie(COOKIE)).toBeUndefined();
  expect(await ask({ cookie }), "a copy of the cookie opens nothing").toMatchObject({ status: 401 });
});

test("neither a link nor another site signs anybody out", async ({ open }) => {
  const { browser, askWithCookie } = await open();
  await browser.visit(`${API}/auth/sign-in`);
  expect((await browser.submit(`${API}/auth/sign-out`, { origin: "https://evil.example" })).status).toBe(403);
  expect((await browser.visit(`${API}/auth/sign-out`)).response?.status).toBe(404);
  expect((await askWithCookie()).status).toBe(200);
});

test.for([
  "//evil.example/x",
  "/\\evil.example",
  "https://evil.example",
  "/%0d%0ax",
  "javascript:alert(1)",
  "/a/../..",
])("coming back leads to a page of Slipway, not to %s", async (returnTo, { open }) => {
  const { browser } = await open();
  const { url } = await browser.visit(`${API}/auth/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
  expect(new URL(url).origin).toBe(WEB);
});

test("what comes back to no sign-in, or to another one, lets nobody in and says so in words", async ({ open }) => {
  const { browser } = await open();
  expect((await browser.visit(`${API}/auth/callback?code=x&state=y`)).url).toBe(`${WEB}/sign-in?problem=expired`);
  const pending = { state: "mine", nonce: "n", codeVerifier: "v", returnTo: "/" };
  browser.setCookie("slipway-sign-in", Buffer.from(JSON.stringify(pending)).toString("base64url"));
  expect((await browser.visit(`${API}/auth/callback?code=x&state=another`)).url).toBe(`${WEB}/sign-in?problem=refused`);
  expect(browser.cookie(COOKIE)).toBeUndefined();
});

test("a provider that is away ends on the page of sign-in, which can be tried again", async ({ open }) => {
  const { provider, browser } = await open();
  await provider.stop();
  expect((await browser.visit(`${API}/auth/sign-in`)).url).toBe(`${WEB}/sign-in?problem=unavailable`);
  await provider.start();
  expect((await browser.visit(`${API}/auth/sign-in`)).url).toBe(`${WEB}/`);
});

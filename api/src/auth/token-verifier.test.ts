import { createHmac } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { IdentityProviderUnavailableError, UnauthenticatedError } from "./authentication.ts";
import { createSigningKeys } from "./signing-keys.ts";
import { createTokenVerifier } from "./token-verifier.ts";

const TENANT = "11111111-2222-3333-4444-555555555555";
const ISSUER = `https://login.example.com/${TENANT}/v2.0`;
const AUDIENCE = "api://slipway";
const NOW_S = Math.floor(Date.parse("2026-06-01T12:00:00Z") / 1000);

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

let ours: Pair;
let foreign: Pair;
let next: Pair;
beforeAll(async () => {
  [ours, foreign, next] = (await Promise.all([0, 1, 2].map(() => generateKeyPair("RS256", { extractable: true })))) as [
    Pair,
    Pair,
    Pair,
  ];
});

const GOOD: JWTPayload = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "subject-of-this-client",
  iat: NOW_S - 10,
  nbf: NOW_S - 10,
  exp: NOW_S + 600,
  tid: TENANT,
  oid: "99999999-2222-3333-4444-555555555555",
  name: "Ada\nLovelace",
  roles: ["Slipway.Operator", "Other.Role"],
};

function sign(payload: object, key: Pair["privateKey"], header: object = {}): Promise<string> {
  return new SignJWT(payload as JWTPayload).setProtectedHeader({ alg: "RS256", kid: "one", ...header }).sign(key);
}

/** A provider whose keys can be changed and whose door can be shut. */
function createWorld() {
  const clock = createManualClock(NOW_S * 1000);
  const provider = { kid: "one", pair: ours, fetches: 0, isAway: false };
  const keys = createSigningKeys({
    provider: { metadata: async () => ({ jwksUrl: new URL("https://login.example.com/keys") }) },
    fetch: async () => {
      provider.fetches += 1;
      if (provider.isAway) throw new TypeError("fetch failed");
      const jwk = await exportJWK(provider.pair.publicKey);
      return Response.json({ keys: [{ ...jwk, kid: provider.kid, alg: "RS256", use: "sig" }] });
    },
    clock,
  });
  const verifier = createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, kind: "access", keys, clock });
  return { clock, provider, keys, verifier };
}

test("a good token tells who it is, by tenant and object, with Slipway's roles alone", async () => {
  const { verifier } = createWorld();
  expect(await verifier.verify(await sign(GOOD, ours.privateKey))).toEqual({
    viewer: { id: `${TENANT}/${String(GOOD["oid"])}`, name: "Ada Lovelace", roles: ["Slipway.Operator"] },
    expiresAtMs: (NOW_S + 600) * 1000,
  });
});

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token is refused", () => {
  const forged: Readonly<Record<string, () => Promise<string> | string>> = {
    "for another audience": () => sign({ ...GOOD, aud: "api://other" }, ours.privateKey),
    "of another issuer": () => sign({ ...GOOD, iss: "https://evil.example" }, ours.privateKey),
    "that has expired": () => sign({ ...GOOD, exp: NOW_S - 60 }, ours.privateKey),
    "that never expires": () => sign({ ...GOOD, exp: undefined }, ours.privateKey),
    "that is not valid yet": () => sign({ ...GOOD, nbf: NOW_S + 300 }, ours.privateKey),
    "of another tenant": () => sign({ ...GOOD, tid: "22222222-2222-3333-4444-555555555555" }, ours.privateKey),
    "of no tenant": () => sign({ ...GOOD, tid: undefined }, ours.privateKey),
    "of nobody": () => sign({ ...GOOD, sub: undefined }, ours.privateKey),
    "signed by somebody else under the same key id": () => sign(GOOD, foreign.privateKey),
    "signed by somebody else under a key id of theirs": () => sign(GOOD, foreign.privateKey, { kid: "evil" }),
    "with a key of its own in the header": async () =>
      sign(GOOD, foreign.privateKey, { jwk: await exportJWK(foreign.publicKey) }),
    "that says where to fetch its key": () =>
      sign(GOOD, foreign.privateKey, { jku: "https://evil.example/keys", kid: "evil" }),
    "that is not signed": () => `${base64({ alg: "none" })}.${base64(GOOD)}.`,
    "signed with the public key as a shared secret": async () => {
      const text = `${base64({ alg: "HS256", kid: "one" })}.${base64(GOOD)}`;
      return `${text}.${createHmac("sha256", await exportSPKI(ours.publicKey))
        .update(text)
        .digest("base64url")}`;
    },
    "whose roles were changed afterwards": async () => {
      const [header, , signature] = (await sign(GOOD, ours.privateKey)).split(".");
      return `${header}.${base64({ ...GOOD, roles: ["Slipway.Admin"] })}.${signature}`;
    },
    "that is no token": () => "garbage",
    "that is empty": () => "",
    "that is an ID token": () => sign({ ...GOOD, nonce: "n" }, ours.privateKey),
  };
  test.each(Object.entries(forged))("%s", async (_name, forge) => {
    const { verifier } = createWorld();
    await expect(verifier.verify(await forge())).rejects.toThrow(UnauthenticatedError);
  });

  test("without saying what exactly was wrong", async () => {
    const { verifier } = createWorld();
    const messages = await Promise.all(
      ["for another audience", "of another issuer", "that is not signed", "that is no token"].map(async (name) =>
        verifier.verify((await forged[name]?.()) ?? "").catch((error: Error) => error.message),
      ),
    );
    expect(new Set(messages)).toEqual(new Set(["The token is not one that Slipway takes."]));
  });
});

describe("the provider's keys", () => {
  const rotated = (): Promise<string> => sign(GOOD, next.privateKey, { kid: "two" });

  test("are fetched once for many tokens", async () => {
    const { verifier, provider } = createWorld();
    const token = await sign(GOOD, ours.privateKey);
    await Promise.all([1, 2, 3].map(() => verifier.verify(token)));
    expect(provider.fetches).toBe(1);
  });

  test("are fetched again for a key that is not among them, at most twice a minute", async () => {
    const { verifier, provider, clock } = createWorld();
    await verifier.verify(await sign(GOOD, ours.privateKey));
    Object.assign(provider, { kid: "two", pair: next });
    await expect(verifier.verify(await rotated())).rejects.toThrow(UnauthenticatedError);
    expect(provider.fetches).toBe(1);
    await clock.advance(30_000);
    await verifier.verify(await rotated());
    expect(provider.fetches).toBe(2);
    for (let n = 0; n < 200; n++) {
      const token = await sign(GOOD, foreign.privateKey, { kid: `evil-${n}` });
      await expect(verifier.verify(token)).rejects.toThrow(UnauthenticatedError);
    }
    expect(provider.fetches).toBe(2);
  });

  test("are fetched at once for a token that comes from the provider itself", async () => {
    const { keys, provider, clock } = createWorld();
    const idTokens = createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, kind: "id", keys, clock });
    await idTokens.verify(await sign({ ...GOOD, nonce: "n" }, ours.privateKey));
    Object.assign(provider, { kid: "two", pair: next });
    await idTokens.verify(await rotated());
    expect(provider.fetches).toBe(2);
  });

  test("stand while the provider is away, and a key that was withdrawn falls once it is back", async () => {
    const { verifier, provider, clock } = createWorld();
    const token = await sign({ ...GOOD, exp: NOW_S + 7200 }, ours.privateKey);
    await verifier.verify(token);
    provider.isAway = true;
    await clock.advance(11 * 60_000);
    await verifier.verify(token);
    await verifier.verify(token);
    expect(provider.fetches, "somebody who is away is not asked for every token").toBe(2);
    Object.assign(provider, { isAway: false, kid: "two", pair: next });
    await clock.advance(30_000);
    await expect(verifier.verify(token)).rejects.toThrow(UnauthenticatedError);
  });

  test("that were never had are nobody's fault but the provider's", async () => {
    const { verifier, provider } = createWorld();
    provider.isAway = true;
    await expect(verifier.verify(await sign(GOOD, ours.privateKey))).rejects.toThrow(IdentityProviderUnavailableError);
    provider.isAway = false;
    await verifier.verify(await sign(GOOD, ours.privateKey));
  });
});

import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from "jose";

/** An OpenID provider of one tenant whose key a test holds, so that it can sign what no provider would. */
export interface TokenForge {
  /** Environment of a Slipway that trusts it. */
  readonly settings: Readonly<Record<string, string>>;
  /** A good one of somebody with this role. @default the same person each time */
  token(role: string, person?: string): Promise<string>;
  /** Bad ones, by what is wrong with them. */
  readonly forged: Readonly<Record<string, () => Promise<string> | string>>;
  stop(): Promise<void>;
}

/** What is wrong with a forged token; a test's table needs the names before there is a provider. */
export const FORGERIES = [
  "for another audience",
  "of another issuer",
  "that has expired",
  "that never expires",
  "that is not valid yet",
  "of another tenant",
  "of no tenant",
  "of nobody",
  "signed by somebody else under the same key id",
  "signed by somebody else under a key id of theirs",
  "with a key of its own in the header",
  "that says where to fetch its key",
  "that is not signed",
  "signed with the public key as a shared secret",
  "whose roles were changed afterwards",
  "that is no token",
  "that is empty",
  "that is an ID token",
] as const;

const TENANT = "11111111-2222-3333-4444-555555555555";
const AUDIENCE = "api://slipway";
const HOUR_S = 3600;

export async function startTokenForge(): Promise<TokenForge> {
  const [ours, foreign] = await Promise.all([
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("RS256", { extractable: true }),
  ]);
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: "one", alg: "RS256", use: "sig" };
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url?.endsWith("/keys") ? { keys: [jwk] } : metadata()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${TENANT}/v2.0`;

  function metadata(): object {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }

  const nowS = Math.floor(Date.now() / 1000);
  const good: JWTPayload = {
    iss: issuer,
    aud: AUDIENCE,
    sub: "subject-of-this-client",
    iat: nowS - 10,
    nbf: nowS - 10,
    exp: nowS + HOUR_S,
    tid: TENANT,
    oid: "99999999-2222-3333-4444-555555555555",
    name: "Ada Lovelace",
    roles: ["Slipway.Admin"],
  };
  const sign = (payload: object, key = ours.privateKey, header: object = {}): Promise<string> =>
    new SignJWT(payload as JWTPayload).setProtectedHeader({ alg: "RS256", kid: "one", ...header }).sign(key);
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const theirs = foreign.privateKey;

  const forged: Record<(typeof FORGERIES)[number], () => Promise<string> | string> = {
    "for another audience": () => sign({ ...good, aud: "https://management.azure.com" }),
    "of another issuer": () => sign({ ...good, iss: "https://evil.example" }),
    "that has expired": () => sign({ ...good, exp: nowS - 60 }),
    "that never expires": () => sign({ ...good, exp: undefined }),
    "that is not valid yet": () => sign({ ...good, nbf: nowS + HOUR_S }),
    "of another tenant": () => sign({ ...good, tid: "22222222-2222-3333-4444-555555555555" }),
    "of no tenant": () => sign({ ...good, tid: undefined }),
    "of nobody": () => sign({ ...good, sub: undefined }),
    "signed by somebody else under the same key id": () => sign(good, theirs),
    "signed by somebody else under a key id of theirs": () => sign(good, theirs, { kid: "evil" }),
    "with a key of its own in the header": async () =>
      sign(good, theirs, { jwk: await exportJWK(foreign.publicKey), kid: "evil" }),
    "that says where to fetch its key": () => sign(good, theirs, { jku: "https://evil.example/keys", kid: "evil" }),
    "that is not signed": () => `${base64({ alg: "none" })}.${base64(good)}.`,
    "signed with the public key as a shared secret": async () => {
      const text = `${base64({ alg: "HS256", kid: "one" })}.${base64(good)}`;
      const hmac = createHmac("sha256", await exportSPKI(ours.publicKey));
      return `${text}.${hmac.update(text).digest("base64url")}`;
    },
    "whose roles were changed afterwards": async () => {
      const [header, , signature] = (await sign({ ...good, roles: ["Slipway.Viewer"] })).split(".");
      return `${header}.${base64(good)}.${signature}`;
    },
    "that is no token": () => "garbage",
    "that is empty": () => "",
    "that is an ID token": () => sign({ ...good, nonce: "n" }),
  };

  return {
    settings: {
      SLIPWAY_AUTH: "oidc",
      SLIPWAY_OIDC_ISSUER: issuer,
      SLIPWAY_OIDC_AUDIENCE: AUDIENCE,
      SLIPWAY_OIDC_CLIENT_ID: "slipway-web",
    },
    token: (role, person) =>
      sign({ ...good, roles: [role], ...(person !== undefined && { oid: person, name: person }) }),
    forged,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

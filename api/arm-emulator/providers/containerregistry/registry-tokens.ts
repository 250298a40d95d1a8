import { createHmac } from "node:crypto";
import { CALLER } from "../../arm-errors.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { dataPlaneError, firewallDenied, tooManyRequests, unauthorized, unavailable } from "./data-plane-errors.ts";
import { findRegistryByName } from "./registry.ts";
import type { Registry } from "./registry.ts";

const REFRESH_SECONDS = 3 * 3600;
const ACCESS_SECONDS = 75 * 60;
const SIGNING_KEY = "emulated";

type Access = { readonly type: string; readonly name: string; readonly actions: readonly string[] };
type Claims = { readonly aud: string; readonly exp: number; readonly grant_type: string; readonly access?: Access[] };

/**
 * Tokens of a registry's data plane: an Entra ID token is exchanged for a refresh token, that for access tokens.
 * https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md. Their expiry is the caller's business: real time.
 */
export const registryTokenRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/v2",
    operation: "registryTokens.challenge",
    isArm: false,
    tooManyRequests,
    handle: (request, world) => {
      const { host } = openRegistry(request, world);
      if (!readToken(bearerOf(request), host)) throw unauthorized(host);
      return { status: 200, headers: { "docker-distribution-api-version": "registry/2.0" }, body: {} };
    },
  },
  {
    method: "POST",
    path: "/oauth2/exchange",
    operation: "registryTokens.exchange",
    isArm: false,
    tooManyRequests,
    handle: exchangeToken,
  },
  {
    method: "POST",
    path: "/oauth2/token",
    operation: "registryTokens.get",
    isArm: false,
    tooManyRequests,
    handle: giveAccessToken,
  },
];

/**
 * The registry whose host the request means.
 * @throws ArmError in the data plane's form: 404 for a host that isn't there, 403 behind a firewall, 503 when it is down
 */
export function openRegistry(request: ArmRequest, world: World): { registry: Registry; host: string } {
  const host = new URL(request.baseUrl).host.toLowerCase();
  const registry = host.endsWith(".azurecr.io")
    ? findRegistryByName(world.resources, host.slice(0, -".azurecr.io".length))
    : undefined;
  if (registry === undefined) throw dataPlaneError(404, "NOT_FOUND", `registry '${host}' is not found`);
  const scenario = world.scenarios.find("registry", registry.name);
  if (scenario === "locked") throw firewallDenied();
  if (scenario === "data-plane-down") throw unavailable();
  return { registry, host };
}

/**
 * The same for a request that needs a right, e.g. `repository`, `svc/api`, `metadata_read`.
 * @throws ArmError 401 with the challenge that names it
 */
export function authorizedRegistry(
  request: ArmRequest,
  world: World,
  right: { type: "registry" | "repository"; name: string; action: string },
): Registry {
  const { registry, host } = openRegistry(request, world);
  const { type, name, action } = right;
  const isAllowed = (readToken(bearerOf(request), host)?.access ?? []).some(
    (access) =>
      access.type === type && access.name === name && (access.actions.includes(action) || access.actions.includes("*")),
  );
  if (!isAllowed) throw unauthorized(host, `${type}:${name}:${action}`);
  return registry;
}

function exchangeToken(request: ArmRequest, world: World): ArmReply {
  const { host } = openRegistry(request, world);
  const form = new URLSearchParams(String(request.body));
  if (!/access_token/.test(form.get("grant_type") ?? "") || (form.get("access_token") ?? "") === "") {
    throw unauthorized(host);
  }
  if (form.get("service") !== host) throw unauthorized(host);
  return { status: 200, body: { refresh_token: toToken(host, REFRESH_SECONDS, { grant_type: "refresh_token" }) } };
}

function giveAccessToken(request: ArmRequest, world: World): ArmReply {
  const { host } = openRegistry(request, world);
  const form = new URLSearchParams(String(request.body));
  const refresh = readToken(form.get("refresh_token") ?? "", host);
  if (refresh?.grant_type !== "refresh_token") throw unauthorized(host);
  const access = form
    .getAll("scope")
    .flatMap((scopes) => scopes.split(" "))
    .map(toAccess);
  return {
    status: 200,
    body: { access_token: toToken(host, ACCESS_SECONDS, { grant_type: "access_token", access }) },
  };
}

/** `repository:svc/api:pull,push` */
function toAccess(scope: string): Access {
  const [, type = "", name = "", actions = ""] = /^([^:]*):(.*):([^:]*)$/.exec(scope) ?? [];
  return { type, name, actions: actions.split(",") };
}

function toToken(host: string, lifetimeSeconds: number, claims: Pick<Claims, "grant_type" | "access">): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ alg: "HS256", typ: "JWT" });
  const payload = part({
    iss: "Azure Container Registry",
    aud: host,
    sub: CALLER.clientId,
    tenant: CALLER.tenantId,
    iat: nowSeconds,
    exp: nowSeconds + lifetimeSeconds,
    version: 1,
    ...claims,
  });
  return `${head}.${payload}.${sign(`${head}.${payload}`)}`;
}

function readToken(token: string, host: string): Claims | undefined {
  const [head = "", payload = "", signature = ""] = token.split(".");
  if (signature === "" || signature !== sign(`${head}.${payload}`)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Claims;
  return claims.aud === host && claims.exp * 1000 > Date.now() ? claims : undefined;
}

function bearerOf(request: ArmRequest): string {
  return /^Bearer (\S+)$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? "";
}

function sign(text: string): string {
  return createHmac("sha256", SIGNING_KEY).update(text).digest("base64url");
}

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration, type JWK } from "oidc-provider";
import { createDirectoryStorage } from "./directory-storage.ts";

/** A person or a program of the directory. */
export interface Account {
  readonly name: string;
  readonly roles: readonly string[];
}

export interface IdentityProviderOptions extends Partial<Registration> {
  /** Of ID tokens and access tokens, in seconds. @default 3600 */
  readonly tokenSeconds?: number;
}

/** The web UI as the provider knows it. */
export interface Registration {
  /** Where the provider sends browsers back to. */
  readonly redirectUrls: readonly string[];
  readonly signedOutUrls: readonly string[];
}

/** A real OpenID provider on this machine, as Entra ID is to Slipway. Whoever comes to sign in is `person`, without a word. */
export interface IdentityProvider {
  readonly issuer: string;
  /** Environment of a Slipway that trusts it. */
  readonly settings: Readonly<Record<string, string>>;
  person: Account;
  /** Whether refresh tokens are taken. */
  isRenewing: boolean;
  register(registration: Registration): void;
  /** Every token and code that it has handed out, in whatever form. */
  readonly handedOut: readonly string[];
  /** Requests for the public keys so far. */
  keyRequests(): number;
  /** An access token for Slipway, as a script gets it with its client credentials. `client`: which of the two there are. */
  accessToken(roles: readonly string[], client?: string): Promise<string>;
  /** From now on everything is signed with another key; the old one is gone. Tokens and sessions at the provider stay. */
  rotateKeys(): Promise<void>;
  /** Answers nothing until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const AUDIENCE = "https://slipway.test/api";
const WEB_CLIENT = "slipway-web";
const SCRIPT_CLIENT = "slipway-script";
const DAY_S = 86_400;
const SCRIPT_SECRET = "a-secret-that-only-the-script-knows";

export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  let registration: Registration = { redirectUrls: [], signedOutUrls: [], ...options };
  const tokenSeconds = options.tokenSeconds ?? 3600;
  let scriptRoles: readonly string[] = [];
  const storage = createDirectoryStorage();
  const handedOut: string[] = [];
  let keyRequests = 0;
  let server: Server | undefined;
  let port = 0;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;

  const self: IdentityProvider = {
    get issuer() {
      return `http://127.0.0.1:${port}`;
    },
    get settings() {
      return {
        SLIPWAY_AUTH: "oidc",
        SLIPWAY_OIDC_ISSUER: self.issuer,
        SLIPWAY_OIDC_AUDIENCE: AUDIENCE,
        SLIPWAY_OIDC_CLIENT_ID: WEB_CLIENT,
      };
    },
    person: { name: "Ada Lovelace", roles: ["Slipway.Operator"] },
    isRenewing: true,
    register(registered) {
      registration = registered;
      handle = open();
    },
    handedOut,
    keyRequests: () => keyRequests,
    async accessToken(roles, client = SCRIPT_CLIENT) {
      scriptRoles = roles;
      const response = await fetch(`${self.issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${client}:${SCRIPT_SECRET}`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: AUDIENCE }),
      });
      const body = (await response.json()) as { readonly access_token: string };
      return body.access_token;
    },
    async rotateKeys() {
      handle = open();
    },
    async stop() {
      const running = server;
      server = undefined;
      if (!running) return;
      running.closeAllConnections();
      await new Promise((resolve) => running.close(resolve));
    },
    async start() {
      server = createServer((request, response) => {
        if (request.url === "/jwks") keyRequests += 1;
        handle(request, response);
      });
      await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
      port = (server.address() as AddressInfo).port;
    },
  };

  function open(): typeof handle {
    const provider = new Provider(self.issuer, {
      ...configurationOf(self, () => scriptRoles, tokenSeconds),
      adapter: storage,
      jwks: { keys: [newKey()] },
      cookies: { keys: ["of-this-test"] },
      clients: [
        {
          client_id: WEB_CLIENT,
          token_endpoint_auth_method: "none",
          redirect_uris: [...registration.redirectUrls],
          post_logout_redirect_uris: [...registration.signedOutUrls],
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
        },
        ...[SCRIPT_CLIENT, "another"].map((clientId) => ({
          client_id: clientId,
          client_secret: SCRIPT_SECRET,
          grant_types: ["client_credentials"],
          response_types: [],
          redirect_uris: [],
        })),
      ],
    });
    provider.on("grant.success", ({ body }) => handedOut.push(...tokensIn(body)));
    provider.on("authorization_code.saved", ({ jti }) => handedOut.push(jti));
    const callback = provider.callback();
    return (request, response) => {
      if (request.url?.startsWith("/interaction/")) void signIn(provider, request, response);
      else if (request.url === "/token" && !self.isRenewing) void refuseRenewal(request, response, callback);
      else void callback(request, response);
    };
  }

  await self.start();
  handle = open();
  return self;
}

function configurationOf(
  self: IdentityProvider,
  scriptRoles: () => readonly string[],
  tokenSeconds: number,
): Configuration {
  return {
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: self.person.name, roles: [...self.person.roles] }),
    }),
    claims: { openid: ["sub", "roles"], profile: ["name"] },
    conformIdTokenClaims: false,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
    extraTokenClaims: async () => ({ roles: [...scriptRoles()], azp: SCRIPT_CLIENT }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (context, form) => {
          context.body = `<!doctype html><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => [],
        getResourceServerInfo: async () => ({
          scope: "",
          audience: AUDIENCE,
          accessTokenTTL: tokenSeconds,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    ttl: {
      IdToken: tokenSeconds,
      AccessToken: tokenSeconds,
      ClientCredentials: tokenSeconds,
      RefreshToken: DAY_S,
      Session: DAY_S,
      Grant: DAY_S,
      Interaction: 600,
    },
  };
}

/** The provider's own page of sign-in, which asks for nothing. */
async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: "ada" } });
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? "ada", clientId: String(params["client_id"]) });
  grant.addOIDCScope("openid profile email offline_access");
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

/** As when the user was blocked, or an administrator has revoked their sessions. */
async function refuseRenewal(
  request: IncomingMessage,
  response: ServerResponse,
  otherwise: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  if (!body.includes("grant_type=refresh_token")) {
    return otherwise(Object.assign(request, { body }), response);
  }
  response.writeHead(400, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: "invalid_grant" }));
}

function tokensIn(body: unknown): string[] {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>);
  return fields.filter(([name]) => name.endsWith("_token")).map(([, token]) => String(token));
}

function newKey(): JWK {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomUUID() } as JWK;
}

import { isIPv4, isIPv6 } from "node:net";
import type { z } from "zod";
import { readAuth } from "./auth-settings.ts";
import { readLimits, type LimitSettings } from "./limit-settings.ts";
import * as format from "./setting-formats.ts";
import type { StorageConnection, StorageCredential } from "./storage-connection.ts";

/** Names and values of the environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/** The built-in Azure emulator. */
export interface EmulatorSettings {
  readonly kind: "emulator";
  /** Base URL without trailing slash. */
  readonly url: string;
  /** Where the emulator listens when `npm start` starts it. */
  readonly port: number;
  /** False when `SLIPWAY_EMULATOR_URL` names one that already runs. */
  readonly isStartedHere: boolean;
  /** How much faster than Azure; 0 stands still until the clock is moved by hand. @default 10 */
  readonly speed: number;
  /** True when the speed was set, and so beats the one stored in the emulator's world. */
  readonly isSpeedSet: boolean;
}

/** Azure itself, signed in by DefaultAzureCredential. */
export interface AzureSettings {
  readonly kind: "azure";
  readonly subscriptionId: string;
}

/** Where the truth is kept. */
export type StoreSettings =
  /** A database in `dataDir`, which belongs to one process. */
  | { readonly kind: "embedded" }
  /** Azure Tables, which instances may share. `identity`: signed in by DefaultAzureCredential. */
  | {
      readonly kind: "tables";
      /** Without trailing slash. */
      readonly endpoint: string;
      /** Of the queues, likewise; undefined: this process wakes its jobs alone. */
      readonly queueEndpoint: string | undefined;
      readonly credential: StorageCredential | { readonly kind: "identity" };
    };

export type AuthSettings =
  /** Whoever reaches the API may do everything, which is why it never leaves loopback. */
  | { readonly mode: "none" }
  | {
      readonly mode: "oidc";
      /** As the provider's own configuration has it. */
      readonly issuer: string;
      /** `aud` of the access tokens that are taken. */
      readonly audience: string;
      /** The web UI as the provider knows it: a public client, also `aud` of its ID tokens. */
      readonly clientId: string;
    };

/** `api` answers people and runs no jobs, `worker` runs jobs and answers probes alone, `all` does both. */
export type Role = "all" | "api" | "worker";

/** Every setting of Slipway, checked and complete. `docs` of each name: the table in README.md. */
/** Who may read `/metrics`: anybody, whoever brings the token, nobody. */
export type MetricsAccess = { readonly kind: "open" | "closed" } | { readonly kind: "token"; readonly token: string };

/** Where traces are sent by OTLP over HTTP. */
export interface TraceSettings {
  readonly url: string;
  /** May carry a secret. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Config extends LimitSettings {
  readonly role: Role;
  /** Address that the API and the web UI listen on, IPv6 without brackets. */
  readonly host: string;
  readonly api: {
    readonly port: number;
    /** Origin that browsers see, without trailing slash. */
    readonly publicUrl: string;
    /** Host headers that are answered: lower case, without port, IPv6 in brackets. */
    readonly allowedHosts: readonly string[];
    /** Origins that may call the API from a browser; a request without Origin is not a browser's. */
    readonly allowedOrigins: readonly string[];
  };
  readonly web: {
    readonly port: number;
    /** Origin that browsers see, without trailing slash. */
    readonly publicUrl: string;
  };
  /** Folder of everything that the embedded store keeps; may be relative to the working directory. */
  readonly dataDir: string;
  readonly store: StoreSettings;
  /** May carry a password. Undefined: processes learn of each other's changes from the store. */
  readonly redisUrl: string | undefined;
  readonly azure: EmulatorSettings | AzureSettings;
  /** Table that joins a registry's runs with the images they build. */
  readonly acrBuildTable: string;
  /** What an ACR webhook must send as its bearer token; without it there is no webhook. */
  readonly acrWebhookSecret: string | undefined;
  readonly auth: AuthSettings;
  /** Hosts that a build's git URL may name, lower case. */
  readonly buildSourceHosts: readonly string[];
  /** After which entries of the activity are forgotten; 0: never. */
  readonly activityRetentionDays: number;
  readonly metricsAccess: MetricsAccess;
  /** Undefined: nothing is traced. */
  readonly traces: TraceSettings | undefined;
  readonly logLevel: LogLevel;
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

const SETTINGS = {
  SLIPWAY_WEB_PORT: format.port,
  SLIPWAY_API_PORT: format.port,
  SLIPWAY_HOST: format.host,
  SLIPWAY_DATA_DIR: format.folder,
  SLIPWAY_STORAGE_ACCOUNT: format.storageAccount,
  SLIPWAY_STORAGE_CONNECTION_STRING: format.storageConnection,
  AZURE_TABLE_ENDPOINT: format.tablesEndpoint,
  SLIPWAY_REDIS_URL: format.redisUrl,
  SLIPWAY_AZURE: format.oneOf("emulator", "azure"),
  AZURE_SUBSCRIPTION_ID: format.guid,
  SLIPWAY_EMULATOR_PORT: format.port,
  SLIPWAY_EMULATOR_URL: format.url,
  SLIPWAY_EMULATOR_SPEED: format.speed,
  SLIPWAY_ROLE: format.oneOf("all", "api", "worker"),
  SLIPWAY_PUBLIC_WEB_URL: format.origin,
  SLIPWAY_PUBLIC_API_URL: format.origin,
  SLIPWAY_ALLOWED_HOSTS: format.hostList,
  SLIPWAY_ACR_BUILD_TABLE: format.tableName,
  SLIPWAY_ACR_WEBHOOK_SECRET: format.secret,
  SLIPWAY_METRICS_TOKEN: format.secret,
  ACR_BUILD_STATE_TABLE: format.tableName,
  SLIPWAY_AUTH: format.oneOf("none", "oidc"),
  SLIPWAY_OIDC_ISSUER: format.issuer,
  SLIPWAY_OIDC_AUDIENCE: format.text,
  SLIPWAY_OIDC_CLIENT_ID: format.text,
  SLIPWAY_ALLOWED_ORIGINS: format.originList,
  SLIPWAY_BUILD_SOURCE_HOSTS: format.hostList,
  SLIPWAY_MAX_CONNECTIONS: format.limit,
  SLIPWAY_MAX_CONNECTIONS_PER_ADDRESS: format.limit,
  SLIPWAY_MAX_CONNECTIONS_PER_USER: format.limit,
  SLIPWAY_MAX_OPERATIONS_PER_CONNECTION: format.limit,
  SLIPWAY_MAX_DEPTH: format.limit,
  SLIPWAY_MAX_FIELDS: format.limit,
  SLIPWAY_MAX_ALIASES: format.limit,
  SLIPWAY_MAX_DIRECTIVES: format.limit,
  SLIPWAY_MAX_TOKENS: format.limit,
  SLIPWAY_MAX_DOCUMENT_BYTES: format.limit,
  SLIPWAY_MAX_MESSAGES_PER_SECOND: format.limit,
  SLIPWAY_MAX_REQUEST_SECONDS: format.limit,
  SLIPWAY_MAX_SIGN_IN_FAILURES_PER_MINUTE: format.limit,
  SLIPWAY_TRUSTED_PROXIES: format.count,
  SLIPWAY_ACTIVITY_RETENTION_DAYS: format.limit,
  SLIPWAY_MAX_MUTATIONS_PER_MINUTE: format.limit,
  SLIPWAY_INTROSPECTION: format.oneOf("on", "off"),
  SLIPWAY_FREE_DOCUMENTS: format.oneOf("everybody", "admins", "nobody"),
  OTEL_EXPORTER_OTLP_ENDPOINT: format.url,
  OTEL_EXPORTER_OTLP_HEADERS: format.headerList,
  SLIPWAY_LOG_LEVEL: format.oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
} as const;

type Settings = { -readonly [Name in keyof typeof SETTINGS]?: z.output<(typeof SETTINGS)[Name]> };

const DEFAULT_BUILD_SOURCE_HOSTS = ["github.com", "dev.azure.com", "gitlab.com", "bitbucket.org"];

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || (isIPv4(host) && host.startsWith("127.")) || host === "::1";
}

/** Names by which a browser on this machine reaches a server that listens on `host`. */
function localNames(host: string): string[] {
  const isReachedAsLocalhost = ["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"].includes(host);
  if (isReachedAsLocalhost) return ["localhost", "127.0.0.1", "[::1]"];
  return [isIPv6(host) ? `[${host}]` : host];
}

function readSettings(env: Environment): { settings: Settings; problems: string[] } {
  const settings: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(SETTINGS)) {
    const text = env[name];
    if (!isSet(text)) continue;
    const result = schema.safeParse(text);
    if (result.success) settings[name] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${name} ${issue.message}.`));
  }
  return { settings: settings as Settings, problems };
}

function samePortProblems(ports: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(ports);
  return entries.flatMap(([name, port], index) =>
    entries
      .slice(0, index)
      .filter(([, other]) => other === port)
      .map(([otherName]) => `${otherName} and ${name} are both ${port}; each needs a port of its own.`),
  );
}

function unknownNames(env: Environment): string[] {
  return Object.keys(env).filter((name) => name.startsWith("SLIPWAY_") && !(name in SETTINGS) && isSet(env[name]));
}

function storeProblems(env: Environment, settings: Settings): string[] {
  const hasAccount = isSet(env["SLIPWAY_STORAGE_ACCOUNT"]);
  const hasConnection = isSet(env["SLIPWAY_STORAGE_CONNECTION_STRING"]);
  if (hasAccount && hasConnection) {
    return ["SLIPWAY_STORAGE_ACCOUNT and SLIPWAY_STORAGE_CONNECTION_STRING both name a store; set one of them."];
  }
  const endpoint = settings.AZURE_TABLE_ENDPOINT;
  if (endpoint === undefined) return [];
  if (!hasAccount && !hasConnection) {
    return ["AZURE_TABLE_ENDPOINT needs SLIPWAY_STORAGE_ACCOUNT or SLIPWAY_STORAGE_CONNECTION_STRING beside it."];
  }
  if (hasAccount && endpoint.startsWith("http:")) {
    return [
      "AZURE_TABLE_ENDPOINT must be an https:// URL with SLIPWAY_STORAGE_ACCOUNT: tokens don't travel in the clear.",
    ];
  }
  return [];
}

/** Work that one process asks for and another does needs a store and a queue between them. */
function roleProblems(role: Role, store: StoreSettings): string[] {
  if (role === "all") return [];
  if (store.kind === "embedded") {
    return [
      `SLIPWAY_ROLE "${role}" needs a store that processes share: set SLIPWAY_STORAGE_ACCOUNT or SLIPWAY_STORAGE_CONNECTION_STRING.`,
    ];
  }
  if (store.queueEndpoint !== undefined) return [];
  return [`SLIPWAY_ROLE "${role}" needs queues: add QueueEndpoint to SLIPWAY_STORAGE_CONNECTION_STRING.`];
}

function storeSettings(settings: Settings): StoreSettings {
  const account = settings.SLIPWAY_STORAGE_ACCOUNT;
  const connection: StorageConnection | undefined = settings.SLIPWAY_STORAGE_CONNECTION_STRING;
  const defaultEndpoint = connection?.endpoint ?? `https://${account}.table.core.windows.net`;
  if (!account && !connection) return { kind: "embedded" };
  return {
    kind: "tables",
    endpoint: settings.AZURE_TABLE_ENDPOINT ?? defaultEndpoint,
    queueEndpoint: connection ? connection.queueEndpoint : `https://${account}.queue.core.windows.net`,
    credential: connection?.credential ?? { kind: "identity" },
  };
}

/** Open on this machine; elsewhere to whoever has the token, and without one to nobody. */
function metricsAccess(token: string | undefined, isOnLoopback: boolean): MetricsAccess {
  return token === undefined ? { kind: isOnLoopback ? "open" : "closed" } : { kind: "token", token };
}

/** Names and paths are those of OpenTelemetry: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
function traceSettings(settings: Settings): TraceSettings | undefined {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  return { url: `${endpoint}/v1/traces`, headers: settings.OTEL_EXPORTER_OTLP_HEADERS ?? {} };
}

function azureSettings(settings: Settings, emulatorPort: number): EmulatorSettings | AzureSettings {
  if (settings.SLIPWAY_AZURE === "azure") {
    return { kind: "azure", subscriptionId: settings.AZURE_SUBSCRIPTION_ID ?? "" };
  }
  return {
    kind: "emulator",
    url: settings.SLIPWAY_EMULATOR_URL ?? `http://127.0.0.1:${emulatorPort}`,
    port: emulatorPort,
    isStartedHere: settings.SLIPWAY_EMULATOR_URL === undefined,
    speed: settings.SLIPWAY_EMULATOR_SPEED ?? 10,
    isSpeedSet: settings.SLIPWAY_EMULATOR_SPEED !== undefined,
  };
}

/**
 * Reads and checks every setting. Pure: the caller decides what to do with problems (print each on a line, exit 1, start
 * nothing) and with warnings (print and log them).
 */
export function parseConfig(env: Environment): ParsedConfig {
  const { settings, problems } = readSettings(env);
  const host = settings.SLIPWAY_HOST ?? "127.0.0.1";
  const azure = settings.SLIPWAY_AZURE ?? "emulator";
  const webPort = settings.SLIPWAY_WEB_PORT ?? 3000;
  const apiPort = settings.SLIPWAY_API_PORT ?? 4000;
  const emulatorPort = settings.SLIPWAY_EMULATOR_PORT ?? 4100;
  const startsEmulator = azure === "emulator" && settings.SLIPWAY_EMULATOR_URL === undefined;

  const role = settings.SLIPWAY_ROLE ?? "all";
  const store = storeSettings(settings);
  problems.push(...storeProblems(env, settings), ...roleProblems(role, store));
  if (azure === "azure" && !isSet(env["AZURE_SUBSCRIPTION_ID"])) {
    problems.push("AZURE_SUBSCRIPTION_ID must name the subscription to work in when SLIPWAY_AZURE is azure.");
  }
  problems.push(
    ...samePortProblems({
      SLIPWAY_WEB_PORT: webPort,
      SLIPWAY_API_PORT: apiPort,
      ...(startsEmulator && { SLIPWAY_EMULATOR_PORT: emulatorPort }),
    }),
  );
  const tableNames = new Set(
    [settings.SLIPWAY_ACR_BUILD_TABLE, settings.ACR_BUILD_STATE_TABLE].filter((name) => name !== undefined),
  );
  if (tableNames.size > 1) {
    problems.push("SLIPWAY_ACR_BUILD_TABLE and ACR_BUILD_STATE_TABLE name different tables; set one of them.");
  }
  const names = localNames(host);
  const webUrl = settings.SLIPWAY_PUBLIC_WEB_URL ?? `http://${names[0]}:${webPort}`;
  const apiUrl = settings.SLIPWAY_PUBLIC_API_URL ?? `http://${names[0]}:${apiPort}`;
  const publicHosts = [webUrl, apiUrl].map((url) => new URL(url).hostname);
  const ownOrigins = names.flatMap((name) => [`http://${name}:${webPort}`, `http://${name}:${apiPort}`]);

  const auth = readAuth(settings, { isLoopback: isLoopback(host), host, azure, webUrl, apiUrl });
  if ("problems" in auth) problems.push(...auth.problems);
  if (problems.length > 0 || "problems" in auth) return { ok: false, problems };

  const warnings = unknownNames(env).map((name) => `${name} is not a setting of Slipway and is ignored.`);
  if (azure === "azure" && auth.mode === "none") {
    warnings.unshift(
      "SLIPWAY_AUTH is none: every program on this machine can create and delete clusters in your subscription.",
    );
  }
  if (settings.SLIPWAY_REDIS_URL !== undefined && store.kind === "embedded") {
    warnings.push("SLIPWAY_REDIS_URL is of no use to one process: processes share a store first.");
  }
  if (auth.mode === "oidc" && !isLoopback(host) && (webUrl.startsWith("http:") || apiUrl.startsWith("http:"))) {
    warnings.push(
      "Cookies and tokens cross the network in the clear: put a proxy with TLS before Slipway and set SLIPWAY_PUBLIC_WEB_URL and SLIPWAY_PUBLIC_API_URL to https:// addresses.",
    );
  }
  return {
    ok: true,
    warnings,
    config: {
      role,
      host,
      api: {
        port: apiPort,
        publicUrl: apiUrl,
        allowedHosts: settings.SLIPWAY_ALLOWED_HOSTS ?? [
          ...new Set(["localhost", "127.0.0.1", "[::1]", ...publicHosts]),
        ],
        allowedOrigins: settings.SLIPWAY_ALLOWED_ORIGINS ?? [...new Set([webUrl, apiUrl, ...ownOrigins])],
      },
      web: { port: webPort, publicUrl: webUrl },
      dataDir: settings.SLIPWAY_DATA_DIR ?? ".data",
      store,
      redisUrl: settings.SLIPWAY_REDIS_URL,
      azure: azureSettings(settings, emulatorPort),
      acrWebhookSecret: settings.SLIPWAY_ACR_WEBHOOK_SECRET,
      acrBuildTable: [...tableNames][0] ?? "acrbuildruns",
      auth,
      buildSourceHosts: settings.SLIPWAY_BUILD_SOURCE_HOSTS ?? DEFAULT_BUILD_SOURCE_HOSTS,
      ...readLimits(settings, { isLoopback: isLoopback(host), hasSignIn: auth.mode === "oidc" }),
      metricsAccess: metricsAccess(settings.SLIPWAY_METRICS_TOKEN, isLoopback(host)),
      traces: traceSettings(settings),
      activityRetentionDays: settings.SLIPWAY_ACTIVITY_RETENTION_DAYS ?? 365,
      logLevel: settings.SLIPWAY_LOG_LEVEL ?? "info",
    },
  };
}

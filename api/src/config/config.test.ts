import { describe, expect, test } from "vitest";
import { type Config, type Environment, parseConfig } from "./config.ts";

const SUBSCRIPTION_ID = "3f0c0a52-3f3e-4e0f-9a39-6c1f0b9d7e11";
const REAL_AZURE = { SLIPWAY_AZURE: "azure", AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID, SLIPWAY_AUTH: "none" };

function configOf(env: Environment): Config {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.config;
}

function problemsOf(env: Environment): readonly string[] {
  const parsed = parseConfig(env);
  return parsed.ok ? [] : parsed.problems;
}

describe("defaults", () => {
  test("an empty environment is one process on loopback with the emulator", () => {
    expect(configOf({})).toEqual({
      role: "all",
      host: "127.0.0.1",
      api: {
        port: 4000,
        publicUrl: "http://localhost:4000",
        allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
        allowedOrigins: [
          "http://localhost:3000",
          "http://localhost:4000",
          "http://127.0.0.1:3000",
          "http://127.0.0.1:4000",
          "http://[::1]:3000",
          "http://[::1]:4000",
        ],
      },
      web: { port: 3000, publicUrl: "http://localhost:3000" },
      dataDir: ".data",
      store: { kind: "embedded" },
      redisUrl: undefined,
      azure: {
        kind: "emulator",
        url: "http://127.0.0.1:4100",
        port: 4100,
        isStartedHere: true,
        speed: 10,
        isSpeedSet: false,
      },
      acrBuildTable: "acrbuildruns",
      acrWebhookSecret: undefined,
      auth: { mode: "none" },
      buildSourceHosts: ["github.com", "dev.azure.com", "gitlab.com", "bitbucket.org"],
      connectionLimits: {
        connections: 20_000,
        connectionsPerAddress: 0,
        connectionsPerUser: 0,
        operationsPerConnection: 1_000,
        messagesPerSecond: 0,
      },
      documentLimits: {
        depth: 12,
        fields: 1_000,
        aliases: 50,
        directives: 50,
        tokens: 5_000,
        bytes: 65_536,
        isIntrospectionOn: true,
      },
      freeDocuments: "everybody",
      mutationsPerMinute: 0,
      requestSeconds: 30,
      signInFailuresPerMinute: 0,
      trustedProxies: 0,
      activityRetentionDays: 365,
      metricsAccess: { kind: "open" },
      traces: undefined,
      logLevel: "info",
    });
  });

  test("an empty value counts as unset", () => {
    expect(configOf({ SLIPWAY_WEB_PORT: "", SLIPWAY_AUTH: " ", SLIPWAY_REDIS_URL: "" })).toEqual(configOf({}));
  });
});

describe("values", () => {
  test.each<[Environment, (config: Config) => unknown, unknown]>([
    [{ SLIPWAY_WEB_PORT: "8080" }, (config) => config.web, { port: 8080, publicUrl: "http://localhost:8080" }],
    [{ SLIPWAY_HOST: "[::1]" }, (config) => [config.host, config.web.publicUrl], ["::1", "http://localhost:3000"]],
    [{ SLIPWAY_HOST: "127.0.0.2" }, (config) => config.web.publicUrl, "http://127.0.0.2:3000"],
    [
      { SLIPWAY_PUBLIC_WEB_URL: "https://Slipway.example.com/" },
      (config) => config.web.publicUrl,
      "https://slipway.example.com",
    ],
    [
      { SLIPWAY_PUBLIC_API_URL: "https://api.example.com" },
      (config) => config.api.allowedHosts,
      ["localhost", "127.0.0.1", "[::1]", "api.example.com"],
    ],
    [{ SLIPWAY_ALLOWED_HOSTS: "A.example.com, ::1" }, (config) => config.api.allowedHosts, ["a.example.com", "[::1]"]],
    [
      { SLIPWAY_ALLOWED_ORIGINS: "https://a.example.com, http://b.example.com:81/" },
      (config) => config.api.allowedOrigins,
      ["https://a.example.com", "http://b.example.com:81"],
    ],
    [
      { SLIPWAY_EMULATOR_SPEED: "0.5" },
      (config) => config.azure,
      expect.objectContaining({ speed: 0.5, isSpeedSet: true }),
    ],
    [
      { SLIPWAY_EMULATOR_SPEED: "0" },
      (config) => config.azure,
      expect.objectContaining({ speed: 0, isSpeedSet: true }),
    ],
    [
      { SLIPWAY_EMULATOR_URL: "http://127.0.0.1:9000/" },
      (config) => config.azure,
      expect.objectContaining({ url: "http://127.0.0.1:9000", isStartedHere: false }),
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "slipway" },
      (config) => config.store,
      {
        kind: "tables",
        endpoint: "https://slipway.table.core.windows.net",
        queueEndpoint: "https://slipway.queue.core.windows.net",
        credential: { kind: "identity" },
      },
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "slipway", SLIPWAY_ROLE: "worker", SLIPWAY_REDIS_URL: "rediss://:secret@r:6380" },
      (config) => [config.role, config.redisUrl],
      ["worker", "rediss://:secret@r:6380"],
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "slipway", AZURE_TABLE_ENDPOINT: "https://slipway.privatelink.example.com/" },
      (config) => config.store,
      {
        kind: "tables",
        endpoint: "https://slipway.privatelink.example.com",
        queueEndpoint: "https://slipway.queue.core.windows.net",
        credential: { kind: "identity" },
      },
    ],
    [
      {
        SLIPWAY_STORAGE_CONNECTION_STRING: "AccountName=slipway;AccountKey=a2V5",
        AZURE_TABLE_ENDPOINT: "http://127.0.0.1:9/slipway",
      },
      (config) => config.store,
      {
        kind: "tables",
        endpoint: "http://127.0.0.1:9/slipway",
        queueEndpoint: "https://slipway.queue.core.windows.net",
        credential: { kind: "key", accountName: "slipway", accountKey: "a2V5" },
      },
    ],
    [REAL_AZURE, (config) => config.azure, { kind: "azure", subscriptionId: SUBSCRIPTION_ID }],
    [{ SLIPWAY_ACR_WEBHOOK_SECRET: "0123456789abcdef" }, (config) => config.acrWebhookSecret, "0123456789abcdef"],
    [{ ACR_BUILD_STATE_TABLE: "builds" }, (config) => config.acrBuildTable, "builds"],
    [
      { ACR_BUILD_STATE_TABLE: "builds", SLIPWAY_ACR_BUILD_TABLE: "builds" },
      (config) => config.acrBuildTable,
      "builds",
    ],
    [{ SLIPWAY_BUILD_SOURCE_HOSTS: "Git.example.com" }, (config) => config.buildSourceHosts, ["git.example.com"]],
    [
      {
        SLIPWAY_MAX_CONNECTIONS: "50",
        SLIPWAY_MAX_CONNECTIONS_PER_USER: "5",
        SLIPWAY_MAX_OPERATIONS_PER_CONNECTION: "0",
      },
      (config) => config.connectionLimits,
      {
        connections: 50,
        connectionsPerAddress: 0,
        connectionsPerUser: 5,
        operationsPerConnection: 0,
        messagesPerSecond: 0,
      },
    ],
    [{ SLIPWAY_LOG_LEVEL: "debug" }, (config) => config.logLevel, "debug"],
  ])("%j is read", (env, pick, expected) => {
    expect(pick(configOf(env))).toEqual(expected);
  });
});

describe("bad settings", () => {
  test.each<[Environment, string]>([
    [{ SLIPWAY_WEB_PORT: "http" }, 'SLIPWAY_WEB_PORT must be a port number from 1 to 65535, not "http".'],
    [{ SLIPWAY_API_PORT: "0" }, 'SLIPWAY_API_PORT must be a port number from 1 to 65535, not "0".'],
    [{ SLIPWAY_EMULATOR_PORT: "65536" }, 'SLIPWAY_EMULATOR_PORT must be a port number from 1 to 65535, not "65536".'],
    [
      { SLIPWAY_WEB_PORT: "4000" },
      "SLIPWAY_WEB_PORT and SLIPWAY_API_PORT are both 4000; each needs a port of its own.",
    ],
    [
      { SLIPWAY_API_PORT: "4100" },
      "SLIPWAY_API_PORT and SLIPWAY_EMULATOR_PORT are both 4100; each needs a port of its own.",
    ],
    [
      { SLIPWAY_HOST: "http://localhost" },
      'SLIPWAY_HOST must be a host name or an IP address without scheme and port, not "http://localhost".',
    ],
    [{ SLIPWAY_AZURE: "Azure" }, 'SLIPWAY_AZURE must be emulator or azure, not "Azure".'],
    [
      { ...REAL_AZURE, AZURE_SUBSCRIPTION_ID: "mine" },
      'AZURE_SUBSCRIPTION_ID must be a GUID such as 00000000-0000-0000-0000-000000000000, not "mine".',
    ],
    [
      { ...REAL_AZURE, AZURE_SUBSCRIPTION_ID: "" },
      "AZURE_SUBSCRIPTION_ID must name the subscription to work in when SLIPWAY_AZURE is azure.",
    ],
    [
      { SLIPWAY_EMULATOR_URL: "localhost:4100" },
      'SLIPWAY_EMULATOR_URL must be an http:// or https:// URL, not "localhost:4100".',
    ],
    [
      { SLIPWAY_EMULATOR_SPEED: "-1" },
      'SLIPWAY_EMULATOR_SPEED must be a number of 0 or more, such as 1 or 10, not "-1".',
    ],
    [
      { SLIPWAY_PUBLIC_WEB_URL: "https://example.com/slipway" },
      'SLIPWAY_PUBLIC_WEB_URL must be an http:// or https:// address without a path, such as https://slipway.example.com, not "https://example.com/slipway".',
    ],
    [
      { SLIPWAY_ALLOWED_HOSTS: "a.example.com:80" },
      'SLIPWAY_ALLOWED_HOSTS must be host names without port, separated by commas, not "a.example.com:80".',
    ],
    [
      { SLIPWAY_ALLOWED_ORIGINS: "*" },
      'SLIPWAY_ALLOWED_ORIGINS must be origins separated by commas, such as https://slipway.example.com (there is no wildcard), not "*".',
    ],
    [{ SLIPWAY_ACR_WEBHOOK_SECRET: "short" }, "SLIPWAY_ACR_WEBHOOK_SECRET must be a secret of at least 16 characters."],
    [
      { SLIPWAY_ACR_BUILD_TABLE: "acr-builds" },
      'SLIPWAY_ACR_BUILD_TABLE must be 3 to 63 letters and digits that start with a letter, not "acr-builds".',
    ],
    [
      { SLIPWAY_ACR_BUILD_TABLE: "one", ACR_BUILD_STATE_TABLE: "two" },
      "SLIPWAY_ACR_BUILD_TABLE and ACR_BUILD_STATE_TABLE name different tables; set one of them.",
    ],
    [
      { SLIPWAY_LOG_LEVEL: "verbose" },
      'SLIPWAY_LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, not "verbose".',
    ],
    [
      { SLIPWAY_MAX_CONNECTIONS: "many" },
      'SLIPWAY_MAX_CONNECTIONS must be a whole number of 0 or more, where 0 sets no limit, not "many".',
    ],
    [{ SLIPWAY_ROLE: "boss" }, 'SLIPWAY_ROLE must be all, api or worker, not "boss".'],
    [
      { SLIPWAY_ROLE: "worker" },
      'SLIPWAY_ROLE "worker" needs a store that processes share: set SLIPWAY_STORAGE_ACCOUNT or SLIPWAY_STORAGE_CONNECTION_STRING.',
    ],
    [
      {
        SLIPWAY_ROLE: "api",
        SLIPWAY_STORAGE_CONNECTION_STRING:
          "AccountName=slipway;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/slipway",
      },
      'SLIPWAY_ROLE "api" needs queues: add QueueEndpoint to SLIPWAY_STORAGE_CONNECTION_STRING.',
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "Slip-way" },
      'SLIPWAY_STORAGE_ACCOUNT must be 3 to 24 lower-case letters and digits, not "Slip-way".',
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "slipway", SLIPWAY_STORAGE_CONNECTION_STRING: "UseDevelopmentStorage=true" },
      "SLIPWAY_STORAGE_ACCOUNT and SLIPWAY_STORAGE_CONNECTION_STRING both name a store; set one of them.",
    ],
    [
      { SLIPWAY_STORAGE_CONNECTION_STRING: "slipway" },
      "SLIPWAY_STORAGE_CONNECTION_STRING must be parts such as AccountName=… separated by semicolons, each of them once.",
    ],
    [
      { AZURE_TABLE_ENDPOINT: "https://slipway.table.core.windows.net" },
      "AZURE_TABLE_ENDPOINT needs SLIPWAY_STORAGE_ACCOUNT or SLIPWAY_STORAGE_CONNECTION_STRING beside it.",
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "slipway", AZURE_TABLE_ENDPOINT: "http://127.0.0.1:10002/slipway" },
      "AZURE_TABLE_ENDPOINT must be an https:// URL with SLIPWAY_STORAGE_ACCOUNT: tokens don't travel in the clear.",
    ],
    [
      { SLIPWAY_STORAGE_ACCOUNT: "slipway", AZURE_TABLE_ENDPOINT: "https://tables.example.com/?sig=c2VjcmV0" },
      "AZURE_TABLE_ENDPOINT must be an https:// URL without query, such as https://slipway.table.core.windows.net, or an http:// one on this machine.",
    ],
    [
      { SLIPWAY_REDIS_URL: "http://:secret@127.0.0.1" },
      "SLIPWAY_REDIS_URL must be a redis:// URL, or a rediss:// one for TLS, such as redis://127.0.0.1:6379.",
    ],
    [
      { SLIPWAY_OIDC_ISSUER: "http://login.example.com" },
      'SLIPWAY_OIDC_ISSUER must be an https:// URL, or an http:// one on this machine, such as https://login.microsoftonline.com/<tenant>/v2.0, not "http://login.example.com".',
    ],
  ])("%j is refused", (env, problem) => {
    expect(problemsOf(env)).toEqual([problem]);
  });

  test("every problem is told at once", () => {
    expect(
      problemsOf({
        SLIPWAY_WEB_PORT: "x",
        SLIPWAY_AZURE: "gcp",
        SLIPWAY_LOG_LEVEL: "loud",
        SLIPWAY_API_PORT: "4100",
        SLIPWAY_REDIS_URL: "r:6379",
      }),
    ).toEqual([
      'SLIPWAY_WEB_PORT must be a port number from 1 to 65535, not "x".',
      "SLIPWAY_REDIS_URL must be a redis:// URL, or a rediss:// one for TLS, such as redis://127.0.0.1:6379.",
      'SLIPWAY_AZURE must be emulator or azure, not "gcp".',
      'SLIPWAY_LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, not "loud".',
      "SLIPWAY_API_PORT and SLIPWAY_EMULATOR_PORT are both 4100; each needs a port of its own.",
    ]);
  });
});

describe("running without sign-in", () => {
  test.each<[string, Environment, string]>([
    ["on another address", { SLIPWAY_AUTH: "none", SLIPWAY_HOST: "0.0.0.0" }, "is refused on 0.0.0.0"],
    [
      "on another address by default",
      { SLIPWAY_HOST: "10.0.0.4" },
      "(the default on 10.0.0.4 with SLIPWAY_AZURE emulator)",
    ],
    ["against Azure by default", { ...REAL_AZURE, SLIPWAY_AUTH: undefined }, 'set SLIPWAY_AUTH to "none"'],
  ])("%s is refused", (_case, env, text) => {
    expect(problemsOf(env).join("\n")).toContain(text);
  });

  test("against Azure on loopback, when asked for, starts with a warning", () => {
    expect(parseConfig(REAL_AZURE)).toMatchObject({
      ok: true,
      warnings: [
        "SLIPWAY_AUTH is none: every program on this machine can create and delete clusters in your subscription.",
      ],
    });
  });
});

describe("sign-in", () => {
  const OIDC = {
    SLIPWAY_AUTH: "oidc",
    SLIPWAY_OIDC_ISSUER: "https://login.example.com/tenant/v2.0/",
    SLIPWAY_OIDC_AUDIENCE: "api://slipway",
    SLIPWAY_OIDC_CLIENT_ID: "slipway-web",
  };

  test("is taken as it is written: an issuer is compared letter by letter", () => {
    expect(configOf(OIDC).auth).toEqual({
      mode: "oidc",
      issuer: "https://login.example.com/tenant/v2.0/",
      audience: "api://slipway",
      clientId: "slipway-web",
    });
  });

  test("is the default on another address", () => {
    expect(configOf({ ...OIDC, SLIPWAY_AUTH: undefined, SLIPWAY_HOST: "10.0.0.4" }).auth.mode).toBe("oidc");
  });

  test("bounds what a user may change in a minute; on a network the schema is not shown", () => {
    const { mutationsPerMinute, documentLimits } = configOf({ ...OIDC, SLIPWAY_HOST: "10.0.0.4" });
    expect(mutationsPerMinute).toBe(100);
    expect(documentLimits.isIntrospectionOn).toBe(false);
    expect(
      configOf({ ...OIDC, SLIPWAY_HOST: "10.0.0.4", SLIPWAY_INTROSPECTION: "on" }).documentLimits.isIntrospectionOn,
    ).toBe(true);
  });

  test("needs every name of the provider, and says each that is missing", () => {
    expect(problemsOf({ SLIPWAY_AUTH: "oidc", SLIPWAY_OIDC_AUDIENCE: "a" })).toEqual([
      'SLIPWAY_OIDC_ISSUER must be set for SLIPWAY_AUTH "oidc".',
      'SLIPWAY_OIDC_CLIENT_ID must be set for SLIPWAY_AUTH "oidc".',
    ]);
  });

  test("needs one host name for both addresses that browsers see: the cookie belongs to it", () => {
    expect(
      problemsOf({
        ...OIDC,
        SLIPWAY_PUBLIC_WEB_URL: "https://slipway.example.com",
        SLIPWAY_PUBLIC_API_URL: "https://api.example.com",
      }),
    ).toEqual([expect.stringContaining("must have the same host name") as string]);
  });

  test("in the clear on a network starts with a warning", () => {
    const parsed = parseConfig({ ...OIDC, SLIPWAY_HOST: "10.0.0.4" });
    expect(parsed.ok && parsed.warnings).toEqual([expect.stringContaining("in the clear") as string]);
  });
});

test("a misspelt setting starts with a warning", () => {
  expect(parseConfig({ SLIPWAY_WEBPORT: "3001" })).toMatchObject({
    ok: true,
    warnings: ["SLIPWAY_WEBPORT is not a setting of Slipway and is ignored."],
  });
});

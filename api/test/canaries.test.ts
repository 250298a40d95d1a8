import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { TableClient, TableServiceClient } from "@azure/data-tables";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { AZURITE_KEY, startAzurite, type Azurite } from "../src/storage/azurite.fixture.ts";
import { createAnswerProxy, type AnswerProxy } from "./acr-control.ts";
import { createBrowser } from "./browser.ts";
import { image } from "./builds.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { startIdentityProvider, type IdentityProvider } from "./identity-provider.ts";
import { connectProtocol } from "./protocol-client.ts";
import { clusterInput } from "./provisions.ts";
import { startTraceCollector, type TraceCollector } from "./trace-collector.ts";

const API = "http://127.0.0.1:4000";
const WEB = "http://127.0.0.1:3000";
const SPEED = 300;
const JSON_TYPE = { "content-type": "application/json" };

/** Secrets of ours that are put in; others are made by whoever Slipway talks to, and collected there. */
const CANARY = {
  buildArg: "canaryBuildArg5e1f77aa",
  gitPassword: "canaryGitPassword0b7c9d",
  gitSignature: "canaryGitSignature41aa",
  webhook: "canaryWebhookSecret-93c5d1",
  metrics: "canaryMetricsToken-7f2be0",
  collector: "canaryCollectorKey-2e81c4",
  badBearer: "canaryBearerThatIsWrong6d",
  badCookie: "canaryCookieThatIsWrong2c",
  azureSignature: "canaryAzureSignature88fe",
  azureBearer: "canaryAzureBearer1d4e90aa",
  azureKey: "canaryAzureAccountKey55c1==",
  azurePassword: "canaryAzurePassword9e0b",
} as const;

/** As Azure and its SDKs do repeat them in what they say went wrong. */
const TELLTALE = [
  `Reading https://logs.blob.core.windows.net/run.txt?se=2026&sig=${CANARY.azureSignature}&sp=r failed`,
  `with Authorization: Bearer ${CANARY.azureBearer}`,
  `and DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${CANARY.azureKey};EndpointSuffix=core.windows.net`,
  `at https://builder:${CANARY.azurePassword}@github.com/contoso/shop.git.`,
].join(" ");
const TELLTALE_ERROR = {
  error: { code: "BadRequest", message: TELLTALE, details: [{ code: "X", message: TELLTALE }] },
};

let provider: IdentityProvider;
let azurite: Azurite;
let collector: TraceCollector;
beforeAll(async () => {
  provider = await startIdentityProvider({
    redirectUrls: [`${API}/auth/callback`],
    signedOutUrls: [`${WEB}/sign-in`],
  });
  azurite = await startAzurite();
  collector = await startTraceCollector();
});
afterAll(async () => {
  await provider.stop();
  await azurite.stop();
  await collector.stop();
});

interface Case {
  readonly store: string;
  readonly settings: () => Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly stored: (slipway: Slipway) => Promise<string>;
}

const CASES: readonly Case[] = [
  { store: "the embedded store", settings: () => ({}), secrets: [], stored: storedInFiles },
  {
    store: "Azure Tables",
    settings: () => ({ SLIPWAY_STORAGE_CONNECTION_STRING: azurite.connectionString }),
    secrets: [AZURITE_KEY],
    stored: async (slipway) => (await storedInFiles(slipway)) + (await storedInTables(azurite)),
  },
];

describe.each(CASES)("over $store", ({ settings, secrets, stored }) => {
  test(
    "secrets that were put in at every door are in no log, answer, error, stream, metric, trace or store",
    { timeout: 120_000 },
    async ({ start }) => {
      const emulator = await createEmulator({ port: 0, speed: SPEED });
      const proxy = await createAnswerProxy(emulator.url);
      try {
        const slipway = await start({
          withAzure: false,
          logLevel: "trace",
          speed: SPEED,
          settings: {
            ...provider.settings,
            ...settings(),
            SLIPWAY_PUBLIC_API_URL: API,
            SLIPWAY_PUBLIC_WEB_URL: WEB,
            SLIPWAY_EMULATOR_URL: proxy.url,
            SLIPWAY_LOG_LEVEL: "trace",
            SLIPWAY_ACR_WEBHOOK_SECRET: CANARY.webhook,
            SLIPWAY_METRICS_TOKEN: CANARY.metrics,
            SLIPWAY_INTROSPECTION: "on",
            OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
            OTEL_EXPORTER_OTLP_HEADERS: `api-key=${CANARY.collector}`,
          },
        });
        const { answers, made } = await goThroughEveryDoor(slipway, proxy, emulator.url);
        // Traces are sent before a process ends.
        await slipway.restart();
        const given = [...Object.values(CANARY), ...secrets, ...made, ...provider.handedOut];
        expect(given.length, "tokens, codes, cookies and signed addresses were made on the way").toBeGreaterThan(18);
        const places = {
          answers: answers.join("\n"),
          log: JSON.stringify(slipway.log),
          store: await stored(slipway),
          traces: collector.bodies.join("\n"),
        };
        expect(slipway.log.length, "the log was listened to").toBeGreaterThan(0);
        expect(places.answers, "what is not secret came through").toContain("canary-fails");
        expect(places.store).toContain("canary-fails");
        expect(places.traces).toContain("mutation startProvision");
        for (const [place, text] of Object.entries(places)) {
          expect(
            given.filter((secret) => formsOf(secret).some((form) => text.includes(form))),
            place,
          ).toEqual([]);
        }
      } finally {
        await proxy.stop();
        await emulator.stop();
      }
    },
  );
});

/** Does everything that takes or meets a secret. `answers`: all that anyone was told; `made`: secrets of others that Slipway has held. */
async function goThroughEveryDoor(slipway: Slipway, proxy: AnswerProxy, azureUrl: string) {
  const { api } = slipway;
  const answers: string[] = [];
  const made = new Set<string>();

  async function send(path: string, headers: Record<string, string> = {}, body?: string): Promise<string> {
    const answer = await api.http({
      path,
      method: body === undefined ? "GET" : "POST",
      headers,
      ...(body && { body }),
    });
    answers.push(JSON.stringify(answer.headers), answer.text);
    return answer.text;
  }

  const bearer = `Bearer ${await provider.accessToken(["Slipway.Admin"])}`;
  async function ask<Data>(query: string, variables: object = {}, authorization = bearer): Promise<Data> {
    const text = await send("/graphql", { ...JSON_TYPE, authorization }, JSON.stringify({ query, variables }));
    return (JSON.parse(text) as { data: Data }).data;
  }

  // Who comes in: a browser with its cookies, a script, and those that are not let in.
  const browser = createBrowser({ stopAt: WEB, resolve: (url) => url.replace(API, api.url) });
  await browser.visit(`${API}/auth/sign-in`);
  for (const { value } of cookiesOf(browser.cookies())) made.add(value);
  await send("/graphql", { ...JSON_TYPE, cookie: browser.cookies() }, JSON.stringify({ query: "{ viewer { name } }" }));
  await send("/graphql", { ...JSON_TYPE, cookie: `slipway-session=${CANARY.badCookie}` }, "{}");
  await ask("{ viewer { name } }", {}, `Bearer ${CANARY.badBearer}`);
  await send(`/graphql?${new URLSearchParams({ query: "{ viewer { name } }", access_token: CANARY.badBearer })}`);
  await send(`/auth/callback?${new URLSearchParams({ code: CANARY.badBearer, state: CANARY.badCookie })}`);
  for (const secret of [CANARY.webhook, CANARY.badBearer]) {
    await send("/webhooks/acr", { ...JSON_TYPE, authorization: `Bearer ${secret}` }, '{"action":"push"}');
  }
  for (const secret of [CANARY.metrics, CANARY.badBearer]) {
    await send("/metrics", { authorization: `Bearer ${secret}` });
  }

  // What is asked for: builds, also such as can't be; a cluster that Azure refuses with a sentence that tells too much.
  const { registries } = await ask<{ registries: { id: string; name: string }[] }>(operation("Registries"));
  const registryId = registries.find(({ name }) => name === "demoacr")?.id ?? "";
  const secretArg = { buildArgs: [{ name: "TOKEN", value: CANARY.buildArg, secret: true }] };
  const startBuild = (one: object) =>
    ask<{ startBuilds: { results?: { build: { id: string } | null }[] } }>(operation("StartBuilds"), {
      input: { registryId, images: [one] },
    });
  const started = await startBuild(image("team/canary:1", secretArg));
  const buildId = started.startBuilds.results?.[0]?.build?.id ?? "";
  await startBuild(image("team/canary:1", { ...secretArg, tag: "" }));
  await startBuild(image("team/canary:2", { buildArgs: [{ value: CANARY.buildArg, secret: true }] }));
  await startBuild(image("team/canary:2", { buildArgs: [{ name: "A", value: [CANARY.buildArg], secret: "yes" }] }));
  for (const gitUrl of [
    `https://builder:${CANARY.gitPassword}@github.com/contoso/shop.git`,
    `https://${CANARY.gitPassword}@github.com/contoso/shop.git`,
    `https://github.com/contoso/shop.git?sig=${CANARY.gitSignature}`,
  ]) {
    await startBuild(image("team/canary:3", { source: { gitUrl, ref: "main" } }));
  }
  await fault(azureUrl, { operation: "registries.scheduleRun" }, { status: 400, body: TELLTALE_ERROR });
  await startBuild(image("team/canary:4", secretArg));
  await fault(azureUrl, { operation: "managedClusters.createOrUpdate" }, { status: 400, body: TELLTALE_ERROR });
  const { startProvision } = await ask<{ startProvision: { provision: { id: string } } }>(operation("StartProvision"), {
    input: clusterInput("canary-fails"),
  });
  const provisionId = startProvision.provision.id;

  // Who looks: over a WebSocket until both have ended, then by queries, pages and copies.
  const socket = await connectProtocol(api.url);
  await socket.init({ authorization: bearer });
  socket.subscribe("provision", operation("ProvisionProgress"), { provisionId });
  socket.subscribe("timeline", operation("ProvisionTimeline"), { provisionId });
  socket.subscribe("log", operation("BuildLog"), { buildId });
  socket.subscribe("repositories", operation("AcrRepositoryUpdated"), { registryId });
  socket.subscribe("activity", "subscription { activityRecorded(afterSequence: 0) { viewerName address message } }");
  socket.subscribe("health", "subscription { systemHealthUpdated { watchers { problem } store { problem } } }");
  await socket.until(({ id, payload }) => id === "provision" && JSON.stringify(payload).includes('"FAILED"'));
  await socket.until(({ id, payload }) => id === "log" && JSON.stringify(payload).includes('"complete":true'));
  await socket.roundTrip();
  answers.push(...socket.messages.map((message) => JSON.stringify(message)));
  socket.socket.terminate();

  const queries: [string, object][] = [
    [operation("Provision"), { id: provisionId }],
    [operation("Provisions"), { first: 50 }],
    [operation("AcrRepositories"), { registryId }],
    [
      "query ($id: ID!) { node(id: $id) { ... on AcrBuild { error input { buildArgs { name value secret } } } } }",
      { id: buildId },
    ],
    [
      "{ activity(first: 100) { edges { node { viewerName address action outcome code message target { name detail } } } } }",
      {},
    ],
    ["{ systemHealth { watchers { name problem } store { problem } azureRequests { operation } } }", {}],
    [`{ viewer { name } } # ${CANARY.badBearer}`, {}],
  ];
  for (const [query, variables] of queries) await ask(query, variables);
  for (const path of ["/activity.jsonl", "/healthz", "/readyz", "/nowhere"])
    await send(path, { authorization: bearer });
  await send("/graphql", { accept: "text/html", authorization: bearer });
  await send("/metrics", { authorization: `Bearer ${CANARY.metrics}` });
  await browser.submit(`${API}/auth/sign-out`, { origin: WEB });

  for (const { path, headers } of proxy.seen) {
    const signature = new URL(path, azureUrl).searchParams.get("sig");
    if (signature !== null) made.add(signature);
    const token = /^(?:Bearer|Basic) (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (token !== undefined) made.add(token);
  }
  // The one word that the emulator takes for a token of Azure's is too common to be looked for.
  return { answers, made: [...made].filter((secret) => secret.length > 12) };
}

async function fault(azureUrl: string, match: object, then: object): Promise<void> {
  const answer = await fetch(`${azureUrl}/_emulator/faults`, {
    method: "POST",
    headers: { connection: "close" },
    body: JSON.stringify({ match, times: 1, then }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
}

/** As it is, in an address, in base64 by itself, and in JSON within JSON. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [...new Set([secret, encodeURIComponent(secret), base64, JSON.stringify(secret).slice(1, -1)])];
}

function cookiesOf(header: string): { readonly name: string; readonly value: string }[] {
  return header.split("; ").flatMap((pair) => {
    const [name = "", value = ""] = pair.split("=", 2);
    return value.length > 12 ? [{ name, value }] : [];
  });
}

/** Every byte that Slipway keeps on this machine. */
async function storedInFiles({ dataDir }: Slipway): Promise<string> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith("slipway"));
  const files = await Promise.all(names.map((name) => readFile(join(dataDir, name))));
  return Buffer.concat(files).toString("latin1");
}

/** Every property of every entity. */
async function storedInTables({ endpoint, credential }: Azurite): Promise<string> {
  const options = { allowInsecureConnection: true };
  const rows: string[] = [];
  for await (const { name = "" } of new TableServiceClient(endpoint, credential, options).listTables()) {
    for await (const entity of new TableClient(endpoint, name, credential, options).listEntities()) {
      rows.push(JSON.stringify(entity));
    }
  }
  return rows.join("\n");
}

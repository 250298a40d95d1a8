import { createEmulatorControl, type EmulatedRequest } from "../fixtures/emulator.ts";
import { startBenchServer, type BenchServer } from "./bench-server.ts";
import { summarise } from "./figures.ts";
import { followProvision, type FollowedProvision } from "./followed-provision.ts";

/**
 * `pnpm bench provisions [how many] [speed]`: so many provisions asked for at once, each with somebody who looks at it, against
 * the emulator's throttle buckets, which are Azure's. Did all end well, what was asked of which handler, how often was it refused,
 * what memory did it take, and did anybody see nothing happen for more than ten seconds without being told why?
 */
const COUNT = Number(process.argv[3] ?? 100);
const SPEED = Number(process.argv[4] ?? 10);
const STALL_MS = 10_000;
/** So many small clusters fit into a location's quota. */
const PLACES = [
  { location: "westeurope", clusters: 60 },
  { location: "eastus", clusters: 40 },
] as const;

const HANDLERS: readonly (readonly [name: string, method: string, path: RegExp])[] = [
  ["GET cluster", "GET", /\/managedClusters\/[^/?]+\?/i],
  ["PUT cluster", "PUT", /\/managedClusters\/[^/?]+\?/i],
  ["GET operation", "GET", /\/operations\//i],
  ["GET clusters of the subscription", "GET", /\/managedClusters\?/i],
  ["PUT resource group", "PUT", /\/resourceGroups\/[^/?]+\?/i],
  ["GET resource group", "GET", /\/resourceGroups\/[^/?]+\?/i],
  ["PUT role assignment", "PUT", /\/roleAssignments\//i],
  ["anything else", "", /./],
];

async function query<T>(server: BenchServer, text: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${server.apiUrl}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: text, variables }),
  });
  return ((await response.json()) as { data: T }).data;
}

function placeOf(index: number): string {
  return index % 100 < PLACES[0].clusters ? PLACES[0].location : PLACES[1].location;
}

async function start(server: BenchServer, index: number, shared: object): Promise<string> {
  const clusterName = `bench-${String(index).padStart(3, "0")}`;
  const input = {
    ...shared,
    resourceGroup: `rg-${clusterName}`,
    location: placeOf(index),
    clusterName,
    nodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v5", count: 1 }],
  };
  const { startProvision } = await query<{
    startProvision: { provision?: { id: string }; message?: string };
  }>(
    server,
    "mutation ($input: StartProvisionInput!) { startProvision(input: $input) { ... on StartProvisionSuccess { provision { id } } ... on Error { message } } }",
    { input },
  );
  if (!startProvision.provision) throw new Error(`${clusterName} was refused: ${startProvision.message}`);
  return startProvision.provision.id;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tellRequests(requests: readonly EmulatedRequest[]): void {
  const times = requests.map(({ at }) => Date.parse(at));
  const firstMs = Math.min(...times);
  const minuteOf = (at: string): number => Math.floor((Date.parse(at) - firstMs) / 60_000);
  const minutes = Math.max(1, minuteOf(new Date(Math.max(...times)).toISOString()) + 1);
  say(`\nRequests in ${minutes} minutes of Azure's time: all, per minute, in the busiest minute, refused with 429`);
  const rest = new Set(requests);
  for (const [name, method, path] of HANDLERS) {
    const own = [...rest].filter((one) => (method === "" || one.method === method) && path.test(one.path));
    for (const one of own) rest.delete(one);
    const perMinute = new Map<number, number>();
    for (const { at } of own) perMinute.set(minuteOf(at), (perMinute.get(minuteOf(at)) ?? 0) + 1);
    const refused = own.filter(({ status }) => status === 429).length;
    const figures = [own.length, Math.round(own.length / minutes), Math.max(0, ...perMinute.values()), refused];
    say(`${name.padEnd(34)}${figures.map((figure) => String(figure).padStart(8)).join("")}`);
  }
}

function tellStalls(followed: readonly FollowedProvision[]): void {
  const gaps = followed.flatMap(({ gaps: own }) => own);
  const waits = summarise(gaps.map(({ ms }) => ms));
  const long = gaps.filter(({ ms }) => ms > STALL_MS);
  const silent = long.filter(({ reason }) => reason === undefined);
  say(
    `\nBetween two messages of a provision (ms): p50 ${waits.p50}, p95 ${waits.p95}, longest ${Math.round(Math.max(...gaps.map(({ ms }) => ms)))}`,
  );
  say(`longer than ${STALL_MS / 1000} s: ${long.length}, of which without a reason: ${silent.length}`);
  for (const { ms, reason, phase } of long.toSorted((a, b) => b.ms - a.ms).slice(0, 5))
    say(`  ${Math.round(ms / 1000)} s in ${phase}: ${reason ?? "no reason told"}`);
}

const server = await startBenchServer({ speed: SPEED });
try {
  const data = await query<{ azure: { subscriptions: { subscriptionId: string }[] }; registries: { id: string }[] }>(
    server,
    "{ azure { subscriptions { subscriptionId } } registries { id } }",
  );
  const shared = {
    subscriptionId: data.azure.subscriptions[0]?.subscriptionId,
    registryId: data.registries[0]?.id,
  };
  const control = createEmulatorControl(server.emulatorUrl);
  const since = (await control.requests()).length;
  const [idleKb, idleCpuMs, startedMs] = [await server.residentKb(), await server.cpuMs(), performance.now()];
  let peakKb = idleKb;
  const ids = await Promise.all(Array.from({ length: COUNT }, (_none, index) => start(server, index, shared)));
  say(`${COUNT} asked for within ${Math.round(performance.now() - startedMs)} ms, at ${SPEED} times Azure's speed`);
  const followed = await Promise.all(
    ids.map(async (id) => {
      const one = await followProvision(server.apiUrl, id);
      peakKb = Math.max(peakKb, await server.residentKb());
      return one;
    }),
  );
  const seconds = (performance.now() - startedMs) / 1000;
  const ends = Map.groupBy(followed, ({ status }) => status);
  say(
    `ended after ${Math.round(seconds)} s: ${[...ends].map(([status, all]) => `${all.length} ${status}`).join(", ")}`,
  );
  for (const { failure } of followed) if (failure !== undefined) say(`  ${failure}`);
  const requests = (await control.requests()).slice(since);
  const puts = requests.filter(
    ({ method, path, effective }) => method === "PUT" && effective && /managedClusters/i.test(path),
  );
  say(`clusters that Azure was asked for with effect: ${puts.length}`);
  say(`memory of the server: ${Math.round(idleKb / 1000)} MB idle, ${Math.round(peakKb / 1000)} MB at most`);
  say(`CPU of the server: ${Math.round(((await server.cpuMs()) - idleCpuMs) / COUNT)} ms a provision`);
  tellStalls(followed);
  tellRequests(requests);
} finally {
  await server.stop();
}

import { Agent, request } from "node:http";
import { WebSocket } from "ws";
import { startIdentityProvider } from "../../api/test/identity-provider.ts";
import { createSlipwayApi } from "../fixtures/slipway-api.ts";
import { type BenchServer, startBenchServer } from "./bench-server.ts";
import { median } from "./figures.ts";

/**
 * `pnpm bench guards [rounds]`: a small query over HTTP, and a subscription begun, told its state and ended over a WebSocket, with everything that
 * stands guard (sign-in by a token, all limits) and with as little as settings allow. By turns, so that a busy machine is busy for both.
 */
const ROUNDS = Number(process.argv[3] ?? 5);
const QUERIES = 3_000;
const AT_ONCE = 8;
const SUBSCRIPTIONS = 1_000;
const QUERY = JSON.stringify({ query: "{ viewer { name roles } }" });
const SUBSCRIPTION = "subscription ($id: ID!) { provisionProgress(provisionId: $id) { status percent } }";
/** Beyond what one bench sends: it is counted all the same. */
const ENOUGH = "1000000";

const LIMITS = [
  "CONNECTIONS",
  "CONNECTIONS_PER_USER",
  "OPERATIONS_PER_CONNECTION",
  "DEPTH",
  "FIELDS",
  "ALIASES",
].concat([
  "DIRECTIVES",
  "TOKENS",
  "DOCUMENT_BYTES",
  "MESSAGES_PER_SECOND",
  "SIGN_IN_FAILURES_PER_MINUTE",
  "MUTATIONS_PER_MINUTE",
]);
const UNGUARDED = Object.fromEntries(LIMITS.map((name) => [`SLIPWAY_MAX_${name}`, "0"]));

interface Side {
  readonly server: BenchServer;
  readonly headers: Readonly<Record<string, string>>;
  readonly provisionId: string;
}

interface Cost {
  readonly perSecond: number;
  readonly cpuMs: number;
}

function ask(agent: Agent, { server, headers }: Side): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server.apiUrl}/graphql`,
      { method: "POST", agent, headers: { "content-type": "application/json", ...headers } },
      (answer) => {
        answer.resume();
        answer.on("end", () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`A query was answered ${answer.statusCode}.`)),
        );
      },
    );
    sent.on("error", reject);
    sent.end(QUERY);
  });
}

async function costOf({ server }: Side, count: number, work: () => Promise<void>): Promise<Cost> {
  const [cpuMs, startedMs] = [await server.cpuMs(), performance.now()];
  await work();
  const seconds = (performance.now() - startedMs) / 1000;
  return { perSecond: count / seconds, cpuMs: ((await server.cpuMs()) - cpuMs) / count };
}

async function queries(side: Side): Promise<Cost> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let left = QUERIES;
  const cost = await costOf(side, QUERIES, async () => {
    const askOn = async (): Promise<void> => {
      while (left-- > 0) await ask(agent, side);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  });
  agent.destroy();
  return cost;
}

async function subscriptions(side: Side): Promise<Cost> {
  const socket = new WebSocket(`${side.server.apiUrl.replace("http", "ws")}/graphql`, ["graphql-transport-ws"]);
  let told: (message: { readonly type: string }) => void = () => undefined;
  const next = (type: string): Promise<void> =>
    new Promise((resolve, reject) => {
      told = (message) => {
        if (message.type === type) resolve();
        else if (message.type !== "complete") reject(new Error(`${type} was expected: ${JSON.stringify(message)}`));
      };
    });
  socket.on("message", (data: Buffer) => told(JSON.parse(data.toString()) as { type: string }));
  await new Promise((resolve) => socket.once("open", resolve));
  const acknowledged = next("connection_ack");
  socket.send(JSON.stringify({ type: "connection_init", payload: side.headers }));
  await acknowledged;
  const cost = await costOf(side, SUBSCRIPTIONS, async () => {
    for (let index = 0; index < SUBSCRIPTIONS; index++) {
      const id = String(index);
      const first = next("next");
      const payload = { query: SUBSCRIPTION, variables: { id: side.provisionId } };
      socket.send(JSON.stringify({ type: "subscribe", id, payload }));
      await first;
      socket.send(JSON.stringify({ type: "complete", id }));
    }
  });
  socket.terminate();
  return cost;
}

function say(what: string, unit: string, guarded: readonly Cost[], bare: readonly Cost[]): void {
  const ratio = (of: (cost: Cost) => number): string =>
    (
      Math.round(100 * median(guarded.map((cost, round) => (100 * of(cost)) / of(bare[round] ?? cost)))) / 10_000
    ).toFixed(2);
  const figures = (costs: readonly Cost[]): string =>
    `${Math.round(median(costs.map(({ perSecond }) => perSecond)))} ${unit}/s, ${median(costs.map(({ cpuMs }) => cpuMs * 1000))} µs of CPU each`;
  process.stdout.write(
    `${what}\n  with:    ${figures(guarded)}\n  without: ${figures(bare)}\n  ratio:   ${ratio(({ perSecond }) => perSecond)} of the rate, ${ratio(({ cpuMs }) => cpuMs)} of the CPU\n`,
  );
}

const provider = await startIdentityProvider({});
const servers: BenchServer[] = [];
try {
  const authorization = `Bearer ${await provider.accessToken(["Slipway.Operator"])}`;
  const open = async (settings: Record<string, string>, headers: Record<string, string>): Promise<Side> => {
    const server = await startBenchServer({ speed: 0, settings });
    servers.push(server);
    return { server, headers, provisionId: await createSlipwayApi(server.apiUrl, headers).startProvision("guarded") };
  };
  const guarded = await open(
    { ...provider.settings, SLIPWAY_MAX_MESSAGES_PER_SECOND: ENOUGH, SLIPWAY_INTROSPECTION: "off" },
    { authorization },
  );
  const bare = await open({ ...UNGUARDED, SLIPWAY_INTROSPECTION: "on" }, {});
  for (const [what, unit, measure] of [
    ["a small query", "requests", queries],
    ["a subscription begun, told its state and ended", "starts", subscriptions],
  ] as const) {
    // A process that has not been asked much yet is slow in a way that has nothing to do with guards.
    for (const side of [guarded, bare]) await measure(side);
    const found: { readonly guarded: Cost; readonly bare: Cost }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      found.push({ guarded: await measure(guarded), bare: await measure(bare) });
    }
    say(
      what,
      unit,
      found.map((one) => one.guarded),
      found.map((one) => one.bare),
    );
  }
} finally {
  for (const server of servers) await server.stop();
  await provider.stop();
}

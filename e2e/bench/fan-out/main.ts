import { setTimeout as wait } from "node:timers/promises";
import { median, percentile, summarise } from "../figures.ts";
import { startReaders } from "./reader-process.ts";
import type { ReadersOrder, ReadersReport } from "./readers.ts";
import { startPeer, startSlipway, type ServerUnderTest } from "./server-under-test.ts";

/**
 * `pnpm bench fan-out [readers …]`: what one state costs the server for each reader it is delivered to, in the whole real API and,
 * in the same run, in what else one could use. Every server makes four states of about 1 KB a second. Rounds are interleaved;
 * figures are medians over rounds, ratios medians of the ratios within a round.
 */
const ROUNDS = 3;
const WINDOW_MS = 8_000;
const SETTLE_MS = 2_000;
const READERS = process.argv.slice(3).map(Number);

interface Contestant {
  readonly name: string;
  readonly start: () => Promise<ServerUnderTest>;
  readonly speaks: ReadersOrder["speaks"];
  readonly ids: ReadersOrder["ids"];
}

const CONTESTANTS: readonly Contestant[] = [
  { name: "ws broadcast", start: () => startPeer("ws-raw"), speaks: "nothing", ids: "same" },
  { name: "ws, ready-made frame", start: () => startPeer("ws-preframed"), speaks: "nothing", ids: "same" },
  { name: "Slipway, any client", start: startSlipway, speaks: "graphql-transport-ws", ids: "unique" },
  { name: "Slipway, own web client", start: startSlipway, speaks: "graphql-transport-ws", ids: "same" },
  { name: "socket.io", start: () => startPeer("socket-io"), speaks: "socket.io", ids: "same" },
  {
    name: "graphql-ws + graphql-js",
    start: () => startPeer("graphql-ws"),
    speaks: "graphql-transport-ws",
    ids: "unique",
  },
  { name: "Yoga + graphql-ws", start: () => startPeer("yoga"), speaks: "graphql-transport-ws", ids: "unique" },
  { name: "Mercurius", start: () => startPeer("mercurius"), speaks: "graphql-transport-ws", ids: "unique" },
];

interface Figures {
  readonly cpuMicros: number[];
  readonly ratios: number[];
  readonly p50: number[];
  readonly p99: number[];
  readonly kbPerReader: number[];
}

async function measure(
  contestant: Contestant,
  count: number,
): Promise<{ cpuMicros: number; p50: number; p99: number; kb: number }> {
  const server = await contestant.start();
  try {
    const idle = await watch(server, contestant, 1);
    const before = await server.residentKb();
    const busy = await watch(server, contestant, count);
    return {
      // What the server does however few look on is not what a delivery costs.
      cpuMicros: ((busy.cpuMs - idle.cpuMs) * 1000) / Math.max(1, busy.report.messages - idle.report.messages),
      p50: percentile(busy.report.delaysMs, 0.5),
      p99: percentile(busy.report.delaysMs, 0.99),
      kb: (busy.residentKb - before) / count,
    };
  } finally {
    await server.stop();
  }
}

async function watch(
  server: ServerUnderTest,
  { speaks, ids }: Contestant,
  count: number,
): Promise<{ cpuMs: number; residentKb: number; report: ReadersReport }> {
  const readers = await startReaders({
    kind: "open",
    port: server.port,
    count,
    speaks,
    ids,
    provisionIds: [server.provisionId],
  });
  try {
    await wait(SETTLE_MS);
    await readers.begin();
    const from = await server.cpuMs();
    await wait(WINDOW_MS);
    const cpuMs = (await server.cpuMs()) - from;
    const residentKb = await server.residentKb();
    return { cpuMs, residentKb, report: await readers.end() };
  } finally {
    readers.stop();
  }
}

for (const count of READERS.length > 0 ? READERS : [100, 1_000, 5_000]) {
  const rows = new Map<string, Figures>();
  for (let round = 1; round <= ROUNDS; round++) {
    let raw = Number.NaN;
    for (const contestant of CONTESTANTS) {
      const figures = rows.get(contestant.name) ?? { cpuMicros: [], ratios: [], p50: [], p99: [], kbPerReader: [] };
      rows.set(contestant.name, figures);
      const measured = await measure(contestant, count);
      if (contestant === CONTESTANTS[0]) raw = measured.cpuMicros;
      figures.cpuMicros.push(measured.cpuMicros);
      figures.ratios.push(measured.cpuMicros / raw);
      figures.p50.push(measured.p50);
      figures.p99.push(measured.p99);
      figures.kbPerReader.push(measured.kb);
    }
    process.stderr.write(`${count} readers: round ${round} of ${ROUNDS} done\n`);
  }
  process.stdout.write(
    `\n${count} readers\n\n| server | CPU µs a message | × ws broadcast | p50 ms | p99 ms | KB a reader |\n|---|---:|---:|---:|---:|---:|\n`,
  );
  for (const [name, figures] of rows) {
    const cells = [
      summarise(figures.cpuMicros).p50,
      percentile(figures.ratios, 0.5).toFixed(2),
      median(figures.p50),
      median(figures.p99),
      median(figures.kbPerReader),
    ];
    process.stdout.write(`| ${[name, ...cells].join(" | ")} |\n`);
  }
}

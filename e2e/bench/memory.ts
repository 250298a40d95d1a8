import { setTimeout as wait } from "node:timers/promises";
import { createEmulatorControl } from "../fixtures/emulator.ts";
import { findFreePorts } from "../fixtures/free-ports.ts";
import { startBenchServer, type BenchServer, type ProcessFigures } from "./bench-server.ts";
import { startReaders, type Readers } from "./fan-out/reader-process.ts";
import type { ReadersOrder } from "./fan-out/readers.ts";
import { startPeer } from "./fan-out/server-under-test.ts";
import { percentile } from "./figures.ts";
import { inspectProcess, type InspectedProcess } from "./inspected-process.ts";
import { SMALLEST_POOLS, startProvision } from "./provision-run.ts";

/**
 * `pnpm bench memory [readers]`: what an idle subscriber costs beside a bare WebSocket, whether the heap stays as it is through an
 * hour of updates, and what one tab that takes nothing does to the server and to the others. The hour is compressed: each
 * reader looks at ten provisions of which Slipway makes four states a second, forty times what one page shows.
 */
const READERS = Number(process.argv[3] ?? 1_000);
const PROVISIONS = 10;
/** Slipway looks at a cluster four times a second from here on, as often as it ever does. */
const SPEED = 20;
const SETTLE_MS = 3_000;
/** Updates of one page that shows one a second. */
const TEN_MINUTES = 600;
const HOUR = 3_600;
const STALL_ROUNDS = 3;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function residentKbPerReader(
  server: ProcessFigures,
  order: Omit<ReadersOrder, "kind" | "count">,
): Promise<number> {
  // The first connection pays for what all share.
  (await startReaders({ kind: "open", count: 1, ...order })).stop();
  await wait(SETTLE_MS);
  const before = await server.residentKb();
  const readers = await startReaders({ kind: "open", count: READERS, ...order });
  await wait(SETTLE_MS);
  const after = await server.residentKb();
  readers.stop();
  return (after - before) / READERS;
}

async function idle(): Promise<void> {
  const peer = await startPeer("ws-raw", { topics: 1, updatesPerSecond: 4 });
  const raw = await residentKbPerReader(peer, { port: peer.port, speaks: "nothing", ids: "same", provisionIds: [] });
  await peer.stop();
  const server = await startBenchServer({ speed: 1 });
  try {
    const provisionIds = await startStuck(server, 1);
    const speaks = "graphql-transport-ws";
    const own = await residentKbPerReader(server, { port: server.port, speaks, ids: "same", provisionIds });
    say(
      `idle, ${READERS} readers: ${own.toFixed(1)} KB a subscriber, ${raw.toFixed(1)} KB a bare WebSocket that is sent four messages a second: ${(own / raw).toFixed(2)} ×`,
    );
  } finally {
    await server.stop();
  }
}

async function startStuck(server: BenchServer, count: number): Promise<string[]> {
  const control = createEmulatorControl(server.emulatorUrl);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const clusterName = `bench-memory-${index}`;
    await control.setScenario(clusterName, "stuck");
    ids.push(await startProvision(server.apiUrl, clusterName, SMALLEST_POOLS));
  }
  return ids;
}

/** Lets each reader get so many updates, and tells what it took. */
async function deliver(
  title: string,
  updates: number,
  server: ProcessFigures,
  inspected: InspectedProcess,
  readers: Readers,
): Promise<void> {
  let messages = 0;
  const delaysMs: number[] = [];
  while (messages < updates * READERS) {
    await readers.begin();
    await wait(1_000);
    const report = await readers.end();
    messages += report.messages;
    delaysMs.push(...report.delaysMs);
  }
  const [p50, p99] = [percentile(delaysMs, 0.5), percentile(delaysMs, 0.99)];
  const heap = await inspected.heapMb();
  const resident = Math.round((await server.residentKb()) / 1000);
  say(`${title}: ${messages} messages, heap ${heap} MB, resident ${resident} MB, p50 ${p50} ms, p99 ${p99} ms`);
}

async function busy(): Promise<void> {
  const [inspectPort = 0] = await findFreePorts(1);
  const server = await startBenchServer({ speed: SPEED, nodeOptions: [`--inspect=127.0.0.1:${inspectPort}`] });
  const inspected = await inspectProcess(inspectPort);
  try {
    const provisionIds = await startStuck(server, PROVISIONS);
    const order: ReadersOrder = {
      kind: "open",
      port: server.port,
      count: READERS,
      speaks: "graphql-transport-ws",
      ids: "same",
      operations: PROVISIONS,
      provisionIds,
    };
    // The hour, then with and without the stalled tab by turns: what else the machine does changes from minute to minute.
    const tenMinuteParts = [HOUR / TEN_MINUTES, ...Array.from({ length: 2 * STALL_ROUNDS }, () => 1)];
    for (const [turn, parts] of tenMinuteParts.entries()) {
      const stalled = turn % 2;
      const readers = await startReaders({ ...order, stalled });
      await wait(SETTLE_MS);
      say(`\n${READERS} readers, ${stalled} more that stopped to read; heap ${await inspected.heapMb()} MB`);
      for (let part = 1; part <= parts; part++)
        await deliver(`${part * 10} minutes`, TEN_MINUTES, server, inspected, readers);
      readers.stop();
    }
    await wait(SETTLE_MS);
    say(`\nall have gone; heap ${await inspected.heapMb()} MB`);
  } finally {
    inspected.close();
    await server.stop();
  }
}

await idle();
await busy();

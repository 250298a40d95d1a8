import { setTimeout as wait } from "node:timers/promises";
import { percentile } from "../figures.ts";
import { startReaders } from "./reader-process.ts";
import type { ReadersOrder } from "./readers.ts";
import { startPeer, startSlipway, type Load, type ServerUnderTest } from "./server-under-test.ts";

const IDLE_MS = 3_000;
const BUSY_MS = 6_000;
const SETTLE_MS = 1_500;

export interface Contestant {
  readonly name: string;
  readonly start: (load: Load) => Promise<ServerUnderTest>;
  readonly speaks: ReadersOrder["speaks"];
  readonly ids: ReadersOrder["ids"];
  /** Messages a second that it is given at most; more would measure what it does when it is overrun. */
  readonly most: number;
}

const FAST = 20_000;
const SLOW = 4_000;
const GRAPHQL = "graphql-transport-ws";

export const RAW: Contestant = {
  name: "ws broadcast",
  start: (load) => startPeer("ws-raw", load),
  speaks: "nothing",
  ids: "same",
  most: FAST,
};
export const SLIPWAY: Contestant = {
  name: "Slipway, any client",
  start: startSlipway,
  speaks: GRAPHQL,
  ids: "unique",
  most: FAST,
};
export const GRAPHQL_WS: Contestant = {
  name: "graphql-ws + graphql-js",
  start: (load) => startPeer("graphql-ws", load),
  speaks: GRAPHQL,
  ids: "unique",
  most: SLOW,
};

export const CONTESTANTS: readonly Contestant[] = [
  RAW,
  { ...RAW, name: "ws, ready-made frame", start: (load) => startPeer("ws-preframed", load) },
  SLIPWAY,
  { ...SLIPWAY, name: "Slipway, own web client", ids: "same" },
  { ...RAW, name: "socket.io", start: (load) => startPeer("socket-io", load), speaks: "socket.io" },
  GRAPHQL_WS,
  { ...GRAPHQL_WS, name: "Yoga + graphql-ws", start: (load) => startPeer("yoga", load) },
  { ...GRAPHQL_WS, name: "Mercurius", start: (load) => startPeer("mercurius", load) },
];

export interface Measured {
  /** Of the server's processor, for each message that reached a reader. */
  readonly cpuMicros: number;
  /** The kernel's part of it. */
  readonly kernelMicros: number;
  readonly messagesPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly kbPerReader: number;
}

/** So many updates a second that every fast contestant has work enough to be measured, and no processor is full. */
export function usualUpdates(contestant: Contestant, count: number): number {
  return Math.min(40, contestant.most / count);
}

/** @param load.topics 1: all readers look at the same; else each at the next one. */
export async function measure(contestant: Contestant, count: number, load: Load): Promise<Measured> {
  const server = await contestant.start(load);
  try {
    const idle = await watch(server, contestant, 1, IDLE_MS);
    const before = await server.residentKb();
    const busy = await watch(server, contestant, count, BUSY_MS);
    return {
      // What the server does however few look on is not what a delivery costs.
      cpuMicros: (busy.cpuMicros - idle.cpuMicros) / (busy.messages - idle.messages),
      kernelMicros: (busy.kernelMicros - idle.kernelMicros) / (busy.messages - idle.messages),
      messagesPerSecond: busy.messages,
      p50: percentile(busy.delaysMs, 0.5),
      p99: percentile(busy.delaysMs, 0.99),
      kbPerReader: (busy.residentKb - before) / count,
    };
  } finally {
    await server.stop();
  }
}

/** Figures are of a second. */
async function watch(
  server: ServerUnderTest,
  { speaks, ids }: Contestant,
  count: number,
  windowMs: number,
): Promise<{
  cpuMicros: number;
  kernelMicros: number;
  messages: number;
  residentKb: number;
  delaysMs: readonly number[];
}> {
  const { port, provisionIds } = server;
  const readers = await startReaders({ kind: "open", port, count, speaks, ids, provisionIds });
  try {
    await wait(SETTLE_MS);
    await readers.begin();
    const [cpuFromMs, kernelFromMs] = [await server.cpuMs(), await server.kernelMs()];
    await wait(windowMs);
    const cpuMicros = ((await server.cpuMs()) - cpuFromMs) * 1000;
    const kernelMicros = ((await server.kernelMs()) - kernelFromMs) * 1000;
    const residentKb = await server.residentKb();
    const { messages, delaysMs } = await readers.end();
    const seconds = windowMs / 1000;
    return {
      cpuMicros: cpuMicros / seconds,
      kernelMicros: kernelMicros / seconds,
      messages: messages / seconds,
      residentKb,
      delaysMs,
    };
  } finally {
    readers.stop();
  }
}

import { setTimeout as wait } from "node:timers/promises";
import { percentile } from "../figures.ts";
import { startReaders, type Readers } from "./reader-process.ts";
import type { ReadersOrder } from "./readers.ts";
import { startPeer, startSlipway, type Load, type ServerUnderTest } from "./server-under-test.ts";

const WINDOW_MS = 6_000;
/** Until all that is hot has been compiled. */
const SETTLE_MS = 3_000;

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
  /** Of the server's processor, for each message that reached a reader; all that the server does meanwhile is in it. */
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
    const { speaks, ids } = contestant;
    const { port, provisionIds } = server;
    const open = (readers: number): Promise<Readers> =>
      startReaders({ kind: "open", port, count: readers, speaks, ids, provisionIds });
    // The first connection pays for what all share.
    (await open(1)).stop();
    const residentBefore = await server.residentKb();
    const readers = await open(count);
    try {
      await wait(SETTLE_MS);
      await readers.begin();
      const [cpuFromMs, kernelFromMs] = [await server.cpuMs(), await server.kernelMs()];
      await wait(WINDOW_MS);
      const cpuMs = (await server.cpuMs()) - cpuFromMs;
      const kernelMs = (await server.kernelMs()) - kernelFromMs;
      const { messages, delaysMs } = await readers.end();
      return {
        cpuMicros: (cpuMs * 1000) / messages,
        kernelMicros: (kernelMs * 1000) / messages,
        messagesPerSecond: (messages / WINDOW_MS) * 1000,
        p50: percentile(delaysMs, 0.5),
        p99: percentile(delaysMs, 0.99),
        kbPerReader: ((await server.residentKb()) - residentBefore) / count,
      };
    } finally {
      readers.stop();
    }
  } finally {
    await server.stop();
  }
}

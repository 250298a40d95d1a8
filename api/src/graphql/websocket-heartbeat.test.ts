import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createManualClock, type ManualClock } from "../shared/clock.ts";
import { createWebSocketHeartbeat, type WebSocketHeartbeat } from "./websocket-heartbeat.ts";

const INTERVAL_MS = 12_000;

let clock: ManualClock;
let server: WebSocketServer;
let heartbeat: WebSocketHeartbeat;
let opened: WebSocket[] = [];

beforeEach(async () => {
  clock = createManualClock();
  heartbeat = createWebSocketHeartbeat(clock, INTERVAL_MS);
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => heartbeat.watch(socket));
  await new Promise((resolve) => server.once("listening", resolve));
});
afterEach(async () => {
  heartbeat.stop();
  for (const socket of opened) socket.terminate();
  opened = [];
  await new Promise((resolve) => server.close(resolve));
});

/** A half-open one is like one whose machine was unplugged: it never answers. */
async function open(kind: "answers" | "half-open"): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    autoPong: kind === "answers",
  });
  opened.push(socket);
  const connected = new Promise((resolve) => server.once("connection", resolve));
  await Promise.all([connected, new Promise((resolve) => socket.once("open", resolve))]);
  return socket;
}

async function beat(...answering: readonly WebSocket[]): Promise<void> {
  const pinged = answering.map((socket) => new Promise((resolve) => socket.once("ping", resolve)));
  const [serverSide] = server.clients;
  const answered = new Promise((resolve) => serverSide?.once("pong", resolve));
  await clock.advance(INTERVAL_MS);
  await Promise.all(pinged);
  if (answering.length > 0) await answered;
}

test("a connection whose other end is gone is ended within two intervals", async () => {
  const gone = await open("half-open");
  const closed = new Promise((resolve) => gone.once("close", resolve));
  await clock.advance(INTERVAL_MS);
  expect(server.clients.size).toBe(1);
  await clock.advance(INTERVAL_MS);
  await closed;
  await expect.poll(() => server.clients.size).toBe(0);
});

test("a connection that answers stays open", async () => {
  const there = await open("answers");
  for (let time = 0; time < 4; time++) await beat(there);
  expect(there.readyState).toBe(there.OPEN);
});

test("nothing waits once it was stopped", async () => {
  heartbeat.stop();
  expect(clock.pending()).toBe(0);
});

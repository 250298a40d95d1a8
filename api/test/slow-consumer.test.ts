import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { expect } from "vitest";
import { provisionTopic } from "../src/clusters/provisioning/provision-publisher.ts";
import type { Provision } from "../src/clusters/provisioning/provision.ts";
import { createInProcessChangeHints } from "../src/events/in-process-change-hints.ts";
import { tryDecodeId } from "../src/graphql/global-id.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import { connectProtocol } from "./protocol-client.ts";
import { clusterInput, startProvision, watchProgress, type Progress } from "./provisions.ts";

const MOST_QUEUED_BYTES = 64 * 1024;
/** Ten minutes of an update a second, as fast as they go; together far more than a kernel takes for one connection. */
const UPDATES = 600;
const TEXT = "x".repeat(30_000);

test("a reader that takes nothing costs at most 64 KiB, delays nobody and gets the newest state when it wakes", async ({
  start,
}) => {
  const accepted: Socket[] = [];
  const onAccepted = (message: unknown): void => void accepted.push((message as { readonly socket: Socket }).socket);
  subscribe("net.server.socket", onAccepted);
  const hints = createInProcessChangeHints({ onError: (error) => expect.unreachable(String(error)) });
  const slipway = await start({ hints, speed: 20 });
  await slipway.azure.scenario("slow", "stuck");
  const id = await startProvision(slipway.api, clusterInput("slow"));
  const topic = provisionTopic(tryDecodeId("Provision", id) ?? "");
  const { state } = await new Promise<{ readonly state?: unknown }>((resolve) => {
    const stop = hints.subscribe(topic, (hint) => {
      stop();
      resolve(hint);
    });
  });
  const provision = state as Provision;
  const tell = (sequence: number): void =>
    hints.publish(topic, { sequence, state: { ...provision, sequence, message: TEXT } });

  const others = Array.from({ length: 3 }, () => watchProgress(slipway.client(), id));
  await Promise.all(others.map((other) => other.first()));
  accepted.length = 0;
  const paused = await connectProtocol(slipway.api.url);
  unsubscribe("net.server.socket", onAccepted);
  await paused.init();
  paused.subscribe("1", operation("ProvisionProgress"), { provisionId: id });
  const sequenceOf = ({ payload }: { readonly payload?: unknown }): number =>
    (payload as { readonly data?: { readonly provisionProgress: Progress } } | undefined)?.data?.provisionProgress
      .sequence ?? 0;
  await paused.until(({ type }) => type === "next");
  paused.socket.pause();

  const first = provision.sequence + 1_000;
  let mostQueued = 0;
  for (let sequence = first; sequence < first + UPDATES; sequence++) {
    tell(sequence);
    // Nobody waits for the one that has stopped.
    await Promise.all(others.map((other) => other.until(`state ${sequence}`, (seen) => seen.sequence >= sequence)));
    mostQueued = Math.max(mostQueued, ...accepted.map((socket) => socket.writableLength));
  }
  const newest = first + UPDATES - 1;
  expect(mostQueued).toBeGreaterThan(0);
  expect(mostQueued).toBeLessThanOrEqual(MOST_QUEUED_BYTES);

  paused.socket.resume();
  await paused.until((message) => sequenceOf(message) === newest);
  const seen = paused.messages.map(sequenceOf).filter((sequence) => sequence > 0);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBe(seen.length);
  // What the kernel and the queue held, then the newest: the rest was overtaken.
  expect(seen.length).toBeLessThan(UPDATES / 2);
  paused.socket.terminate();
});

import { describe, expect } from "vitest";
import { createRandom } from "../src/shared/seeded-random.fixture.ts";
import type { ApiClient } from "./api-client.ts";
import { registryIdOf, startBuild, type LogMessage } from "./builds.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { connectProtocol } from "./protocol-client.ts";
import { clusterInput, expectContiguous, startProvision, type TimelineRow } from "./provisions.ts";

/** `SLIPWAY_RESUME_PROVISIONS=60` reads some 3,000 entries with the connection cut over and over. */
// oxlint-disable-next-line node/no-process-env -- how much this test reads is no setting of the product
const PROVISIONS = Number(process.env["SLIPWAY_RESUME_PROVISIONS"] ?? 8);

interface Cuts {
  count: number;
}

interface Reading<T> {
  readonly subscription: string;
  readonly variables: (received: readonly T[]) => object;
  /** Messages that bring something and are taken before the connection is cut. */
  readonly patience: () => number;
  readonly brings: (message: T) => boolean;
  readonly cuts: Cuts;
}

/** Reads a log topic to its end as a client whose network breaks again and again, and which goes on after what it has. */
async function readOverWebSocket<T>(slipway: Slipway, field: string, reading: Reading<T>): Promise<readonly T[]> {
  const received: T[] = [];
  for (;;) {
    const client = await connectProtocol(slipway.api.url).catch(() => undefined);
    if (!client) continue;
    const patience = reading.patience();
    const messages = (): readonly T[] =>
      client.messages
        .filter(({ type }) => type === "next")
        .map(({ payload }) => (payload as { readonly data: Record<string, T> }).data[field] as T);
    let isComplete = false;
    try {
      await client.init();
      client.subscribe("1", reading.subscription, reading.variables(received));
      await client.until(({ id, type, payload }) => {
        if (type === "error") throw new Error(`The subscription failed: ${JSON.stringify(payload)}`);
        isComplete ||= id === "1" && type === "complete";
        return isComplete || messages().filter(reading.brings).length >= patience;
      });
    } catch (error) {
      // The server was restarted under it.
      if (!(error instanceof Error) || !error.message.startsWith("The connection was closed")) throw error;
    }
    client.socket.terminate();
    received.push(...messages());
    if (isComplete) return received;
    reading.cuts.count++;
  }
}

async function readOverSse<T>(api: ApiClient, reading: Reading<T>): Promise<readonly T[]> {
  const received: T[] = [];
  for (;;) {
    const patience = reading.patience();
    const watch = api.sse<T>(reading.subscription, reading.variables(received));
    const enough = watch.until("enough", () => watch.messages.length >= patience);
    const isCompleted = await Promise.race([
      enough.then(
        () => false,
        () => false,
      ),
      // Rejects while the server is restarted.
      watch.completed.then(
        () => true,
        () => false,
      ),
    ]);
    watch.stop();
    received.push(...watch.messages);
    if (isCompleted) return received;
    reading.cuts.count++;
  }
}

function timelineReading(provisionId: string, cuts: Cuts, random: () => number): Reading<TimelineRow> {
  return {
    subscription: operation("ProvisionTimeline"),
    variables: (received) => ({ provisionId, afterSequence: received.at(-1)?.sequence ?? 0 }),
    patience: () => 1 + Math.floor(random() * 4),
    brings: () => true,
    cuts,
  };
}

describe("who is cut off again and again", () => {
  test("reads every entry of a timeline once and in order, over WebSockets and events, also through a restart", async ({
    start,
  }) => {
    const slipway = await start({ speed: 200 });
    const random = createRandom(1);
    const cuts = { count: 0 };
    const ids = await Promise.all(
      Array.from({ length: PROVISIONS }, (_, index) => startProvision(slipway.api, clusterInput(`resume-${index}`))),
    );
    const reads = Promise.all(
      ids.map((id) => readOverWebSocket<TimelineRow>(slipway, "provisionTimeline", timelineReading(id, cuts, random))),
    );
    const streams = Promise.all(
      ids.map((id) => readOverSse<TimelineRow>(slipway.client(), timelineReading(id, cuts, random))),
    );
    await expect.poll(() => cuts.count, { timeout: 60_000 }).toBeGreaterThan(PROVISIONS);
    await slipway.restart();
    const timelines = await reads;
    for (const timeline of timelines) expectContiguous(timeline);
    expect(await streams).toEqual(timelines);
    expect(cuts.count).toBeGreaterThanOrEqual(4 * PROVISIONS);
  });

  test("reads every line of a log that is being written once and in order", { timeout: 90_000 }, async ({ start }) => {
    const azure = { slow: 15, fast: 300 };
    const slipway = await start({ speed: azure.slow });
    const registryId = await registryIdOf(slipway.api);
    const names = ["team/cut:1", "team/cut:2", "team/cut:3"];
    const builds = await Promise.all(names.map((name) => startBuild(slipway.api, registryId, name)));
    const cuts = { count: 0 };
    const reading = (buildId: string): Reading<LogMessage> => ({
      subscription: operation("BuildLog"),
      variables: (received) => ({
        buildId,
        afterLine: received.reduce((sum, { lines }) => sum + lines.length, 0),
      }),
      patience: () => 1,
      brings: ({ lines }) => lines.length > 0,
      cuts,
    });
    const reads = Promise.all(builds.map(({ id }) => readOverWebSocket<LogMessage>(slipway, "buildLog", reading(id))));
    await expect.poll(() => cuts.count, { timeout: 60_000 }).toBeGreaterThan(builds.length * 3);
    await slipway.azure.setSpeed(azure.fast);
    const logs = await reads;
    for (const [index, messages] of logs.entries()) {
      const lines = messages.flatMap((message) => message.lines);
      const whole = await readOverWebSocket<LogMessage>(slipway, "buildLog", {
        ...reading(builds[index]?.id ?? ""),
        patience: () => Number.POSITIVE_INFINITY,
      });
      expect(lines).toEqual(whole.flatMap((message) => message.lines));
      expect(messages.some(({ restarted }) => restarted)).toBe(false);
    }
  });
});

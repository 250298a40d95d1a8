import { randomUUID } from "node:crypto";
import { createClient } from "@redis/client";
import { z } from "zod";
import type { ChangeHint, ChangeHints } from "./change-hints.ts";
import { createInProcessChangeHints } from "./in-process-change-hints.ts";

const CHANNEL = "slipway:hints";
/** A larger state is left out: readers fetch it from the store. */
const LARGEST_HINT_BYTES = 64 * 1024;
const CONNECT_LIMIT_MS = 5_000;
const LONGEST_RECONNECT_MS = 2_000;
const PING_EVERY_MS = 5_000;

const messageSchema = z.object({
  origin: z.string(),
  version: z.string(),
  topic: z.string(),
  sequence: z.number(),
  state: z.unknown().optional(),
});

/** Hints that reach other processes while Redis lets them. */
export interface RedisChangeHints extends ChangeHints {
  /** Whether hints of other processes come through now. */
  isConnected(): boolean;
  /** Begins to connect, and connects again whenever the connection breaks. Never rejects: Redis may come later. */
  start(): void;
  stop(): void;
}

/**
 * Change hints over Redis pub/sub. Listeners of this process are told at once, by the in-process hints; those of others by
 * one channel, whose messages carry their origin so that nobody hears itself. State: disconnected ⇄ connected. What is
 * published while Redis is away is lost to other processes, which their readers make good by reading the store; nothing is
 * kept for later, because a late hint is worth no more than the next read.
 */
export function createRedisChangeHints(options: {
  /** May carry a password; it is in no error. */
  readonly url: string;
  /** Of the program: a state of another version is left out, since its shape may be another. */
  readonly version: string;
  readonly onError: (error: unknown, topic: string) => void;
  /** The connection broke or could not be made. Told once until it stands again. */
  readonly onConnectionLost: (error: unknown) => void;
}): RedisChangeHints {
  const origin = randomUUID();
  const local = createInProcessChangeHints(options);
  let isLossTold = false;
  const onConnectionError = (error: unknown): void => {
    if (isLossTold) return;
    isLossTold = true;
    options.onConnectionLost(error);
  };
  const connect = () =>
    createClient({
      url: options.url,
      // A hint that can't be sent now is not sent.
      disableOfflineQueue: true,
      pingInterval: PING_EVERY_MS,
      socket: {
        connectTimeout: CONNECT_LIMIT_MS,
        reconnectStrategy: (tries) => Math.min(LONGEST_RECONNECT_MS, 50 * 2 ** tries) * (0.5 + Math.random() / 2),
      },
    });
  const publisher = connect();
  const subscriber = connect();
  for (const client of [publisher, subscriber]) {
    client.on("error", onConnectionError);
    client.on("ready", () => {
      if (publisher.isReady && subscriber.isReady) isLossTold = false;
    });
  }

  function hear(text: string): void {
    const parsed = messageSchema.safeParse(parseJson(text));
    if (!parsed.success) return options.onError(parsed.error, CHANNEL);
    const { origin: from, version, topic, sequence, state } = parsed.data;
    if (from === origin) return;
    local.publish(topic, { sequence, ...(state !== undefined && version === options.version && { state }) });
  }

  function tellOthers(topic: string, hint: ChangeHint): void {
    if (!publisher.isReady) return;
    const { sequence, state } = hint;
    const head = { origin, version: options.version, topic, sequence };
    const whole = JSON.stringify({ ...head, state });
    const text = Buffer.byteLength(whole) > LARGEST_HINT_BYTES ? JSON.stringify(head) : whole;
    publisher.publish(CHANNEL, text).catch((error: unknown) => options.onError(error, topic));
  }

  return {
    publish(topic, hint) {
      local.publish(topic, hint);
      tellOthers(topic, hint);
    },
    subscribe: local.subscribe,
    isConnected: () => publisher.isReady && subscriber.isReady,
    start() {
      publisher.connect().catch(onConnectionError);
      subscriber
        .connect()
        .then(() => subscriber.subscribe(CHANNEL, hear))
        .catch(onConnectionError);
    },
    stop() {
      for (const client of [publisher, subscriber]) if (client.isOpen) client.destroy();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

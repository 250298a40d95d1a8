import type { Clock } from "../shared/clock.ts";
import type { JobConsumer, JobHandler, JobQueue } from "./job-queue.ts";
import { formatJobRef, type JobRef } from "./job.ts";

const RETRY_AFTER_THROW_MS = 5_000;

/**
 * Job queue of the embedded default. State: one entry per job, in one of
 * - scheduled: a timer runs until it is due;
 * - ready: due, waits for a free place;
 * - running: with its handler. A message that arrives meanwhile is kept in `againAtMs` and scheduled when the handler ends.
 * An entry leaves when its handler ends without a wish to come again. Everything is gone with the process: the sweep refills it.
 */
export function createInProcessJobQueue(options: {
  readonly clock: Clock;
  readonly onError: (error: unknown, ref: JobRef) => void;
}): JobQueue {
  const { clock } = options;
  const entries = new Map<string, Entry>();
  const ready: Entry[] = [];
  let consumer: { handle: JobHandler; concurrency: number } | undefined;
  let running = 0;
  let onIdle: (() => void) | undefined;

  function schedule(entry: Entry, dueAtMs: number): void {
    entry.cancelTimer?.();
    entry.dueAtMs = dueAtMs;
    entry.cancelTimer = clock.schedule(dueAtMs - clock.now(), () => {
      entry.cancelTimer = undefined;
      ready.push(entry);
      pump();
    });
  }

  function pump(): void {
    while (consumer && running < consumer.concurrency) {
      const entry = ready.shift();
      if (!entry) return;
      running++;
      entry.running = true;
      void run(entry, consumer.handle);
    }
  }

  async function run(entry: Entry, handle: JobHandler): Promise<void> {
    let againAtMs: number | undefined;
    try {
      const answer = await handle(entry.ref);
      if (answer) againAtMs = clock.now() + answer.againAfterMs;
    } catch (error) {
      options.onError(error, entry.ref);
      againAtMs = clock.now() + RETRY_AFTER_THROW_MS;
    }
    running--;
    entry.running = false;
    const dueAtMs = Math.min(againAtMs ?? Infinity, entry.againAtMs ?? Infinity);
    entry.againAtMs = undefined;
    if (dueAtMs === Infinity) entries.delete(formatJobRef(entry.ref));
    else schedule(entry, dueAtMs);
    if (running === 0) onIdle?.();
    pump();
  }

  async function stop(): Promise<void> {
    consumer = undefined;
    if (running > 0) await new Promise<void>((resolve) => (onIdle = resolve));
    for (const entry of entries.values()) entry.cancelTimer?.();
    entries.clear();
    ready.length = 0;
  }

  return {
    async enqueue(ref, delayMs) {
      const key = formatJobRef(ref);
      const dueAtMs = clock.now() + delayMs;
      const entry = entries.get(key);
      if (!entry) {
        const added: Entry = { ref, dueAtMs, running: false, againAtMs: undefined, cancelTimer: undefined };
        entries.set(key, added);
        schedule(added, dueAtMs);
      } else if (entry.running) {
        entry.againAtMs = Math.min(entry.againAtMs ?? Infinity, dueAtMs);
      } else if (entry.cancelTimer && dueAtMs < entry.dueAtMs) {
        schedule(entry, dueAtMs);
      }
    },
    consume(handle, { concurrency }): JobConsumer {
      if (consumer) throw new Error("The in-process queue has a consumer already.");
      consumer = { handle, concurrency };
      pump();
      let stopped: Promise<void> | undefined;
      return { stop: () => (stopped ??= stop()) };
    },
  };
}

interface Entry {
  readonly ref: JobRef;
  dueAtMs: number;
  running: boolean;
  againAtMs: number | undefined;
  cancelTimer: (() => void) | undefined;
}

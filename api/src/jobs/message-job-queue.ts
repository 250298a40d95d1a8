import type { Clock } from "../shared/clock.ts";
import {
  MessageGoneError,
  type MessageHold,
  type MessageQueue,
  type ReceivedMessage,
} from "../storage/message-queue.ts";
import type { JobConsumer, JobHandler, JobQueue } from "./job-queue.ts";
import { formatJobRef, parseJobRef, type JobRef } from "./job.ts";

/** How long a message stays hidden without a word of its holder while a handler runs. */
const HIDDEN_MS = 15_000;
const HEARTBEAT_MS = 5_000;
/** A message that waits shows itself this long after it is due, so that its living holder is always the first. */
const HEAD_START_MS = 250;
const RETRY_AFTER_THROW_MS = 5_000;
/** Between two questions for messages: soon after there were some, later while there are none. */
const FIRST_POLL_MS = 200;
const LONGEST_POLL_MS = 1_000;
const POLL_AFTER_FAILURE_MS = 2_000;
const MOST_RECEIVED = 32;
/** An enqueuing caller waits this long for the queue, which the sweep makes good. */
const SEND_LIMIT_MS = 1_000;
const RELEASE_LIMIT_MS = 2_000;

/** Word to other processes that there is a message, so that they need not wait for their next question. */
export interface MessageNudges {
  nudge(): void;
  onNudge(listener: () => void): () => void;
}

/**
 * Job queue on messages that processes share. State: one entry per job whose message this process holds, in one of
 * - waiting: a timer runs until it is due; the message shows itself to others shortly after;
 * - ready: due, waits for a free place;
 * - running: with its handler, its message kept hidden by a heartbeat. What arrives meanwhile is kept in `againAtMs`.
 * Changes of a message follow one another (`Entry.tail`), because each makes the hold before it worthless. A message that is
 * gone is somebody else's: a waiting entry goes with it, a running one that wants to come again sends a new one. While the
 * queue is away entries keep their times, and no change of theirs is lost that the sweep doesn't make good.
 */
export function createMessageJobQueue(deps: {
  readonly messages: MessageQueue;
  readonly clock: Clock;
  readonly nudges?: MessageNudges;
  readonly onError: (error: unknown, ref: JobRef) => void;
  /** The queue could not be asked; it is asked again. */
  readonly onQueueError: (error: unknown) => void;
}): JobQueue {
  const { messages, clock, nudges, onQueueError } = deps;
  const entries = new Map<string, Entry>();
  const ready: Entry[] = [];
  const sending = new Set<Promise<unknown>>();
  let consumer: { readonly handle: JobHandler; readonly concurrency: number } | undefined;
  let running = 0;
  let onIdle: (() => void) | undefined;
  let isAsking = false;
  let pollDelayMs = FIRST_POLL_MS;
  let cancelPoll: (() => void) | undefined;

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
      if (!entry) break;
      running++;
      entry.isRunning = true;
      void run(entry, consumer.handle);
    }
    if (consumer && !isAsking && cancelPoll === undefined) pollAfter(0);
  }

  /** One change of the entry's message after the other. Resolves to false when the message turned out to be gone. */
  function change(entry: Entry, work: (hold: MessageHold) => Promise<MessageHold | undefined>): Promise<boolean> {
    const turn = entry.tail.then(async () => {
      if (!entry.hold) return false;
      try {
        entry.hold = await work(entry.hold);
        return true;
      } catch (error) {
        if (!(error instanceof MessageGoneError)) {
          onQueueError(error);
          return true;
        }
        entry.hold = undefined;
        return false;
      }
    });
    entry.tail = turn;
    return turn;
  }

  const hide = (entry: Entry, hiddenMs: number): Promise<boolean> =>
    change(entry, (hold) => {
      entry.hiddenUntilMs = clock.monotonicMs() + hiddenMs;
      return messages.hide(hold, hiddenMs);
    });

  const remove = (entry: Entry): Promise<boolean> =>
    change(entry, async (hold) => {
      await messages.delete(hold);
      return undefined;
    });

  /** Sends the entry a message of its own, in its turn. */
  function send(entry: Entry, hiddenMs: number): void {
    const turn = entry.tail.then(async () => {
      try {
        entry.hiddenUntilMs = clock.monotonicMs() + hiddenMs;
        entry.hold = await messages.send(formatJobRef(entry.ref), hiddenMs);
      } catch (error) {
        onQueueError(error);
      }
      return true;
    });
    entry.tail = turn;
  }

  /** Hides the message of an entry that is to run. False when somebody else has it. */
  async function isOurs(entry: Entry): Promise<boolean> {
    // What was received or sent a moment ago is hidden for long enough.
    if (entry.hiddenUntilMs - clock.monotonicMs() > HEARTBEAT_MS || !entry.hold) return true;
    if (await hide(entry, HIDDEN_MS)) return true;
    // A look that ended late has had a new one sent for it: that is not to be given up as the old one is.
    await entry.tail;
    return entry.hold !== undefined && hide(entry, HIDDEN_MS);
  }

  async function run(entry: Entry, handle: JobHandler): Promise<void> {
    if (!(await isOurs(entry))) {
      finish(entry, Infinity);
      return;
    }
    let stopHeartbeat: () => void = () => undefined;
    const beat = (): void => {
      stopHeartbeat = clock.schedule(HEARTBEAT_MS, () => {
        void hide(entry, HIDDEN_MS);
        beat();
      });
    };
    beat();
    let againAtMs = Infinity;
    try {
      const answer = await handle(entry.ref);
      if (answer) againAtMs = clock.now() + answer.againAfterMs;
    } catch (error) {
      deps.onError(error, entry.ref);
      againAtMs = clock.now() + RETRY_AFTER_THROW_MS;
    }
    stopHeartbeat();
    finish(entry, againAtMs);
  }

  function finish(entry: Entry, againAtMs: number): void {
    running--;
    entry.isRunning = false;
    const dueAtMs = Math.min(againAtMs, entry.againAtMs ?? Infinity);
    entry.againAtMs = undefined;
    if (dueAtMs === Infinity) {
      entries.delete(formatJobRef(entry.ref));
      track(remove(entry));
    } else {
      keepFor(entry, dueAtMs);
      schedule(entry, dueAtMs);
    }
    if (running === 0) onIdle?.();
    pump();
  }

  /** Has the message shown to others when the entry is overdue here. */
  function keepFor(entry: Entry, dueAtMs: number): void {
    const hiddenMs = (): number => Math.max(0, dueAtMs - clock.now()) + HEAD_START_MS;
    track(
      hide(entry, hiddenMs()).then((isOurs) => {
        if (!isOurs && entries.get(formatJobRef(entry.ref)) === entry) send(entry, hiddenMs());
      }),
    );
  }

  function track(work: Promise<unknown>): void {
    sending.add(work);
    void work.finally(() => sending.delete(work));
  }

  function accept(message: ReceivedMessage): void {
    let ref: JobRef;
    try {
      ref = parseJobRef(message.text);
    } catch (error) {
      onQueueError(error);
      messages.delete(message).catch(onQueueError);
      return;
    }
    const entry = entries.get(formatJobRef(ref));
    if (!entry) {
      add(ref, clock.now(), message);
      return;
    }
    // The newer of the two: the other may be somebody else's by now.
    track(remove(entry));
    entry.tail = entry.tail.then(() => {
      entry.hold = message;
      return true;
    });
    entry.hiddenUntilMs = clock.monotonicMs() + HIDDEN_MS;
    bringForward(entry, clock.now());
  }

  function add(ref: JobRef, dueAtMs: number, hold?: MessageHold): Entry {
    const hiddenUntilMs = hold ? clock.monotonicMs() + HIDDEN_MS : -Infinity;
    const entry: Entry = { ref, dueAtMs, isRunning: false, hold, hiddenUntilMs, tail: Promise.resolve(true) };
    entries.set(formatJobRef(ref), entry);
    schedule(entry, dueAtMs);
    return entry;
  }

  /** False when it is to be looked at by then anyway. */
  function bringForward(entry: Entry, dueAtMs: number): boolean {
    if (entry.isRunning) {
      if (entry.againAtMs !== undefined && entry.againAtMs <= dueAtMs) return false;
      entry.againAtMs = dueAtMs;
      return false;
    }
    if (!entry.cancelTimer || dueAtMs >= entry.dueAtMs) return false;
    schedule(entry, dueAtMs);
    return true;
  }

  function pollAfter(delayMs: number): void {
    cancelPoll?.();
    cancelPoll = clock.schedule(delayMs, () => {
      cancelPoll = undefined;
      track(poll());
    });
  }

  async function poll(): Promise<void> {
    if (!consumer || isAsking) return;
    const places = Math.min(MOST_RECEIVED, consumer.concurrency - running - ready.length);
    // `pump` asks when a place is free again.
    if (places <= 0) return;
    isAsking = true;
    let delayMs = POLL_AFTER_FAILURE_MS;
    try {
      const received = await messages.receive(places, HIDDEN_MS);
      for (const message of received) accept(message);
      pollDelayMs = received.length > 0 ? FIRST_POLL_MS : Math.min(LONGEST_POLL_MS, pollDelayMs * 2);
      delayMs = received.length === places ? 0 : pollDelayMs;
    } catch (error) {
      onQueueError(error);
    }
    isAsking = false;
    if (consumer) pollAfter(delayMs);
  }

  async function release(): Promise<void> {
    const held = [...entries.values()];
    entries.clear();
    ready.length = 0;
    for (const entry of held) {
      entry.cancelTimer?.();
      track(hide(entry, Math.max(0, entry.dueAtMs - clock.now())));
    }
    const limit = new AbortController();
    const late = clock.sleep(RELEASE_LIMIT_MS, limit.signal);
    await Promise.race([Promise.allSettled(sending), late]);
    limit.abort();
  }

  async function stop(stopNudges: (() => void) | undefined): Promise<void> {
    consumer = undefined;
    stopNudges?.();
    cancelPoll?.();
    if (running > 0) await new Promise<void>((resolve) => (onIdle = resolve));
    await release();
  }

  /** To whoever receives it. */
  async function sendToAll(ref: JobRef, delayMs: number): Promise<void> {
    const sent = messages.send(formatJobRef(ref), delayMs).then(() => nudges?.nudge(), onQueueError);
    track(sent);
    const limit = new AbortController();
    await Promise.race([sent, clock.sleep(SEND_LIMIT_MS, limit.signal)]);
    limit.abort();
  }

  return {
    async enqueue(ref, delayMs) {
      const dueAtMs = clock.now() + delayMs;
      const entry = entries.get(formatJobRef(ref));
      if (entry) {
        if (bringForward(entry, dueAtMs)) keepFor(entry, dueAtMs);
      } else if (consumer && running + ready.length < consumer.concurrency) {
        send(add(ref, dueAtMs), delayMs + HIDDEN_MS);
      } else {
        await sendToAll(ref, delayMs);
      }
    },
    consume(handle, { concurrency }): JobConsumer {
      if (consumer) throw new Error("The queue has a consumer in this process already.");
      consumer = { handle, concurrency };
      pollAfter(0);
      const stopNudges = nudges?.onNudge(() => {
        if (cancelPoll) pollAfter(0);
      });
      let stopped: Promise<void> | undefined;
      return { stop: () => (stopped ??= stop(stopNudges)) };
    },
  };
}

interface Entry {
  readonly ref: JobRef;
  dueAtMs: number;
  isRunning: boolean;
  againAtMs?: number | undefined;
  cancelTimer?: (() => void) | undefined;
  /** Undefined while it has no message: not sent yet, or gone. */
  hold: MessageHold | undefined;
  hiddenUntilMs: number;
  tail: Promise<boolean>;
}

import { MessageGoneError, QueueUnavailableError, type MessageHold, type MessageQueue } from "./message-queue.ts";

interface Message {
  readonly text: string;
  receipt: number;
  visibleAtMs: number;
}

/** A message queue on a clock of the test, with what can happen to one. Any number of processes may share it. */
export interface MemoryMessageQueue extends MessageQueue {
  isUnavailable: boolean;
  /** As somebody does who clears the queue. */
  wipe(): void;
  /** When each message shows itself, soonest first. */
  visibleAtMs(): readonly number[];
  /** How often it was asked for something. */
  requests: number;
}

export function createMemoryMessageQueue(clock: { now(): number }): MemoryMessageQueue {
  const messages = new Map<string, Message>();
  let nextId = 1;
  let nextReceipt = 1;
  const held = ({ id, receipt }: MessageHold): Message => {
    const message = messages.get(id);
    if (!message || String(message.receipt) !== receipt) throw new MessageGoneError();
    return message;
  };
  const hideUntil = (id: string, message: Message, hiddenMs: number): MessageHold => {
    message.receipt = nextReceipt++;
    // As the service does: for whole seconds.
    message.visibleAtMs = clock.now() + Math.ceil(hiddenMs / 1000) * 1000;
    return { id, receipt: String(message.receipt) };
  };
  const asked = (): void => {
    queue.requests++;
    if (queue.isUnavailable) throw new QueueUnavailableError("The queue is out.");
  };
  const queue: MemoryMessageQueue = {
    isUnavailable: false,
    requests: 0,
    wipe: () => messages.clear(),
    visibleAtMs: () => [...messages.values()].map((message) => message.visibleAtMs).sort((a, b) => a - b),
    async send(text, hiddenMs) {
      asked();
      const id = String(nextId++);
      const message = { text, receipt: 0, visibleAtMs: 0 };
      messages.set(id, message);
      return hideUntil(id, message, hiddenMs);
    },
    async receive(limit, hiddenMs) {
      asked();
      return [...messages]
        .filter(([, message]) => message.visibleAtMs <= clock.now())
        .slice(0, limit)
        .map(([id, message]) => ({ ...hideUntil(id, message, hiddenMs), text: message.text }));
    },
    async hide(hold, hiddenMs) {
      asked();
      return hideUntil(hold.id, held(hold), hiddenMs);
    },
    async delete(hold) {
      asked();
      held(hold);
      messages.delete(hold.id);
    },
  };
  return queue;
}

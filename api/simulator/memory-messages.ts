import { MessageGoneError, type MessageHold, type ReceivedMessage } from "../src/storage/message-queue.ts";

/**
 * A message queue in memory whose calls take effect at once. State: messages by id, each with the receipt of who held it last.
 * `message-queue.contract.ts` holds it to the port.
 */
export interface MemoryMessages {
  send(text: string, hiddenMs: number): MessageHold;
  receive(limit: number, hiddenMs: number): readonly ReceivedMessage[];
  /** @throws MessageGoneError */
  hide(hold: MessageHold, hiddenMs: number): MessageHold;
  /** @throws MessageGoneError */
  delete(hold: MessageHold): void;
  /** Drops every message, as somebody does who clears the queue. */
  wipe(): void;
  /** Shows every message once more, as a second one; a second one is not doubled again, or their number would run away. */
  double(): void;
  /** Drops what was sent longer ago than this. */
  expire(afterMs: number): void;
}

interface Message {
  readonly text: string;
  readonly sentAtMs: number;
  readonly isSecond: boolean;
  receipt: number;
  visibleAtMs: number;
}

export function createMemoryMessages(nowMs: () => number): MemoryMessages {
  const messages = new Map<string, Message>();
  let nextId = 1;
  let nextReceipt = 1;
  const held = ({ id, receipt }: MessageHold): Message => {
    const message = messages.get(id);
    if (!message || String(message.receipt) !== receipt) throw new MessageGoneError();
    return message;
  };
  const hideFor = (id: string, message: Message, hiddenMs: number): MessageHold => {
    message.receipt = nextReceipt++;
    // As the service does: for whole seconds.
    message.visibleAtMs = nowMs() + Math.ceil(hiddenMs / 1000) * 1000;
    return { id, receipt: String(message.receipt) };
  };
  const add = (text: string, hiddenMs: number, isSecond = false): MessageHold => {
    const id = String(nextId++);
    const message = { text, sentAtMs: nowMs(), isSecond, receipt: 0, visibleAtMs: 0 };
    messages.set(id, message);
    return hideFor(id, message, hiddenMs);
  };
  return {
    send: (text, hiddenMs) => add(text, hiddenMs),
    receive: (limit, hiddenMs) =>
      [...messages]
        .filter(([, message]) => message.visibleAtMs <= nowMs())
        .slice(0, limit)
        .map(([id, message]) => ({ ...hideFor(id, message, hiddenMs), text: message.text })),
    hide: (hold, hiddenMs) => hideFor(hold.id, held(hold), hiddenMs),
    delete(hold) {
      held(hold);
      messages.delete(hold.id);
    },
    wipe: () => messages.clear(),
    double() {
      for (const { text, isSecond } of [...messages.values()]) if (!isSecond) add(text, 0, true);
    },
    expire(afterMs) {
      for (const [id, { sentAtMs }] of messages) if (nowMs() - sentAtMs > afterMs) messages.delete(id);
    },
  };
}

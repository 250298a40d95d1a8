import { AppError } from "../shared/app-error.ts";

/**
 * PORT: messages that hide. Its semantics are those of Azure Storage queues
 * (https://learn.microsoft.com/rest/api/storageservices/queue-service-concepts): whoever receives a message hides it for a
 * while; it is there again afterwards unless it was deleted. A message may come more than once and in any order, and never
 * expires. Times are real milliseconds; an adapter may round them up to whole seconds.
 */
export interface MessageQueue {
  /** Adds a message that shows itself after `hiddenMs`; until then the sender holds it, as if it had received it. */
  send(text: string, hiddenMs: number): Promise<MessageHold>;
  /** Up to `limit` (at most 32) messages that show themselves, hidden from everybody else for `hiddenMs`. */
  receive(limit: number, hiddenMs: number): Promise<readonly ReceivedMessage[]>;
  /**
   * Hides a held message for `hiddenMs` from now; the hold given is no longer good.
   * @throws MessageGoneError when it is deleted, or somebody else has received it.
   */
  hide(hold: MessageHold, hiddenMs: number): Promise<MessageHold>;
  /** @throws MessageGoneError as `hide` does. */
  delete(hold: MessageHold): Promise<void>;
}

/** What lets its holder, and nobody else, change a message. */
export interface MessageHold {
  readonly id: string;
  readonly receipt: string;
}

export interface ReceivedMessage extends MessageHold {
  readonly text: string;
}

export class MessageGoneError extends AppError {
  constructor(options?: ErrorOptions) {
    super("MESSAGE_GONE", "The message is deleted or held by somebody else.", options);
  }
}

/** The queue can't be reached. What was asked for may have happened. */
export class QueueUnavailableError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("QUEUE_UNAVAILABLE", message, options);
  }
}

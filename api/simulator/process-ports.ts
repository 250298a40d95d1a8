import { StoreUnavailableError, type EntityChange, type EntityStore } from "../src/storage/entity-store.ts";
import { QueueUnavailableError, type MessageQueue } from "../src/storage/message-queue.ts";
import type { MemoryMessages } from "./memory-messages.ts";
import { toEntityTable, type MemoryTables } from "./memory-tables.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

/** The shared tables as one process reaches them. */
export function reachTables(process: SimulatedProcess, tables: MemoryTables): EntityStore {
  const call = <T>(what: string, isWrite: boolean, effect: () => T): Promise<T> =>
    process.call({
      port: "table",
      what,
      isWrite,
      effect,
      refusal: () => new StoreUnavailableError("The store refuses."),
      lostReply: () => new StoreUnavailableError("The reply of the store got lost."),
    });
  return {
    table: (name) =>
      toEntityTable({
        get: (key) => call(`get ${name} ${key.rowKey}`, false, () => tables.get(name, key)),
        list: (range) => call(`list ${name} ${range.partitionKey}`, false, () => tables.list(name, range)),
        write: (partitionKey, changes) =>
          call(`write ${name} ${changes.map(describe).join(", ")}`, true, () =>
            tables.write(name, partitionKey, changes, process.name),
          ),
      }),
    ping: async () => undefined,
    close: async () => undefined,
  };
}

function describe(change: EntityChange): string {
  return `${change.kind} ${change.kind === "delete" ? change.key.rowKey : change.entity.rowKey}`;
}

/** The shared queue as one process reaches it. */
export function reachQueue(process: SimulatedProcess, queue: MemoryMessages): MessageQueue {
  const call = <T>(what: string, isWrite: boolean, effect: () => T): Promise<T> =>
    process.call({
      port: "queue",
      what,
      isWrite,
      effect,
      refusal: () => new QueueUnavailableError("The queue refuses."),
      lostReply: () => new QueueUnavailableError("The reply of the queue got lost."),
    });
  return {
    send: (text, hiddenMs) => call(`send ${text} ${hiddenMs}`, true, () => queue.send(text, hiddenMs)),
    receive: (limit, hiddenMs) => call("receive", true, () => queue.receive(limit, hiddenMs)),
    hide: (hold, hiddenMs) => call(`hide ${hold.id} ${hiddenMs}`, true, () => queue.hide(hold, hiddenMs)),
    delete: (hold) => call(`delete ${hold.id}`, true, () => queue.delete(hold)),
  };
}

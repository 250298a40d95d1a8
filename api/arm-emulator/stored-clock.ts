import type { DatabaseSync } from "node:sqlite";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

const DEFAULT_SPEED = 10;
/** How much virtual time, as real time, a killed process may forget. */
const STORE_INTERVAL_MS = 250;

/** The clock whose stand and speed outlive the process: time stands still while no emulator runs. */
export type StoredClock = VirtualClock & {
  /** Nothing was stored before: a new world. */
  readonly isNew: boolean;
  /** Writes the stand; called with every transaction, so that no time that a client has seen comes twice. */
  store(): void;
  /** Stores now and then even when nobody asks anything, and calls `andThen` each time. Returns the function that ends it. */
  keepStoring(andThen: () => void): () => void;
};

/** @param speed beats the stored one; without either it is 10 */
export function createStoredClock(database: DatabaseSync, speed: number | undefined): StoredClock {
  database.exec("CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), now_ms INTEGER, speed REAL)");
  const stored = database.prepare("SELECT now_ms, speed FROM clock").get();
  const upsert = database.prepare("INSERT OR REPLACE INTO clock VALUES (1, ?, ?)");
  const clock = createVirtualClock(
    stored ? Number(stored["now_ms"]) : Date.now(),
    speed ?? (stored ? Number(stored["speed"]) : DEFAULT_SPEED),
  );
  const store = (): void => {
    upsert.run(clock.now(), clock.speed());
  };

  return {
    ...clock,
    isNew: stored === undefined,
    store,
    keepStoring(andThen) {
      const timer = setInterval(() => {
        store();
        andThen();
      }, STORE_INTERVAL_MS).unref();
      return () => clearInterval(timer);
    },
  };
}

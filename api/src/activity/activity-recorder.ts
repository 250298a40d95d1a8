import { v7 as uuidV7 } from "uuid";
import type { Viewer } from "../auth/viewer.ts";
import type { ChangeHints } from "../events/change-hints.ts";
import type { Clock } from "../shared/clock.ts";
import type { ActivityAction } from "./activity-action.ts";
import type { ActivityStore } from "./activity-store.ts";
import { newIntent, type ActivityEnding, type ActivityIntent, type ActivityTarget } from "./activity.ts";

export const ACTIVITY_TOPIC = "activity";

const SETTLE_EVERY_MS = 60_000;
const INTENTS_PER_PASS = 100;
const UNKNOWN: ActivityEnding = {
  outcome: "UNKNOWN",
  message: "Slipway ended while it did this, and does not know what came of it. Look at what it was done to.",
  started: [],
};

/** Something that is being done. */
export interface OpenActivity {
  /**
   * What came of it; undefined when there is nothing to tell. Never rejects: what can't be stored now is stored later,
   * with this ending while the process lives, as UNKNOWN when it does not.
   */
  end(ending: ActivityEnding | undefined): Promise<void>;
}

/**
 * Records what is done. State of an act: none → intended (`begin`, before the act) → entry (`end`, after it), or gone when
 * there is nothing to tell. An intent that nobody will end, because its process died, becomes an entry with the outcome
 * UNKNOWN, at the start or within a minute.
 */
export interface ActivityRecorder {
  /** Whoever can't store the intent must not act. @throws StoreUnavailableError */
  begin(viewer: Viewer, action: ActivityAction, target: ActivityTarget, address?: string): Promise<OpenActivity>;
  /** Resolves after the first pass over what was left behind. Never rejects. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createActivityRecorder(deps: {
  readonly store: ActivityStore;
  readonly hints: ChangeHints;
  readonly clock: Clock;
  /** How old an intent of another process is before nobody will end it; 0 where there is no other. */
  readonly abandonedAfterMs: number;
  /** An entry could not be stored; it is tried again. */
  readonly onError: (error: unknown) => void;
}): ActivityRecorder {
  const { store, clock } = deps;
  /** Intents of this process, each with its ending once that is known. */
  const open = new Map<string, ActivityEnding | undefined>();
  let settling: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let cancelTimer: (() => void) | undefined;

  /** One after the other: all of them write the same row. */
  function settle(intent: ActivityIntent, ending: ActivityEnding): Promise<void> {
    const turn = settling.then(async () => {
      await store.settle(intent, ending);
      open.delete(intent.id);
      // Readers take entries and their sequences from the store.
      deps.hints.publish(ACTIVITY_TOPIC, { sequence: 0 });
    });
    settling = turn.catch(() => undefined);
    return turn;
  }

  async function settleLeftBehind(): Promise<void> {
    for (const intent of await store.listIntents(INTENTS_PER_PASS)) {
      const ending = open.get(intent.id);
      const isAbandoned = !open.has(intent.id) && clock.now() - Date.parse(intent.at) >= deps.abandonedAfterMs;
      if (ending) await settle(intent, ending);
      else if (isAbandoned) await settle(intent, UNKNOWN);
    }
  }

  async function pass(): Promise<void> {
    await settleLeftBehind().catch(deps.onError);
    if (!stopped) cancelTimer = clock.schedule(SETTLE_EVERY_MS, () => void (passing = pass()));
  }
  let passing: Promise<void> = Promise.resolve();

  return {
    async begin(viewer, action, target, address) {
      const intent = newIntent(uuidV7(), viewer, action, target, clock.now(), address);
      open.set(intent.id, undefined);
      try {
        await store.intend(intent);
      } catch (error) {
        open.delete(intent.id);
        throw error;
      }
      return {
        async end(ending) {
          try {
            if (ending) {
              open.set(intent.id, ending);
              await settle(intent, ending);
            } else {
              await store.forget(intent.id);
              open.delete(intent.id);
            }
          } catch (error) {
            if (!ending) open.delete(intent.id);
            deps.onError(error);
          }
        },
      };
    },
    start() {
      passing = pass();
      return passing;
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      await passing;
      await settling;
    },
  };
}

import type { Clock } from "../shared/clock.ts";
import { JobOvertakenError, whileOwned, type JobStore, type StoredJob } from "./job-store.ts";

export const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5_000;
const RETRY_EVERY_MS = 1_000;
/** What a look does must be over before its lease is, also when the word to stop takes a while to reach Azure's client. */
const MARGIN_MS = 2_000;

/**
 * A claim while its look runs. State: held → renewed every five seconds … → ended, or lost: overtaken, or not renewed in time
 * by a clock that nobody sets. The process may have been paused meanwhile: its first timer afterwards finds the claim lost
 * before anything else is sent. So does `holdClaim` itself when the claim was acknowledged too late to be worth anything.
 */
export interface HeldClaim {
  /** As last written by this claim. */
  job(): StoredJob;
  /** Aborts when the claim is lost: somebody else may look from now on. */
  readonly lost: AbortSignal;
  end(): void;
}

export function holdClaim(deps: {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly claimed: StoredJob;
  /** `Clock.monotonicMs` from before the claim was written. */
  readonly claimedAtMs: number;
}): HeldClaim {
  const { store, clock, claimed } = deps;
  const { owner } = claimed.record.lease ?? { owner: "" };
  const losing = new AbortController();
  let job = claimed;
  let renewedAtMs = deps.claimedAtMs;
  let isEnded = false;
  let cancelTimer: () => void = () => undefined;

  const ageMs = (): number => clock.monotonicMs() - renewedAtMs;
  const isOver = (): boolean => ageMs() > LEASE_MS - MARGIN_MS;

  async function renew(): Promise<void> {
    const startedAtMs = clock.monotonicMs();
    const untilMs = clock.now() + LEASE_MS;
    const renewed = await store.write(
      job,
      whileOwned(claimed.record, (record) => ({ ...record, lease: { owner, untilMs } })),
    );
    job = renewed;
    renewedAtMs = startedAtMs;
  }

  function beat(): void {
    if (isEnded) return;
    if (isOver()) {
      losing.abort(new Error("The lease of the look could not be renewed in time."));
      return;
    }
    // Not waited for: a store that hangs must not keep the claim from being found lost.
    void renew().catch((error: unknown) => {
      if (error instanceof JobOvertakenError && !isEnded) losing.abort(error);
    });
    beatAfter(ageMs() < RENEW_EVERY_MS + RETRY_EVERY_MS ? RENEW_EVERY_MS : RETRY_EVERY_MS);
  }

  function beatAfter(delayMs: number): void {
    cancelTimer = clock.schedule(delayMs, beat);
  }

  if (isOver()) beat();
  else beatAfter(Math.max(0, RENEW_EVERY_MS - ageMs()));

  return {
    job: () => job,
    lost: losing.signal,
    end() {
      isEnded = true;
      cancelTimer();
    },
  };
}

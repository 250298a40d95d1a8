import type { Clock } from "../shared/clock.ts";

/**
 * Runs `work` with a signal that aborts after `limitMs`, or when `stop` does. Work that doesn't end within `abandonAfterMs` of
 * that is left behind and its outcome ignored, so that a call that never returns can't keep its caller.
 * @throws the signal's reason when the work was left behind; what the work throws otherwise.
 */
export async function runLimited<T>(
  options: {
    readonly clock: Clock;
    readonly stop: AbortSignal;
    readonly limitMs: number;
    readonly abandonAfterMs: number;
  },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, stop } = options;
  const limit = new AbortController();
  const left = Promise.withResolvers<never>();
  let cancelAbandon: (() => void) | undefined;
  const abort = (reason: string): void => {
    if (limit.signal.aborted) return;
    limit.abort(new Error(reason));
    cancelAbandon = clock.schedule(options.abandonAfterMs, () => left.reject(limit.signal.reason));
  };
  const onStop = (): void => abort("The process stops.");
  const cancelLimit = clock.schedule(options.limitMs, () => abort(`It took longer than ${options.limitMs / 1000} s.`));
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  try {
    return await Promise.race([work(limit.signal), left.promise]);
  } finally {
    cancelLimit();
    cancelAbandon?.();
    stop.removeEventListener("abort", onStop);
  }
}

import type { Clock } from "../shared/clock.ts";

/** Everything that is asked of Azure before a request is answered must come within this time, or goes unasked. */
export const ASK_AZURE_LIMIT_MS = 700;

/** Gives an answer, or undefined when it does not come in time or is an error. */
export type InTime = <T>(answer: Promise<T>) => Promise<T | undefined>;

/** One deadline, from now, for all that a request asks of Azure, however many questions there are. */
export function createAzureDeadline(clock: Clock): InTime {
  const untilMs = clock.monotonicMs() + ASK_AZURE_LIMIT_MS;
  return async (answer) => {
    const answered = new AbortController();
    const timeUp = clock.sleep(Math.max(0, untilMs - clock.monotonicMs()), answered.signal).then(() => undefined);
    try {
      return await Promise.race([answer, timeUp]);
    } catch {
      // Azure's refusal of a mere check is no verdict: the job asks again and knows how to wait.
      return undefined;
    } finally {
      answered.abort();
    }
  };
}

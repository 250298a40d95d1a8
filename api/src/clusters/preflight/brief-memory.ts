import type { Clock } from "../../shared/clock.ts";

const MOST_ENTRIES = 500;

/** Asks, or gives what was answered not long ago; callers who ask for the same at once share the request. */
export type Remember = <T>(key: string, freshMs: number, ask: () => Promise<T>) => Promise<T>;

/**
 * Answers that change, remembered for seconds, so that typing in a form does not ask Azure for the same again and again.
 * State of one entry: being asked for → fresh → forgotten. A failure is not remembered.
 */
export function createBriefMemory(clock: Clock): Remember {
  const entries = new Map<string, { readonly answer: Promise<unknown>; freshUntilMs: number }>();

  function forgetOld(): void {
    for (const [key, { freshUntilMs }] of entries)
      if (freshUntilMs <= clock.monotonicMs() || entries.size > MOST_ENTRIES) entries.delete(key);
  }

  return <T>(key: string, freshMs: number, ask: () => Promise<T>): Promise<T> => {
    const known = entries.get(key);
    if (known && known.freshUntilMs > clock.monotonicMs()) return known.answer as Promise<T>;
    forgetOld();
    const answer = ask();
    const entry = { answer, freshUntilMs: Number.POSITIVE_INFINITY };
    entries.set(key, entry);
    answer.then(
      () => {
        entry.freshUntilMs = clock.monotonicMs() + freshMs;
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return answer;
  };
}

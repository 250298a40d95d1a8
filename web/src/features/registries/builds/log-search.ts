import type { BuildLog } from "./build-log.ts";

/** Searches one log again and again, while it grows and while words are typed on. */
export interface LogSearch {
  /** Indexes of the lines that have these words in them, whatever the case. The same array while they are the same. */
  find(log: Pick<BuildLog, "lines" | "lineCount">, words: string): readonly number[];
}

interface Answer {
  readonly lines: BuildLog["lines"];
  readonly lineCount: number;
  readonly wanted: string;
  readonly found: readonly number[];
}

const NOTHING: readonly number[] = [];

/**
 * Remembers the last answer alone. Lines that have come since are looked at in addition; words that have the earlier ones in them can stand nowhere
 * but where those stood. Everything else looks at every line.
 */
export function createLogSearch(): LogSearch {
  let last: Answer | undefined;

  function isFurther(answer: Answer, { lines, lineCount }: Pick<BuildLog, "lines" | "lineCount">, wanted: string) {
    return answer.lines === lines && answer.lineCount <= lineCount && wanted.includes(answer.wanted);
  }

  return {
    find(log, words) {
      const { lines, lineCount } = log;
      const wanted = words.toLowerCase();
      if (wanted === "") return NOTHING;
      const has = (index: number) => lines[index]?.text.toLowerCase().includes(wanted) === true;
      const known = last && isFurther(last, log, wanted) ? last : { wanted, lineCount: 0, found: NOTHING };
      const kept = known.wanted === wanted ? known.found : known.found.filter(has);
      const added: number[] = [];
      for (let index = known.lineCount; index < lineCount; index += 1) if (has(index)) added.push(index);
      const found = added.length === 0 ? kept : [...kept, ...added];
      last = { lines, lineCount, wanted, found };
      return found;
    },
  };
}

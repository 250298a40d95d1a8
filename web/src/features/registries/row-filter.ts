import { parseStateFilter, type StateFilter } from "./repository-words.ts";

export interface RowFilter {
  words: string;
  state: StateFilter;
}

export const NO_FILTER: RowFilter = { words: "", state: "all" };

/** Reads a filter from the query of a page's address. */
export function parseRowFilter(query: { q?: string | string[]; state?: string | string[] }): RowFilter {
  return {
    words: typeof query.q === "string" ? query.q : "",
    state: parseStateFilter(typeof query.state === "string" ? query.state : undefined),
  };
}

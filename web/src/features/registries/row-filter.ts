import type { RowOrder } from "./repository-list.ts";
import { parseStateFilter, type StateFilter } from "./repository-words.ts";

/** Which repositories are shown, and in what order. */
export interface RowFilter {
  words: string;
  state: StateFilter;
  order: RowOrder;
}

export const ROW_ORDERS: readonly { value: RowOrder; label: string }[] = [
  { value: "newest", label: "Newest first" },
  { value: "name", label: "By name" },
];

/** Reads a filter from the query of a page's address. */
export function parseRowFilter(query: Partial<Record<"q" | "state" | "sort", string | string[]>>): RowFilter {
  return {
    words: typeof query.q === "string" ? query.q : "",
    state: parseStateFilter(typeof query.state === "string" ? query.state : undefined),
    order: parseRowOrder(query.sort),
  };
}

export function parseRowOrder(text: unknown): RowOrder {
  return text === "name" ? "name" : "newest";
}

"use client";

import { useState } from "react";
import type { RowFilter } from "./row-filter.ts";

/** The filter of the table, kept in the page's address so that a link shows the same rows. */
export function useRowFilter(initial: RowFilter): readonly [RowFilter, (part: Partial<RowFilter>) => void] {
  const [filter, setFilter] = useState(initial);
  function change(part: Partial<RowFilter>) {
    const next = { ...filter, ...part };
    setFilter(next);
    const query = new URLSearchParams(window.location.search);
    setOrDelete(query, "q", next.words.trim());
    setOrDelete(query, "state", next.state === "all" ? "" : next.state);
    setOrDelete(query, "sort", next.order === "newest" ? "" : next.order);
    const text = query.toString();
    window.history.replaceState(window.history.state, "", `${window.location.pathname}${text && `?${text}`}`);
  }
  return [filter, change];
}

function setOrDelete(query: URLSearchParams, name: string, value: string): void {
  if (value === "") query.delete(name);
  else query.set(name, value);
}

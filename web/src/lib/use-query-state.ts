"use client";

import { useState } from "react";

/**
 * Texts that stand in the page's address under their names, so that it can be shared and survives a refresh. `initial` is what the server
 * read there. An empty one is left out; the rest of the address stays as it is.
 */
export function useQueryState<Values extends Record<string, string>>(
  initial: Values,
): readonly [Values, (part: Partial<Values>) => void] {
  const [values, setValues] = useState(initial);
  function change(part: Partial<Values>) {
    setValues({ ...values, ...part });
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(part)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    window.history.replaceState(window.history.state, "", url);
  }
  return [values, change];
}

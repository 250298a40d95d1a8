"use client";

import { createContext, type ReactNode, useContext } from "react";

const ReadOnlyContext = createContext<string | undefined>(undefined);

/** Turns off every action below it, each of which says `reason`; undefined turns off none. */
export function ReadOnly({ reason, children }: { reason: string | undefined; children: ReactNode }) {
  return <ReadOnlyContext value={reason}>{children}</ReadOnlyContext>;
}

/** Why nothing can be begun or changed here; undefined when it can. */
export function useReadOnlyReason(): string | undefined {
  return useContext(ReadOnlyContext);
}

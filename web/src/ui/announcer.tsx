"use client";

import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const AnnounceContext = createContext<(message: string) => void>(() => undefined);

/** Holds the page's one polite live region. It is in the document from the first paint, since a region that comes with its message is not read. */
export function Announcer({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState({ message: "", count: 0 });
  const announce = useCallback((message: string) => setSpoken((last) => ({ message, count: last.count + 1 })), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div role="status" aria-live="polite" aria-atomic="true" className="sr-only" data-testid="announcements">
        {/* The same message twice is news twice: the trailing space makes it a change. */}
        {spoken.message + (spoken.count % 2 === 0 ? "" : "\u00a0")}
      </div>
    </AnnounceContext>
  );
}

/** Says a message to screen readers, politely. For milestones, not for each percent. */
export function useAnnounce(): (message: string) => void {
  return useContext(AnnounceContext);
}

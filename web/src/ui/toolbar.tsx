import type { ReactNode } from "react";

interface ToolbarProps {
  /** What is searched here; left out where only a part of the bar searches. */
  searches?: string;
  children: ReactNode;
}

/** The bar between the head of a card and its list: what is shown of it, and how. */
export function Toolbar({ searches, children }: ToolbarProps) {
  return (
    <div
      role={searches === undefined ? undefined : "search"}
      aria-label={searches}
      className="flex flex-wrap items-center gap-2 border-b border-line px-[18px] py-2.5 max-sm:px-4"
    >
      {children}
    </div>
  );
}

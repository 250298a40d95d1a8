import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface CardProps {
  title?: string;
  /** Beside the title, to its right. */
  beside?: ReactNode;
  /** At the far end of the head. */
  aside?: ReactNode;
  /** No inner padding: for tables that reach the edges. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A surface with a heading. A titled card is a region that screen readers can jump to. */
export function Card({ title, beside, aside, flush = false, className, children }: CardProps) {
  return (
    <section
      aria-label={title}
      className={classNames("rounded-card border border-line bg-surface shadow-card", className)}
    >
      {title && (
        <div className="flex min-h-[50px] flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-[18px] py-2.5 max-sm:px-4">
          <h2>{title}</h2>
          {beside}
          {aside && <div className="ml-auto text-[12.5px] text-text-3">{aside}</div>}
        </div>
      )}
      <div className={flush ? "" : "p-[18px] max-sm:px-4"}>{children}</div>
    </section>
  );
}

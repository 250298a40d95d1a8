"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, useId } from "react";
import { classNames } from "../../ui/class-names.ts";
import { InternalLink } from "../../ui/internal-link.tsx";

interface SectionLinkProps {
  href: string;
  /** Beginnings of the addresses that belong to this section. */
  within: readonly string[];
  children: ReactNode;
}

/** A link of the main navigation that shows whether one is there, or somewhere below. */
export function SectionLink({ href, within, children }: SectionLinkProps) {
  const path = usePathname();
  const isInside = path === href || within.some((start) => path.startsWith(start));
  return (
    <InternalLink
      href={href}
      aria-current={path === href ? "page" : isInside ? "true" : undefined}
      className={classNames(
        "rounded-control px-3 py-1.5 max-sm:px-2",
        isInside ? "bg-accent-soft font-semibold text-accent" : "text-text-2 hover:bg-neutral-soft hover:text-text",
      )}
    >
      {children}
    </InternalLink>
  );
}

/** A section that is there, and not for whoever looks: it keeps its place and the focus, says why, and leads nowhere. */
export function ClosedSection({ reason, children }: { reason: string; children: ReactNode }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        aria-disabled="true"
        aria-describedby={id}
        title={reason}
        className="cursor-default rounded-control px-3 py-1.5 text-text-3 max-sm:px-2"
      >
        {children}
      </button>
      <span id={id} className="sr-only">
        {reason}
      </span>
    </>
  );
}

"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
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

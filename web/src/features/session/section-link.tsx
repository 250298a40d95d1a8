"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { InternalLink } from "../../ui/internal-link.tsx";

/** A link of the main navigation that shows whether one is there. Pages below the home page belong to it. */
export function SectionLink({ href, children }: { href: string; children: ReactNode }) {
  const isCurrentPage = usePathname() === href;
  return (
    <InternalLink
      href={href}
      aria-current={isCurrentPage ? "page" : "true"}
      className="rounded-control bg-accent-soft px-3 py-1.5 font-semibold text-accent"
    >
      {children}
    </InternalLink>
  );
}

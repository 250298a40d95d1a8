import { ExternalLink as ExternalIcon } from "lucide-react";
import type { ReactNode } from "react";

/** A link that leaves Slipway, in a tab of its own. */
export function ExternalLink({
  href,
  className = "link",
  children,
}: {
  href: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={`${className} inline-flex min-h-6 items-center gap-1.5`}>
      {children}
      <ExternalIcon size={13} aria-hidden="true" className="shrink-0" />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  );
}

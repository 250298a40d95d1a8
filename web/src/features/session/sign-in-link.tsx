"use client";

import { usePathname, useSearchParams } from "next/navigation";
import type { MouseEvent } from "react";
import { resolveSameHost } from "../../config/api-address.ts";
import { routes } from "../../lib/routes.ts";
import { buttonClass } from "../../ui/button.tsx";

/** Leads to the provider and back to this page. */
export function SignInLink({ apiUrl, children }: { apiUrl: string; children: string }) {
  const pathname = usePathname();
  const query = useSearchParams();
  const here = pathname === routes.signIn() ? routes.home() : `${pathname}${query.size > 0 ? `?${query}` : ""}`;
  const href = `${apiUrl}/auth/sign-in?returnTo=${encodeURIComponent(here)}`;

  function go(event: MouseEvent<HTMLAnchorElement>) {
    event.preventDefault();
    window.location.assign(resolveSameHost(href, window.location.hostname) + encodeURIComponent(window.location.hash));
  }

  return (
    <a href={href} onClick={go} className={buttonClass("primary")}>
      {children}
    </a>
  );
}

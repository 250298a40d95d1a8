import type { ReactNode } from "react";
import { routes } from "../../lib/routes.ts";
import { InternalLink } from "../../ui/internal-link.tsx";
import { Mark } from "../../ui/mark.tsx";
import { ConnectionPill } from "./connection-pill.tsx";
import { HealthLink } from "./health-link.tsx";
import { ModePill } from "./mode-pill.tsx";
import { SectionLink } from "./section-link.tsx";
import { ThemeMenu } from "./theme-menu.tsx";
import type { Theme } from "./theme.ts";
import { ViewerMenu } from "./viewer-menu.tsx";

/** The bar at the top of every page: where one is, whether it is live, which Azure it is. */
export function AppHeader({ theme }: { theme: Theme }) {
  return (
    <header className="sticky top-0 z-20 flex h-[52px] items-center gap-3 border-b border-line bg-surface px-3.5 max-sm:h-auto max-sm:flex-wrap max-sm:gap-y-0.5 max-sm:py-1.5 sm:gap-5 sm:px-6">
      <InternalLink
        href={routes.home()}
        className="flex min-h-8 items-center gap-[9px] rounded-control text-[15px] font-semibold"
      >
        <Mark />
        <span>Slipway</span>
      </InternalLink>
      <nav aria-label="Main" className="flex gap-1 max-sm:-ml-2 max-sm:text-[13px] max-sm:order-last max-sm:basis-full">
        <SectionLink href={routes.home()} within={["/clusters", "/provisions"]}>
          Clusters
        </SectionLink>
        <SectionLink href={routes.registries()} within={["/registries", "/builds"]}>
          Registries
        </SectionLink>
        <SectionLink href={routes.activity()} within={["/activity"]}>
          Activity
        </SectionLink>
        <HealthLink />
      </nav>
      <Pills>
        <ConnectionPill />
        <ModePill />
        <ThemeMenu initial={theme} />
        <ViewerMenu />
      </Pills>
    </header>
  );
}

function Pills({ children }: { children: ReactNode }) {
  return <div className="ml-auto flex items-center gap-2 sm:gap-3">{children}</div>;
}

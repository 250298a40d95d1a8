import type { ReactNode } from "react";
import { routes } from "../../lib/routes.ts";
import { InternalLink } from "../../ui/internal-link.tsx";
import { ConnectionPill } from "./connection-pill.tsx";
import { ModePill } from "./mode-pill.tsx";
import { SectionLink } from "./section-link.tsx";
import type { AzureMode } from "./session-documents.ts";
import { ThemeMenu } from "./theme-menu.tsx";
import type { Theme } from "./theme.ts";

interface AppHeaderProps {
  azureMode: AzureMode | undefined;
  theme: Theme;
}

/** The bar at the top of every page: where one is, whether it is live, which Azure it is. */
export function AppHeader({ azureMode, theme }: AppHeaderProps) {
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
      </nav>
      <Pills>
        <ConnectionPill />
        <ModePill initial={azureMode} />
        <ThemeMenu initial={theme} />
      </Pills>
    </header>
  );
}

function Pills({ children }: { children: ReactNode }) {
  return <div className="ml-auto flex items-center gap-2 sm:gap-3">{children}</div>;
}

function Mark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="text-accent"
    >
      <path d="M2 16h16M4 16 14 5l3 3-7.5 8" />
      <path d="M12 7 9 4" />
    </svg>
  );
}

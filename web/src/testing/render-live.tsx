import { render } from "@testing-library/react";
import { AppRouterContext, type AppRouterInstance } from "next/dist/shared/lib/app-router-context.shared-runtime";
import type { ReactNode } from "react";
import { LiveClientProvider } from "../graphql/live-provider.tsx";
import { TimeProvider } from "../lib/time.tsx";
import { Announcer } from "../ui/announcer.tsx";
import { createManualClock } from "./manual-clock.ts";
import { createScriptedApi } from "./scripted-api.ts";

export const NOW = Date.parse("2026-11-22T10:35:18Z");

/** Renders with a clock by hand and a scripted API, both handed back, and the addresses that were gone to. */
export function renderLive(children: ReactNode) {
  const clock = createManualClock(NOW);
  const api = createScriptedApi(clock);
  const visited: string[] = [];
  const router: AppRouterInstance = {
    push: (href) => void visited.push(href),
    replace: (href) => void visited.push(href),
    back: () => undefined,
    forward: () => undefined,
    refresh: () => undefined,
    prefetch: () => undefined,
    bfcacheId: "test",
  };
  const view = render(
    <AppRouterContext value={router}>
      <TimeProvider renderedAtMs={NOW} clock={clock}>
        <LiveClientProvider live={api.live}>
          <Announcer>{children}</Announcer>
        </LiveClientProvider>
      </TimeProvider>
    </AppRouterContext>,
  );
  return { ...view, clock, api, visited };
}

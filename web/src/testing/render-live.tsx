import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { LiveClientProvider } from "../graphql/live-provider.tsx";
import { TimeProvider } from "../lib/time.tsx";
import { Announcer } from "../ui/announcer.tsx";
import { createManualClock } from "./manual-clock.ts";
import { createScriptedApi } from "./scripted-api.ts";

export const NOW = Date.parse("2026-11-22T10:35:18Z");

/** Renders with a clock by hand and a scripted API, both handed back. */
export function renderLive(children: ReactNode) {
  const clock = createManualClock(NOW);
  const api = createScriptedApi(clock);
  const view = render(
    <TimeProvider renderedAtMs={NOW} clock={clock}>
      <LiveClientProvider live={api.live}>
        <Announcer>{children}</Announcer>
      </LiveClientProvider>
    </TimeProvider>,
  );
  return { ...view, clock, api };
}

"use client";

import type { ReactNode } from "react";
import { LiveProvider } from "../graphql/live-provider.tsx";
import { TimeProvider } from "../lib/time.tsx";
import { Announcer } from "../ui/announcer.tsx";

interface ProvidersProps {
  webSocketUrl: string;
  renderedAtMs: number;
  children: ReactNode;
}

/** What every page has from above: time, the live connection, a voice for screen readers. */
export function Providers({ webSocketUrl, renderedAtMs, children }: ProvidersProps) {
  return (
    <TimeProvider renderedAtMs={renderedAtMs}>
      <LiveProvider webSocketUrl={webSocketUrl}>
        <Announcer>{children}</Announcer>
      </LiveProvider>
    </TimeProvider>
  );
}

"use client";

import type { ReactNode } from "react";
import { LiveProvider } from "../graphql/live-provider.tsx";
import type { Session } from "../graphql/session-documents.ts";
import { readOnlyReason, SessionProvider, type SignInAddress, useSession } from "../graphql/session.tsx";
import { TimeProvider } from "../lib/time.tsx";
import { Announcer } from "../ui/announcer.tsx";
import { ReadOnly } from "../ui/read-only.tsx";

interface ProvidersProps {
  webSocketUrl: string;
  session: Session | undefined;
  signIn: SignInAddress | undefined;
  renderedAtMs: number;
  children: ReactNode;
}

/** What every page has from above: time, the live connection, who looks, a voice for screen readers. */
export function Providers({ webSocketUrl, session, signIn, renderedAtMs, children }: ProvidersProps) {
  return (
    <TimeProvider renderedAtMs={renderedAtMs}>
      <LiveProvider webSocketUrl={webSocketUrl}>
        <SessionProvider initial={session} signIn={signIn}>
          <Announcer>
            <ReadOnlyByRole>{children}</ReadOnlyByRole>
          </Announcer>
        </SessionProvider>
      </LiveProvider>
    </TimeProvider>
  );
}

function ReadOnlyByRole({ children }: { children: ReactNode }) {
  const { session } = useSession();
  return <ReadOnly reason={readOnlyReason(session?.viewer.roles)}>{children}</ReadOnly>;
}

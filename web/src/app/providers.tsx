"use client";

import type { ReactNode } from "react";
import { LiveProvider } from "../graphql/live-provider.tsx";
import type { Session } from "../graphql/session-documents.ts";
import { readOnlyReason, SessionProvider, type SignInAddress, useSession } from "../graphql/session.tsx";
import { STORE_LOSS_REASON, StoreStateProvider, useStoreLoss } from "../graphql/store-state.tsx";
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
          <StoreStateProvider>
            <Announcer>
              <ReadOnlyNow>{children}</ReadOnlyNow>
            </Announcer>
          </StoreStateProvider>
        </SessionProvider>
      </LiveProvider>
    </TimeProvider>
  );
}

/** Turns every action off for whoever may only look, and for everybody while nothing can be kept. */
export function ReadOnlyNow({ children }: { children: ReactNode }) {
  const { session } = useSession();
  const storeReason = useStoreLoss() === undefined ? undefined : STORE_LOSS_REASON;
  return <ReadOnly reason={readOnlyReason(session?.viewer.roles) ?? storeReason}>{children}</ReadOnly>;
}

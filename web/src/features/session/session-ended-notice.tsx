"use client";

import { Suspense } from "react";
import { useConnection } from "../../graphql/live-provider.tsx";
import { useSession } from "../../graphql/session.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SignInLink } from "./sign-in-link.tsx";

/** Says that the page stands still because nobody is signed in any more; goes by itself when somebody has signed in, in any tab. */
export function SessionEndedNotice() {
  const { status } = useConnection();
  const { signIn } = useSession();
  if (status !== "signed-out" || !signIn) return null;
  return (
    <div className="mx-auto max-w-[1180px] px-3.5 pt-6 sm:px-6">
      <Notice
        tone="warning"
        title="Your session has ended"
        action={
          <Suspense>
            <SignInLink apiUrl={signIn.apiUrl}>Sign in again</SignInLink>
          </Suspense>
        }
      >
        What is shown here stands still. Clusters and builds under way are not affected.
      </Notice>
    </div>
  );
}

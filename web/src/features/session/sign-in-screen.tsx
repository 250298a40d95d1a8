import { Suspense } from "react";
import { Card } from "../../ui/card.tsx";
import { Mark } from "../../ui/mark.tsx";
import { SignInLink } from "./sign-in-link.tsx";
import { SignInProblem } from "./sign-in-problem.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

interface SignInScreenProps {
  apiUrl: string;
  /** Signed in at the provider, but with no role here: what the API says to that. */
  refusal?: string | undefined;
}

/** Stands in the place of every page for whoever is not let in. */
export function SignInScreen({ apiUrl, refusal }: SignInScreenProps) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-[420px] content-center gap-4 px-4 py-8">
      <p className="flex items-center justify-center gap-[9px] text-[17px] font-semibold">
        <Mark />
        Slipway
      </p>
      <Card>
        <div className="grid justify-items-center gap-3 px-6 py-8 text-center">
          <h1 className="text-[17px] font-semibold">{refusal === undefined ? "Sign in" : "You have no role yet"}</h1>
          {refusal === undefined ? (
            <>
              <p className="text-balance text-text-2">Slipway asks your organisation who you are.</p>
              <Suspense>
                <SignInProblem />
                <SignInLink apiUrl={apiUrl}>Sign in</SignInLink>
              </Suspense>
            </>
          ) : (
            <>
              <p className="text-balance text-text-2">{refusal}</p>
              <SignOutButton apiUrl={apiUrl} />
            </>
          )}
        </div>
      </Card>
    </main>
  );
}

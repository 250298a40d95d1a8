"use client";

import { useSearchParams } from "next/navigation";

const WORDS: Record<string, string> = {
  refused: "You were not signed in: the identity provider said no, or what came back was not what was asked for.",
  expired: "That sign-in took too long, or was begun in another browser. Start again.",
  "too-often": "Too many sign-ins from your address have failed. Wait a minute and try again.",
  unavailable:
    "Nobody can be signed in at the moment: something that Slipway needs for it can't be reached. Try again.",
};

/** Why the last try came to nothing, in the words of whoever tries. */
export function SignInProblem() {
  const words = WORDS[useSearchParams().get("problem") ?? ""];
  return words ? (
    <p role="alert" className="rounded-control bg-warning-soft px-3 py-2 text-text">
      {words}
    </p>
  ) : null;
}

"use client";

import { useState } from "react";
import type { TypedDocumentNode } from "urql";
import { errorText } from "../../graphql/error-text.ts";
import { useLive } from "../../graphql/live-provider.tsx";
import { useAnnounce } from "../../ui/announcer.tsx";

/** What every mutation about a provision answers with. */
interface Answer {
  provision?: { id: string };
  operation?: { id: string };
  message?: string;
}

type ProvisionMutation = TypedDocumentNode<Record<string, unknown>, { provisionId: string }>;

export interface ProvisionAction {
  /** The question before it is open. */
  isAsking: boolean;
  isSending: boolean;
  /** Why it was not done. */
  refusal: string | undefined;
  ask(): void;
  close(): void;
  /** Resolves to what it came to, such as the new provision of a retry; `undefined` when it was refused. */
  send(): Promise<Answer | undefined>;
}

/** One thing that people do to a provision. What comes of it is pushed to everybody; nothing is shown as done before. */
export function useProvisionAction(mutation: ProvisionMutation, provisionId: string, spoken: string): ProvisionAction {
  const { client } = useLive();
  const announce = useAnnounce();
  const [isAsking, setIsAsking] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();

  return {
    isAsking,
    isSending,
    refusal,
    ask() {
      setRefusal(undefined);
      setIsAsking(true);
    },
    close: () => setIsAsking(false),
    async send() {
      if (isSending) return undefined;
      setIsSending(true);
      setRefusal(undefined);
      const { data, error } = await client.mutation(mutation, { provisionId }).toPromise();
      setIsSending(false);
      const answer = Object.values(data ?? {})[0] as Answer | undefined;
      if (answer?.provision ?? answer?.operation) {
        setIsAsking(false);
        announce(spoken);
        return answer;
      }
      setRefusal(
        answer?.message ??
          (error && errorText(error)) ??
          "The request got no answer. Try again: asking twice does no harm.",
      );
      return undefined;
    },
  };
}

"use client";

import { useCallback, useState } from "react";
import type { TypedDocumentNode } from "urql";
import { errorText } from "../../../graphql/error-text.ts";
import { useLive } from "../../../graphql/live-provider.tsx";
import { useAnnounce } from "../../../ui/announcer.tsx";
import type { Operation } from "./operation-documents.ts";
import { operationMilestone } from "./operation-words.ts";

/** What every mutation about a cluster answers with. */
interface Answer {
  operation?: Operation;
  message?: string;
  fields?: readonly { path: string; message: string }[];
}

export interface OperationRequest {
  isSending: boolean;
  /** Why it was refused, when no field is to blame. */
  refusal: string | undefined;
  /** What is wrong with a field, by its path. */
  fieldErrors: Readonly<Record<string, string>>;
  /** Resolves to whether it has begun. */
  send<Variables extends Record<string, unknown>>(
    mutation: TypedDocumentNode<Record<string, unknown>, Variables>,
    variables: Variables,
  ): Promise<boolean>;
  reset(): void;
}

/** Asks for one operation at a time and hands over what the server has stored. Nothing is shown as done before it says so. */
export function useOperationRequest(onBegun: (operation: Operation) => void): OperationRequest {
  const { client } = useLive();
  const announce = useAnnounce();
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [fieldErrors, setFieldErrors] = useState<Readonly<Record<string, string>>>({});

  const reset = useCallback(() => {
    setRefusal(undefined);
    setFieldErrors({});
  }, []);

  return {
    isSending,
    refusal,
    fieldErrors,
    reset,
    async send(mutation, variables) {
      if (isSending) return false;
      setIsSending(true);
      reset();
      const { data, error } = await client.mutation(mutation, variables).toPromise();
      setIsSending(false);
      const answer = Object.values(data ?? {})[0] as Answer | undefined;
      if (answer?.operation) {
        onBegun(answer.operation);
        announce(operationMilestone(answer.operation));
        return true;
      }
      const fields = answer?.fields ?? [];
      setFieldErrors(Object.fromEntries(fields.map(({ path, message }) => [path, message])));
      if (fields.length === 0)
        setRefusal(
          answer?.message ??
            (error && errorText(error)) ??
            "The request got no answer. Try again: asking twice does no harm.",
        );
      return false;
    },
  };
}

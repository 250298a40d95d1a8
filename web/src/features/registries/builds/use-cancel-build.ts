"use client";

import { useState } from "react";
import { errorText } from "../../../graphql/error-text.ts";
import { useLive } from "../../../graphql/live-provider.tsx";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { type Build, cancelBuildMutation } from "./build-documents.ts";
import { imageName } from "./build-words.ts";

export interface CancelBuild {
  /** The build that the dialog is about. */
  asked: Build | undefined;
  isSending: boolean;
  /** Why it was not canceled. */
  refusal: string | undefined;
  ask(build: Build): void;
  close(): void;
  confirm(): Promise<void>;
  /** Whether Azure was asked to cancel it; Azure's own word follows. */
  isCanceling(build: Build): boolean;
}

/** Cancels builds, each after a question. */
export function useCancelBuild(): CancelBuild {
  const { client } = useLive();
  const announce = useAnnounce();
  const [asked, setAsked] = useState<Build>();
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set());

  async function confirm() {
    if (!asked || isSending) return;
    setIsSending(true);
    setRefusal(undefined);
    const { data, error } = await client.mutation(cancelBuildMutation, { buildId: asked.id }).toPromise();
    setIsSending(false);
    if (data?.cancelBuild.__typename === "CancelBuildSuccess") {
      setSent((before) => new Set([...before, asked.id]));
      setAsked(undefined);
      announce(`Canceling ${imageName(asked)}`);
      return;
    }
    const why = data ? data.cancelBuild.message : error && errorText(error);
    setRefusal(why ?? "The request got no answer. Try again: cancelling twice does no harm.");
  }

  return {
    asked,
    isSending,
    refusal,
    ask(build) {
      setRefusal(undefined);
      setAsked(build);
    },
    close: () => setAsked(undefined),
    confirm,
    isCanceling: (build) => sent.has(build.id),
  };
}

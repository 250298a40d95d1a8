"use client";

import { ArrowRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { routes } from "../../lib/routes.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Refusal } from "./use-create-cluster.ts";

const TITLES: Record<Refusal["kind"], string> = {
  "in-progress": "This cluster is being created already",
  exists: "A cluster with this name exists already",
  other: "The cluster could not be started",
};

/** Why nothing was started. It takes the focus when it comes, so that nobody looks for what changed. */
export function RefusalNotice({ refusal }: { refusal: Refusal | undefined }) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusal) notice.current?.focus();
  }, [refusal]);
  if (!refusal) return null;
  return (
    <div role="alert">
      <Notice
        ref={notice}
        tone={refusal.kind === "in-progress" ? "info" : "danger"}
        title={TITLES[refusal.kind]}
        action={
          refusal.kind === "in-progress" && (
            <LinkButton href={routes.provision(refusal.provisionId)} look="primary">
              Watch it <ArrowRight size={15} aria-hidden="true" />
            </LinkButton>
          )
        }
      >
        {refusal.message}
      </Notice>
    </div>
  );
}

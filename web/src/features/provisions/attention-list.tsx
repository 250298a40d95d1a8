"use client";

import { failureHeadline } from "../../lib/failure-words.ts";
import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import { EndedActions } from "./ended-actions.tsx";
import type { ProvisionSummary } from "./provision-documents.ts";
import { useProvisionList } from "./provision-list.tsx";
import { leftoverKind } from "./provision-words.ts";
import { ProvisionStatusChip } from "./status-chip.tsx";

/** The attempts that did not succeed and that nobody has taken care of, for everyone; nothing while there is none. */
export function AttentionList() {
  const { provisions } = useProvisionList();
  const waiting = provisions.filter((provision) => provision.needsAttention);
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="needs-attention" className="grid gap-3">
      <h2 id="needs-attention">
        Needs attention <span className="font-normal text-text-3">{waiting.length}</span>
      </h2>
      {waiting.map((provision) => (
        <Attempt key={provision.id} provision={provision} />
      ))}
    </section>
  );
}

function Attempt({ provision }: { provision: ProvisionSummary }) {
  const { failure } = provision.progress;
  return (
    <Card className="slide-in">
      <article aria-label={`Attempt at ${provision.clusterName}`} className="grid gap-3">
        <div className="grid gap-1">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <InternalLink
              href={routes.provision(provision.id)}
              className="link inline-flex min-h-6 items-center font-semibold [overflow-wrap:anywhere]"
            >
              {provision.clusterName}
            </InternalLink>
            <ProvisionStatusChip status={provision.status} />
            <span className="text-[12.5px] text-text-3">
              {provision.resourceGroup} · {provision.location} · {provision.startedBy},{" "}
              <TimeAgo iso={provision.finishedAt ?? provision.createdAt} />
            </span>
          </p>
          {failure && <p className="max-w-[90ch] text-text-2">{failureHeadline(failure.category)}</p>}
          <LeftText provision={provision} />
        </div>
        <EndedActions provision={provision} />
      </article>
    </Card>
  );
}

function LeftText({ provision }: { provision: ProvisionSummary }) {
  if (provision.leftovers.length === 0) return null;
  const kinds = provision.leftovers.map(({ kind }) => leftoverKind(kind).toLowerCase()).join(", ");
  return <p className="text-[12.5px] text-text-3">Still in Azure: {kinds}</p>;
}

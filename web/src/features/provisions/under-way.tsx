"use client";

import { ArrowRight } from "lucide-react";
import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { ProgressBanner } from "./progress-banner.tsx";
import type { ProvisionSummary } from "./provision-documents.ts";
import { useProvisionList } from "./provision-list.tsx";
import { isTerminal } from "./provision-state.ts";
import { useMilestones } from "./use-milestones.ts";

/** A banner for each provision that runs; nothing when none does. */
export function ProvisionsUnderWay() {
  const { provisions } = useProvisionList();
  const running = provisions.filter((provision) => !isTerminal(provision.status));
  return (
    <>
      {provisions.map((provision) => (
        <Milestones key={provision.id} provision={provision} />
      ))}
      {running.length > 0 && <RunningProvisions running={running} />}
    </>
  );
}

/** Speaks for a provision for as long as it is listed, so that its result is heard when its banner has left. */
function Milestones({ provision }: { provision: ProvisionSummary }) {
  useMilestones(provision.clusterName, provision.progress);
  return null;
}

function RunningProvisions({ running }: { running: readonly ProvisionSummary[] }) {
  return (
    <section aria-labelledby="under-way" className="grid gap-3">
      <h2 id="under-way">
        Under way <span className="font-normal text-text-3">{running.length}</span>
      </h2>
      {running.map((provision) => (
        <RunningProvision key={provision.id} provision={provision} />
      ))}
    </section>
  );
}

function RunningProvision({ provision }: { provision: ProvisionSummary }) {
  return (
    <Card className="slide-in">
      <ProgressBanner
        progress={provision.progress}
        clusterName={provision.clusterName}
        above={
          <p className="mb-1 flex flex-wrap items-baseline gap-x-3 text-[13px]">
            <InternalLink
              href={routes.provision(provision.id)}
              className="link inline-flex min-h-6 items-center gap-1 font-semibold"
            >
              {provision.clusterName} <ArrowRight size={14} aria-hidden="true" />
            </InternalLink>
            <span className="text-text-3">
              {provision.resourceGroup} · {provision.location}
            </span>
          </p>
        }
      />
    </Card>
  );
}

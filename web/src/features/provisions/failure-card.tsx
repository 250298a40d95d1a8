import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { FailurePanel } from "../../ui/failure-panel.tsx";
import type { Failure, Progress, ProvisionDetail, TimelineEntry } from "./provision-documents.ts";
import { leftoverKind } from "./provision-words.ts";
import { supportText } from "./support-text.ts";

interface FailureCardProps {
  failure: Failure;
  progress: Progress;
  provision: ProvisionDetail;
  timeline: readonly TimelineEntry[];
}

/** Why a provision failed, what it left at Azure, and what can be done about it. */
export function FailureCard({ failure, progress, provision, timeline }: FailureCardProps) {
  return (
    <Card className={progress.status === "CANCELED" ? "" : "border-danger/40"}>
      <FailurePanel
        failure={failure}
        isCanceled={progress.status === "CANCELED"}
        editHref={(field) => routes.newClusterFrom(provision.id, field ?? undefined)}
        supportText={() => supportText(provision, progress, failure, timeline)}
      >
        <Leftovers leftovers={provision.leftovers} />
      </FailurePanel>
    </Card>
  );
}

function Leftovers({ leftovers }: Pick<ProvisionDetail, "leftovers">) {
  if (leftovers.length === 0) return null;
  return (
    <div>
      <p className="font-semibold">Still in Azure, and it may cost money</p>
      <ul className="mt-1 grid gap-1 text-[13px]">
        {leftovers.map((leftover) => (
          <li key={leftover.resourceId} className="[overflow-wrap:anywhere]">
            <ExternalLink href={leftover.portalUrl}>{leftoverKind(leftover.kind)}</ExternalLink>{" "}
            <code className="font-mono text-xs text-text-2">{leftover.resourceId}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

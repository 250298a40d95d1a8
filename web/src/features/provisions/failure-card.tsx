import { Pencil, RotateCcw, SquareTerminal } from "lucide-react";
import { routes } from "../../lib/routes.ts";
import { LinkButton } from "../../ui/button.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { Facts } from "../../ui/facts.tsx";
import { failureHeadline, supportText } from "./failure-words.ts";
import type { Failure, Progress, ProvisionDetail } from "./provision-documents.ts";

interface FailureCardProps {
  failure: Failure;
  progress: Progress;
  provision: ProvisionDetail;
}

/** Why a provision failed: our words first, then Azure's own, then what can be done about it. */
export function FailureCard({ failure, progress, provision }: FailureCardProps) {
  const commands = failure.remedies.filter((remedy) => remedy.command !== null);
  return (
    <Card className="border-danger/40">
      <div className="grid gap-4">
        <div>
          <h2 className="text-base font-semibold text-danger">{failureHeadline(failure.category)}</h2>
          <p className="mt-1 max-w-[90ch] [overflow-wrap:anywhere] whitespace-pre-line">{failure.message}</p>
        </div>
        <Facts
          facts={[
            { name: "Code", value: <code className="font-mono text-xs">{failure.code}</code> },
            { name: "Correlation id", value: failure.correlationId && <IdWithCopy id={failure.correlationId} /> },
          ]}
        />
        {provision.leftovers.length > 0 && (
          <div>
            <p className="font-semibold">Still in Azure, and it may cost money</p>
            <ul className="mt-1 grid gap-1 text-[13px]">
              {provision.leftovers.map((leftover) => (
                <li key={leftover.resourceId} className="[overflow-wrap:anywhere]">
                  <ExternalLink href={leftover.portalUrl}>{kindText(leftover.kind)}</ExternalLink>{" "}
                  <code className="font-mono text-xs text-text-2">{leftover.resourceId}</code>
                </li>
              ))}
            </ul>
          </div>
        )}
        {commands.map((remedy) => (
          <div key={remedy.label}>
            <p className="flex items-center gap-2 text-[13px]">
              <SquareTerminal size={15} aria-hidden="true" className="text-text-3" /> {remedy.label}
            </p>
            <div className="mt-1 flex items-center gap-2 rounded-control border border-line bg-surface-2 px-2.5 py-1.5">
              <code className="min-w-0 flex-1 font-mono text-xs [overflow-wrap:anywhere]">{remedy.command}</code>
              <CopyButton text={remedy.command ?? ""} label={`Copy the command: ${remedy.label}`} iconOnly />
            </div>
          </div>
        ))}
        <div className="flex flex-wrap gap-2">
          {failure.remedies.map((remedy) => (
            <RemedyAction key={`${remedy.kind} ${remedy.label}`} remedy={remedy} provisionId={provision.id} />
          ))}
          <CopyButton text={supportText(provision, progress, failure)} label="Copy for support" />
        </div>
      </div>
    </Card>
  );
}

/** `RESOURCE_GROUP` reads `Resource group`. */
function kindText(kind: string): string {
  const words = kind.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function RemedyAction({ remedy, provisionId }: { remedy: Failure["remedies"][number]; provisionId: string }) {
  switch (remedy.kind) {
    // Trying again opens the filled-in form too: a new attempt is a new provision, and its input can be looked at before.
    case "RETRY":
    case "EDIT": {
      const Icon = remedy.kind === "RETRY" ? RotateCcw : Pencil;
      return (
        <LinkButton href={routes.newClusterFrom(provisionId)} look={remedy.kind === "EDIT" ? "primary" : "secondary"}>
          <Icon size={15} aria-hidden="true" />
          {remedy.label}
        </LinkButton>
      );
    }
    case "LINK":
      return remedy.url ? (
        <ExternalLink href={remedy.url} className={buttonClass("secondary")}>
          {remedy.label}
        </ExternalLink>
      ) : null;
    default:
      return null;
  }
}

function IdWithCopy({ id }: { id: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <code className="font-mono text-xs [overflow-wrap:anywhere]">{id}</code>
      <CopyButton text={id} label="Copy the correlation id" iconOnly />
    </span>
  );
}

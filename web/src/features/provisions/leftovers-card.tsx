import { Card } from "../../ui/card.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import type { ProvisionDetail } from "./provision-documents.ts";
import { leftoverKind } from "./provision-words.ts";

/** What an attempt has left at Azure. */
export function LeftoversCard({ provision }: { provision: ProvisionDetail }) {
  if (provision.leftovers.length === 0) return null;
  return (
    <Card title="Still in Azure">
      <p className="text-text-2">It may cost money until it is deleted.</p>
      <ul className="mt-2 grid gap-1 text-[13px]">
        {provision.leftovers.map((leftover) => (
          <li key={leftover.resourceId} className="[overflow-wrap:anywhere]">
            <ExternalLink href={leftover.portalUrl}>{leftoverKind(leftover.kind)}</ExternalLink>{" "}
            <code className="font-mono text-xs text-text-2">{leftover.resourceId}</code>
          </li>
        ))}
      </ul>
    </Card>
  );
}

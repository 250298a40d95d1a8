import { Card } from "../../ui/card.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";
import type { ProvisionDetail } from "./provision-documents.ts";

/** What became of the cluster after the verdict; left out while nothing did. */
export function SinceThenCard({ provision }: { provision: ProvisionDetail }) {
  if (provision.amendments.length === 0) return null;
  return (
    <Card title="Since then">
      <ul className="grid gap-1.5">
        {provision.amendments.map((amendment, index) => (
          <li key={index} className="flex gap-3">
            <span className="shrink-0 text-text-3 tabular-nums">
              <TimeOfDay iso={amendment.at} />
            </span>
            <span className="[overflow-wrap:anywhere]">{amendment.message}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

import { shortenId } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Facts } from "../../ui/facts.tsx";
import { DateTime } from "../../ui/time-text.tsx";
import type { Progress, ProvisionDetail, ProvisionPageData } from "./provision-documents.ts";

interface ProvisionDetailsProps {
  provision: ProvisionDetail;
  progress: Progress;
  page: ProvisionPageData;
}

/** What was asked for, by whom and when. */
export function ProvisionDetails({ provision, progress, page }: ProvisionDetailsProps) {
  const subscription = page.azure.subscriptions.find((known) => known.subscriptionId === provision.subscriptionId);
  const registry = page.registries.find((known) => known.id === provision.registryId);
  return (
    <Card title="Details">
      <Facts
        facts={[
          { name: "Subscription", value: subscription?.displayName ?? provision.subscriptionId },
          { name: "Resource group", value: provision.resourceGroup },
          { name: "Location", value: provision.location },
          { name: "Version", value: provision.kubernetesVersion ?? "Azure's default" },
          {
            name: "Node pools",
            value: (
              <ul>
                {provision.requestedNodePools.map((pool) => (
                  <li key={pool.name}>
                    {pool.name}: {pool.count} × {pool.vmSize}
                    {pool.mode === "SYSTEM" && <span className="text-text-3"> (system)</span>}
                  </li>
                ))}
              </ul>
            ),
          },
          { name: "Tags", value: provision.requestedTags.map((tag) => `${tag.name}: ${tag.value}`).join(", ") },
          { name: "Registry", value: registry?.name ?? (provision.registryId && "attached") },
          { name: "AKS state", value: progress.clusterState },
          { name: "Started by", value: provision.startedBy },
          { name: "Started", value: <DateTime iso={progress.startedAt} /> },
          { name: "Ended", value: provision.finishedAt && <DateTime iso={provision.finishedAt} /> },
          {
            name: "Provision",
            value: (
              <span className="inline-flex items-center gap-1">
                <code className="font-mono text-xs text-text-2" title={provision.id}>
                  {shortenId(provision.id)}
                </code>
                <CopyButton text={provision.id} label="Copy the provision's id" iconOnly />
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}

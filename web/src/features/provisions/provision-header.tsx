import { routes } from "../../lib/routes.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { CancelProvision } from "./cancel-provision.tsx";
import type { Progress, ProvisionDetail } from "./provision-documents.ts";
import { ProvisionStatusChip } from "./status-chip.tsx";

/** Which provision this is and how it stands. */
export function ProvisionHeader({ provision, progress }: { provision: ProvisionDetail; progress: Progress }) {
  const portalUrl = progress.portalUrl ?? provision.portalUrl;
  return (
    <div>
      <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
        <InternalLink
          href={routes.home()}
          className="inline-flex min-h-6 items-center rounded-control hover:text-accent hover:underline"
        >
          Clusters
        </InternalLink>{" "}
        / Provision
      </nav>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{provision.clusterName}</h1>
        <ProvisionStatusChip status={progress.status} pace={progress.pace} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 sm:ml-auto">
          <CancelProvision provision={provision} progress={progress} />
          {portalUrl && <ExternalLink href={portalUrl}>Open in Azure portal</ExternalLink>}
          <CopyButton text={provision.id} label="Copy id" />
        </div>
      </div>
    </div>
  );
}

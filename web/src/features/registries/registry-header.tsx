import { History } from "lucide-react";
import { routes } from "../../lib/routes.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import type { Registry } from "./registry-documents.ts";

/** Which registry this is. */
export function RegistryHeader({ registry }: { registry: Registry }) {
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="min-w-0">
        <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
          <InternalLink href={routes.registries()} className="rounded-control hover:text-accent hover:underline">
            Registries
          </InternalLink>{" "}
          / {registry.resourceGroup}
        </nav>
        <h1 className="[overflow-wrap:anywhere]">{registry.name}</h1>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-[13px] text-text-2">
          <span className="inline-flex items-center gap-0.5">
            <span className="font-mono text-[12.5px] [overflow-wrap:anywhere]">{registry.loginServer}</span>
            <CopyButton iconOnly text={registry.loginServer} label="Copy login server" />
          </span>
          <span className="text-text-3">
            {registry.sku} · {registry.location}
          </span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1 sm:ml-auto">
        <InternalLink href={routes.buildHistory(registry.id)} className="link inline-flex min-h-6 items-center gap-1.5">
          <History size={15} aria-hidden="true" /> Build history
        </InternalLink>
        <ExternalLink href={registry.portalUrl}>Open in Azure portal</ExternalLink>
      </div>
    </div>
  );
}

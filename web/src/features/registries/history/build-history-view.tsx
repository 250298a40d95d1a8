"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { cutTitle, isConnectionCut } from "../../../graphql/connection-monitor.ts";
import { useConnection } from "../../../graphql/live-provider.tsx";
import { routes } from "../../../lib/routes.ts";
import { ActionLink } from "../../../ui/action-button.tsx";
import { Card } from "../../../ui/card.tsx";
import { InternalLink } from "../../../ui/internal-link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import type { BuildRegistry } from "../builds/build-documents.ts";
import type { HistoryPage } from "./history-documents.ts";
import { historyAddress, type HistoryFilter, isFiltered } from "./history-filter.ts";
import { HistoryRows } from "./history-rows.tsx";
import { HistoryToolbar } from "./history-toolbar.tsx";

interface BuildHistoryViewProps {
  registryId: string;
  /** What the server read, as far as it could. */
  registry: BuildRegistry | undefined;
  initialFilter: HistoryFilter;
  /** The newest builds that match it. */
  initial: HistoryPage | undefined;
}

/** Every build of a registry that Slipway knows of, newest first and live. The filter stands in the page's address. */
export function BuildHistoryView({ registryId, registry, initialFilter, initial }: BuildHistoryViewProps) {
  const [filter, setFilter] = useState(initialFilter);
  const [images, setImages] = useState<readonly string[]>([]);

  function change(part: Partial<HistoryFilter>) {
    const next = { ...filter, ...part };
    setFilter(next);
    window.history.replaceState(window.history.state, "", historyAddress(registryId, next));
  }
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0">
          <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
            <InternalLink href={routes.registries()} className="rounded-control hover:text-accent hover:underline">
              Registries
            </InternalLink>{" "}
            /{" "}
            <InternalLink
              href={routes.registry(registryId)}
              className="rounded-control hover:text-accent hover:underline"
            >
              {registry?.name ?? "Registry"}
            </InternalLink>
          </nav>
          <h1>Build history</h1>
        </div>
        <div className="sm:ml-auto">
          <ActionLink href={filter.image ? routes.newBuildOf(registryId, filter.image) : routes.newBuild(registryId)}>
            <Plus size={16} aria-hidden="true" /> Build images
          </ActionLink>
        </div>
      </div>
      <CutNotice />
      <Card flush>
        <HistoryToolbar filter={filter} images={images} onChange={change} />
        <HistoryRows
          key={historyAddress(registryId, filter)}
          registryId={registryId}
          filter={filter}
          initial={filter === initialFilter ? initial : undefined}
          onImages={setImages}
          {...(isFiltered(filter) && { onClear: () => change({ image: "", state: "all" }) })}
        />
      </Card>
    </div>
  );
}

function CutNotice() {
  const { status } = useConnection();
  if (!isConnectionCut(status)) return null;
  return (
    <Notice tone="warning" title={cutTitle(status)}>
      These are the last known states. Builds go on at Azure; the page catches up by itself.
    </Notice>
  );
}

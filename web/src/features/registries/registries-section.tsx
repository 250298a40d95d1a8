"use client";

import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { ListCard } from "../../ui/list-card.tsx";
import { ReachableChip } from "./reachable-chip.tsx";
import { RegistryCounts } from "./registry-counts.tsx";
import { type Registry, registryListQuery } from "./registry-documents.ts";
import { useRegistryHead } from "./use-registry-head.ts";

/** More registries than this are listed without asking Azure about each of them. */
const MOST_WATCHED = 20;

const COLUMNS: readonly Column<Registry>[] = [
  {
    label: "Registry",
    isTitle: true,
    cell: (registry) => (
      <InternalLink href={routes.registry(registry.id)} className="link">
        {registry.name}
      </InternalLink>
    ),
  },
  {
    label: "Login server",
    cell: (registry) => <span className="font-mono text-[12.5px]">{registry.loginServer}</span>,
  },
  { label: "SKU", cell: (registry) => registry.sku },
  { label: "Location", cell: (registry) => registry.location },
  { label: "Resource group", cell: (registry) => registry.resourceGroup },
  {
    label: "Builds",
    cell: (registry) => (
      <InternalLink href={routes.buildHistory(registry.id)} className="link">
        History<span className="sr-only"> of the builds of {registry.name}</span>
      </InternalLink>
    ),
  },
  {
    label: "Azure",
    cell: (registry) => (
      <ExternalLink href={registry.portalUrl}>
        Portal<span className="sr-only"> page of {registry.name}</span>
      </ExternalLink>
    ),
  },
];

const STATE_COLUMN: Column<Registry> = {
  label: "State",
  cell: (registry) => <RegistryState registryId={registry.id} />,
};

/** The registries of all subscriptions, each with how it stands now. */
export function RegistriesSection({ initial }: { initial: readonly Registry[] | undefined }) {
  const { data, error, retry } = useQueryOnConnect(
    registryListQuery,
    {},
    { initial: initial && { registries: [...initial] } },
  );
  const registries = data?.registries;
  return (
    <ListCard
      title="All registries"
      rows={registries}
      error={error && errorText(error)}
      errorTitle="The registries can't be listed"
      onRetry={retry}
      empty={
        <EmptyState title="No registries yet">
          Every container registry that Slipway&apos;s identity may read is listed here. Create one in the Azure portal,
          or give Slipway the Reader role on it.
        </EmptyState>
      }
    >
      {(rows) => (
        <Card title="All registries" aside={`${rows.length} in all`} flush>
          <DataTable
            caption="Registries"
            columns={rows.length <= MOST_WATCHED ? COLUMNS.toSpliced(1, 0, STATE_COLUMN) : COLUMNS}
            rows={rows}
            rowKey={(registry) => registry.id}
          />
        </Card>
      )}
    </ListCard>
  );
}

function RegistryState({ registryId }: { registryId: string }) {
  const { head, error } = useRegistryHead(registryId);
  if (!head) return <span className="text-text-3">{error ? "not known" : "Looking…"}</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <ReachableChip head={head} />
      <RegistryCounts head={head} />
    </span>
  );
}

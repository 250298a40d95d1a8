"use client";

import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect, useTopic } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Chip } from "../../ui/chip.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { RegistryCounts } from "./registry-counts.tsx";
import {
  type Registry,
  type RegistryHead,
  registryListQuery,
  registryUpdatedSubscription,
} from "./registry-documents.ts";

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
  if (!registries) {
    return (
      <Card title="All registries" flush>
        {error ? (
          <div className="p-[18px]">
            <Notice
              tone="danger"
              title="The registries can't be listed"
              action={<Button onClick={retry}>Try again</Button>}
            >
              {errorText(error)}
            </Notice>
          </div>
        ) : (
          <SkeletonRows />
        )}
      </Card>
    );
  }
  if (registries.length === 0) {
    return (
      <Card title="All registries" flush>
        <EmptyState title="No registries yet">
          Every container registry that Slipway&apos;s identity may read is listed here. Create one in the Azure portal,
          or give Slipway the Reader role on it.
        </EmptyState>
      </Card>
    );
  }
  const columns = registries.length <= MOST_WATCHED ? COLUMNS.toSpliced(1, 0, STATE_COLUMN) : COLUMNS;
  return (
    <Card title="All registries" aside={`${registries.length} in all`} flush>
      <DataTable caption="Registries" columns={columns} rows={registries} rowKey={(registry) => registry.id} />
    </Card>
  );
}

function RegistryState({ registryId }: { registryId: string }) {
  const [head, setHead] = useState<RegistryHead>();
  const error = useTopic(
    registryUpdatedSubscription,
    { registryId },
    { onData: ({ registryUpdated }) => setHead(registryUpdated) },
  );
  if (!head) return <span className="text-text-3">{error ? "not known" : "Looking…"}</span>;
  if (!head.reachable) {
    return (
      <span title={head.problem?.message}>
        <Chip tone="warning" icon="warning" label="Not reachable" />
      </span>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <Chip tone="success" icon="check" label="Reachable" />
      <RegistryCounts head={head} />
    </span>
  );
}

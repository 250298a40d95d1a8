"use client";

import { Plus } from "lucide-react";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { ActionLink } from "../../ui/action-button.tsx";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { ListCard } from "../../ui/list-card.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ReachableChip } from "./reachable-chip.tsx";
import { RegistryCounts } from "./registry-counts.tsx";
import { type Registry, registryListQuery } from "./registry-documents.ts";
import { useRegistryHead } from "./use-registry-head.ts";

/** Registries with a row of their own: each of them is watched for as long as the page is open. */
const MOST_ROWS = 5;

/** The registries on the dashboard, live; left out while there is none. */
export function RegistriesCard({ initial }: { initial: readonly Registry[] | undefined }) {
  const { data, error, retry } = useQueryOnConnect(
    registryListQuery,
    {},
    { initial: initial && { registries: [...initial] } },
  );
  return (
    <ListCard
      title="Registries"
      rows={data?.registries}
      error={error && errorText(error)}
      errorTitle="The registries can't be listed"
      onRetry={retry}
    >
      {(registries) => (
        <Card
          title="Registries"
          aside={
            <InternalLink href={routes.registries()} className="link inline-flex min-h-6 items-center">
              {registries.length > MOST_ROWS ? `All ${registries.length} registries` : "All registries"}
            </InternalLink>
          }
          flush
        >
          <ul className="overflow-hidden rounded-b-card">
            {registries.slice(0, MOST_ROWS).map((registry) => (
              <Row key={registry.id} registry={registry} />
            ))}
          </ul>
        </Card>
      )}
    </ListCard>
  );
}

function Row({ registry }: { registry: Registry }) {
  const { head, error } = useRegistryHead(registry.id);
  const isBuilding = head !== undefined && head.buildingCount > 0;
  return (
    <li className="border-b border-line last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-[18px] py-3 text-[13px] max-sm:px-4 sm:grid sm:min-h-[66px] sm:grid-cols-[minmax(0,5fr)_minmax(0,6fr)_116px]">
        <div className="min-w-0 max-sm:basis-full">
          <InternalLink
            href={routes.registry(registry.id)}
            className="link inline-flex min-h-6 items-center font-semibold [overflow-wrap:anywhere]"
          >
            {registry.name}
          </InternalLink>
          <p className="flex flex-wrap items-center gap-x-2 text-[12.5px] text-text-3">
            <span className="inline-flex min-w-0 items-center">
              <span className="font-mono text-[12px] [overflow-wrap:anywhere] text-text-2">{registry.loginServer}</span>
              <CopyButton iconOnly text={registry.loginServer} label={`Copy login server of ${registry.name}`} />
            </span>
            {registry.sku} · {registry.location}
          </p>
        </div>
        {head ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {!head.reachable && <ReachableChip head={head} />}
            <RegistryCounts head={head} />
          </div>
        ) : error ? (
          <span className="text-text-3">Not known: {errorText(error)}</span>
        ) : (
          <div role="status">
            <span className="sr-only">Loading…</span>
            <Skeleton className="h-4 w-52 max-w-full" />
          </div>
        )}
        {head && !isBuilding && (
          <ActionLink
            href={routes.newBuild(registry.id)}
            aria-label={`Build images in ${registry.name}`}
            className="sm:justify-self-end"
          >
            <Plus size={15} aria-hidden="true" /> Build
          </ActionLink>
        )}
      </div>
      {isBuilding && <div aria-hidden="true" className="busy-line" />}
    </li>
  );
}

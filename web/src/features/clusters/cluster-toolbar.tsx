"use client";

import { sortText } from "../../lib/sort.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import type { Cluster } from "./cluster-documents.ts";
import { type ClusterFilter, type ClusterSortKey, sortOf, USUAL_SORT } from "./cluster-filter.ts";
import { statusLabel } from "./cluster-status-chip.tsx";

interface ClusterToolbarProps {
  /** All of them: what can be chosen is what there is. */
  clusters: readonly Cluster[];
  filter: ClusterFilter;
  onChange(part: Partial<ClusterFilter>): void;
}

const SORT_LABELS: Record<ClusterSortKey, string> = {
  name: "name",
  status: "status, most urgent first",
  version: "version",
  location: "location",
  group: "resource group",
};

/** Chooses which clusters are shown; on a phone, where the table has no headings, also their order. */
export function ClusterToolbar({ clusters, filter, onChange }: ClusterToolbarProps) {
  const statuses = choices([...clusters.map(({ status }) => status), filter.status.toUpperCase()]);
  const locations = choices([...clusters.map(({ location }) => location), filter.location]);
  return (
    <div
      role="search"
      aria-label="Clusters"
      className="grid grid-cols-2 gap-2 border-b border-line px-[18px] py-2.5 max-sm:px-4 sm:grid-cols-[minmax(0,260px)_170px_170px]"
    >
      <div className="max-sm:col-span-2">
        <TextField
          id="cluster-search"
          label="Search clusters"
          hideLabel
          placeholder="Search name, group or pool"
          value={filter.search}
          onChange={(search) => onChange({ search })}
        />
      </div>
      <SelectField
        id="cluster-status"
        label="Status"
        hideLabel
        value={filter.status.toUpperCase()}
        options={[
          { value: "", label: "Any status" },
          ...statuses.map((value) => ({ value, label: statusLabel(value) })),
        ]}
        onChange={(status) => onChange({ status: status.toLowerCase() })}
      />
      <SelectField
        id="cluster-location"
        label="Location"
        hideLabel
        value={filter.location}
        options={[{ value: "", label: "Any location" }, ...locations.map((value) => ({ value, label: value }))]}
        onChange={(location) => onChange({ location })}
      />
      <div className="col-span-2 min-[721px]:hidden">
        <SelectField
          id="cluster-sort"
          label="Order"
          hideLabel
          value={sortOf(filter).key}
          options={Object.entries(SORT_LABELS).map(([value, label]) => ({ value, label: `By ${label}` }))}
          onChange={(key) => onChange({ sort: sortText({ key, isDescending: false }, USUAL_SORT) })}
        />
      </div>
    </div>
  );
}

function choices(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== "").sort();
}

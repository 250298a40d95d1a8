"use client";

import { useEffect, useState } from "react";
import type { CombinedError } from "urql";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { fieldId, focusField } from "../../lib/field-focus.ts";
import { useAnnounce } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SearchSelect } from "../../ui/search-select.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { catalogueQuery, type CreateFormData, locationsQuery } from "./cluster-documents.ts";
import { defaultLocation, defaultSize, sizeGroups, totalCpus, versionOptions } from "./create-cluster-choices.ts";
import { CreateClusterSummary } from "./create-cluster-summary.tsx";
import { type CreateClusterValues, withClusterName } from "./create-cluster-values.ts";
import { NodePoolsFieldset } from "./node-pools-fieldset.tsx";
import { PreflightCard } from "./preflight/preflight-card.tsx";
import { checkRows, type Fit, fitOf, preflightErrors } from "./preflight/preflight-rows.ts";
import { PREFLIGHT_ID } from "./preflight/preflight-verdict.tsx";
import { usePreflight } from "./preflight/use-preflight.ts";
import { RefusalNotice } from "./refusal-notice.tsx";
import { TagsFieldset } from "./tags-fieldset.tsx";
import { useCreateCluster } from "./use-create-cluster.ts";

interface CreateClusterFormProps {
  initial: CreateClusterValues;
  choices: CreateFormData;
  /** Path of the field that gets the focus at first. */
  fieldToChange?: string | undefined;
  /** Called once with the id of the provision that was started. */
  onStarted(provisionId: string): void;
}

/** Azure's own catalogues are away: the form stays, and what is known of it can be filled in meanwhile. */
function CatalogueNotice({ error, retry }: { error: CombinedError | undefined; retry(): void }) {
  if (!error) return null;
  return (
    <Notice
      tone="warning"
      title="Azure's locations and sizes can't be listed now"
      action={<Button onClick={retry}>Try again</Button>}
    >
      {errorText(error)}
    </Notice>
  );
}

/** Asks for a cluster. What is typed stays, whatever the server answers. */
export function CreateClusterForm({ initial, choices, fieldToChange, onStarted }: CreateClusterFormProps) {
  const announce = useAnnounce();
  const [typed, setTyped] = useState(initial);
  useEffect(() => {
    if (fieldToChange !== undefined) focusField(fieldToChange);
  }, [fieldToChange]);
  const { subscriptionId } = typed;
  const locations = useQueryOnConnect(
    locationsQuery,
    { subscriptionId },
    { pause: subscriptionId === "", reconcile: false },
  );
  const location = typed.location || defaultLocation(locations.data?.locations ?? []);
  const catalogue = useQueryOnConnect(
    catalogueQuery,
    { subscriptionId, location },
    { pause: subscriptionId === "" || location === "", reconcile: false },
  );
  const sizes = catalogue.data?.vmSizes;

  const usualSize = sizes ? defaultSize(sizes) : "";
  const values: CreateClusterValues = {
    ...typed,
    location,
    nodePools: typed.nodePools.map((pool) => ({ ...pool, vmSize: pool.vmSize || usualSize })),
  };
  const submission = useCreateCluster({ values, sizes, onStarted, onFieldErrors: focusField });
  const { touch } = submission;
  const preflight = usePreflight(values);
  const checks = checkRows(preflight, values, submission.wrong);
  const errors = { ...preflightErrors(preflight, values), ...submission.errors };
  function apply(fit: Fit) {
    setTyped(fit.apply);
    announce(`${fit.label}: done`);
  }
  const change = (part: Partial<CreateClusterValues>) => setTyped((before) => ({ ...before, ...part }));

  return (
    <form
      noValidate
      aria-label="Create a cluster"
      onSubmit={(event) => {
        event.preventDefault();
        void submission.submit();
      }}
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]"
    >
      <div className="grid min-w-0 gap-4">
        <CatalogueNotice
          error={locations.error ?? catalogue.error}
          retry={locations.error ? locations.retry : catalogue.retry}
        />
        <RefusalNotice refusal={submission.refusal} />
        <Card title="Basics">
          <div className="grid gap-x-4 gap-y-4 sm:grid-cols-2">
            <TextField
              id={fieldId("clusterName")}
              label="Cluster name"
              value={typed.clusterName}
              onChange={(name) => setTyped((before) => withClusterName(before, name))}
              onBlur={() => touch("clusterName", ...(typed.clusterName ? ["resourceGroup"] : []))}
              error={errors["clusterName"]}
              hint="1–63 letters, digits, hyphens and underscores."
            />
            <TextField
              id={fieldId("resourceGroup")}
              label="Resource group"
              value={typed.resourceGroup}
              onChange={(resourceGroup) => change({ resourceGroup, isResourceGroupOwn: true })}
              onBlur={() => touch("resourceGroup")}
              error={errors["resourceGroup"]}
              hint={
                typed.isResourceGroupOwn
                  ? "It is created when it doesn't exist."
                  : "It follows the name. It is created when it doesn't exist."
              }
            />
            <SelectField
              id={fieldId("subscriptionId")}
              label="Subscription"
              value={subscriptionId}
              options={choices.azure.subscriptions.map((subscription) => ({
                value: subscription.subscriptionId,
                label: subscription.displayName,
              }))}
              onChange={(chosen) => change({ subscriptionId: chosen, location: "" })}
              error={errors["subscriptionId"]}
            />
            <SearchSelect
              id={fieldId("location")}
              label="Location"
              value={location}
              groups={[
                {
                  value: "",
                  items: (locations.data?.locations ?? []).map(({ name, displayName }) => ({
                    value: name,
                    label: displayName,
                    detail: name,
                  })),
                },
              ]}
              onChange={(chosen) => change({ location: chosen })}
              onBlur={() => touch("location")}
              error={errors["location"]}
              placeholder={locations.data ? "Search locations" : "Loading locations…"}
              emptyText={locations.error ? "The locations can't be listed now." : "Loading locations…"}
            />
            <SelectField
              id={fieldId("kubernetesVersion")}
              label="Kubernetes version"
              value={typed.kubernetesVersion}
              options={versionOptions(catalogue.data?.kubernetesVersions, typed.kubernetesVersion)}
              onChange={(kubernetesVersion) => change({ kubernetesVersion })}
              error={errors["kubernetesVersion"]}
            />
            <SelectField
              id={fieldId("registryId")}
              label="Attach a registry"
              optional
              value={typed.registryId}
              options={[
                { value: "", label: "None" },
                ...choices.registries.map((registry) => ({ value: registry.id, label: registry.loginServer })),
              ]}
              onChange={(registryId) => change({ registryId })}
              error={errors["registryId"]}
              hint="The cluster's nodes may then pull its images."
            />
          </div>
        </Card>
        <NodePoolsFieldset
          pools={values.nodePools}
          sizes={sizes ? sizeGroups(sizes) : []}
          sizesText={catalogue.error ? "The sizes can't be listed now." : "Loading sizes…"}
          errors={errors}
          touch={touch}
          onChange={(nodePools) => change({ nodePools })}
        />
        <TagsFieldset tags={typed.tags} errors={errors} touch={touch} onChange={(tags) => change({ tags })} />
        <div id={PREFLIGHT_ID} tabIndex={-1} className="outline-none">
          <PreflightCard
            preflight={preflight}
            rows={checks}
            fit={preflight.findings && fitOf(preflight.findings.maxNodeCounts, values)}
            onApply={apply}
          />
        </div>
      </div>
      <CreateClusterSummary
        values={values}
        cpus={sizes && totalCpus(values.nodePools, sizes)}
        isSending={submission.isSending}
        errorCount={Object.keys(submission.errors).length}
        checks={preflight.isTooEarly ? undefined : checks}
      />
    </form>
  );
}

"use client";

import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { SearchSelect } from "../../ui/search-select.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { newPoolValues, poolFieldError, toPoolInput, ZONES, type AddPoolValues } from "./add-pool-values.ts";
import { catalogueQuery, type Cluster } from "./cluster-documents.ts";
import { sizeGroups } from "./create-cluster-choices.ts";
import type { ClusterChange } from "./use-cluster-change.ts";

/** What a new node pool is to be. */
export function AddPoolDialog({ cluster, change }: { cluster: Cluster; change: ClusterChange }) {
  const [values, setValues] = useState<AddPoolValues>(newPoolValues);
  const { subscriptionId, location } = cluster;
  const { data, error } = useQueryOnConnect(catalogueQuery, { subscriptionId, location }, { reconcile: false });
  const set = (part: Partial<AddPoolValues>) => setValues((before) => ({ ...before, ...part }));
  const errorOf = (field: string) => poolFieldError(change.fieldErrors, field);
  return (
    <ConfirmDialog
      isOpen
      title={`Add a node pool to ${cluster.name}`}
      description="Azure makes its machines within some minutes. They cost from then on."
      confirmLabel="Add pool"
      sendingLabel="Asking…"
      cancelLabel="Cancel"
      isSending={change.isSending}
      isIncomplete={values.name.trim() === "" || values.vmSize === ""}
      refusal={change.refusal ?? change.fieldErrors["pool"]}
      onConfirm={() => change.addPool(toPoolInput(values))}
      onClose={change.close}
    >
      <div className="grid gap-3.5 sm:grid-cols-2">
        <TextField
          id="pool-name"
          label="Name"
          value={values.name}
          onChange={(name) => set({ name })}
          error={errorOf("name")}
        />
        <SelectField
          id="pool-mode"
          label="Mode"
          value={values.mode}
          options={[
            { value: "USER", label: "User: runs applications" },
            { value: "SYSTEM", label: "System: runs the cluster's own pods" },
          ]}
          onChange={(mode) => set({ mode: mode === "SYSTEM" ? "SYSTEM" : "USER" })}
          error={errorOf("mode")}
        />
        <SearchSelect
          id="pool-size"
          label="Size"
          value={values.vmSize}
          groups={sizeGroups(data?.vmSizes ?? [])}
          onChange={(vmSize) => set({ vmSize })}
          error={errorOf("vmSize")}
          placeholder="Search sizes"
          emptyText={error ? errorText(error) : "Loading sizes…"}
        />
        <NumberField
          id="pool-count"
          label={values.isAutoscaled ? "Nodes at first" : "Nodes"}
          value={values.count}
          onChange={(count) => set({ count })}
          error={errorOf("count")}
        />
      </div>
      <Autoscale values={values} set={set} error={errorOf("autoscale")} />
      <fieldset>
        <legend className="mb-1 font-semibold">
          Availability zones <span className="font-normal text-text-3">(optional)</span>
        </legend>
        <div className="flex gap-4">
          {ZONES.map((zone) => (
            <Check
              key={zone}
              label={zone}
              isChecked={values.zones.includes(zone)}
              onChange={(isChecked) =>
                set({ zones: isChecked ? [...values.zones, zone].sort() : values.zones.filter((one) => one !== zone) })
              }
            />
          ))}
        </div>
        {errorOf("availabilityZones") && (
          <p className="mt-1 text-[12.5px] text-danger">{errorOf("availabilityZones")}</p>
        )}
      </fieldset>
      <TextField
        id="pool-taints"
        label="Taints"
        optional
        value={values.taints}
        onChange={(taints) => set({ taints })}
        placeholder="sku=gpu:NoSchedule"
        hint="As kubectl writes them, with commas between them."
        error={errorOf("taints")}
      />
      <TextField
        id="pool-labels"
        label="Labels"
        optional
        value={values.labels}
        onChange={(labels) => set({ labels })}
        placeholder="team=shop, tier=web"
        error={errorOf("labels")}
      />
    </ConfirmDialog>
  );
}

interface AutoscaleProps {
  values: AddPoolValues;
  set(part: Partial<AddPoolValues>): void;
  error: string | undefined;
}

function Autoscale({ values, set, error }: AutoscaleProps) {
  return (
    <div className="grid gap-2">
      <Check
        label="Let AKS choose the number of nodes within bounds"
        isChecked={values.isAutoscaled}
        onChange={(isAutoscaled) => set({ isAutoscaled })}
      />
      {values.isAutoscaled && (
        <div className="grid grid-cols-2 gap-3.5">
          <NumberField
            id="pool-min"
            label="Fewest nodes"
            value={values.minCount}
            onChange={(minCount) => set({ minCount })}
          />
          <NumberField
            id="pool-max"
            label="Most nodes"
            value={values.maxCount}
            onChange={(maxCount) => set({ maxCount })}
          />
        </div>
      )}
      {error && <p className="text-[12.5px] text-danger">{error}</p>}
    </div>
  );
}

function Check(props: { label: string; isChecked: boolean; onChange(isChecked: boolean): void }) {
  return (
    <label className="inline-flex min-h-6 items-center gap-2">
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={(event) => props.onChange(event.target.checked)}
        className="size-4 accent-(--accent)"
      />
      {props.label}
    </label>
  );
}

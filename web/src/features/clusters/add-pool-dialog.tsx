"use client";

import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { fieldId } from "../../lib/field-focus.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { SearchSelect } from "../../ui/search-select.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { type AddPoolValues, newPoolValues, toPoolInput } from "./add-pool-values.ts";
import { catalogueQuery, type Cluster } from "./cluster-documents.ts";
import { sizeGroups } from "./create-cluster-choices.ts";
import { PoolOptionsFields } from "./pool-options-fields.tsx";
import { errorAt } from "./pool-options.ts";
import type { ClusterChange } from "./use-cluster-change.ts";

/** What a new node pool is to be. */
export function AddPoolDialog({ cluster, change }: { cluster: Cluster; change: ClusterChange }) {
  const [values, setValues] = useState<AddPoolValues>(newPoolValues);
  const { subscriptionId, location } = cluster;
  const { data, error } = useQueryOnConnect(catalogueQuery, { subscriptionId, location }, { reconcile: false });
  const set = (part: Partial<AddPoolValues>) => setValues((before) => ({ ...before, ...part }));
  const errorOf = (field: string) => errorAt(change.fieldErrors, `pool.${field}`);
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
          id={fieldId("pool.name")}
          label="Name"
          value={values.name}
          onChange={(name) => set({ name })}
          error={errorOf("name")}
        />
        <SelectField
          id={fieldId("pool.mode")}
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
          id={fieldId("pool.vmSize")}
          label="Size"
          value={values.vmSize}
          groups={sizeGroups(data?.vmSizes ?? [])}
          onChange={(vmSize) => set({ vmSize })}
          error={errorOf("vmSize")}
          placeholder="Search sizes"
          emptyText={error ? errorText(error) : "Loading sizes…"}
        />
        <NumberField
          id={fieldId("pool.count")}
          label={values.autoscale.isOn ? "Nodes at first" : "Nodes"}
          value={values.count}
          onChange={(count) => set({ count })}
          error={errorOf("count")}
        />
      </div>
      <PoolOptionsFields
        path="pool"
        options={values}
        errors={change.fieldErrors}
        touch={() => undefined}
        onChange={set}
      />
    </ConfirmDialog>
  );
}

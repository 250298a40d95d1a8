"use client";

import { Plus, Trash2 } from "lucide-react";
import type { FieldErrors } from "../../lib/field-errors.ts";
import { fieldId } from "../../lib/field-focus.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { SearchSelect, type SearchOptionGroup } from "../../ui/search-select.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { newPool, type PoolValues } from "./create-cluster-values.ts";
import { PoolOptionsFold } from "./pool-options-fold.tsx";

interface NodePoolsFieldsetProps {
  pools: readonly PoolValues[];
  sizes: readonly SearchOptionGroup[];
  /** Said in the size list while there is none. */
  sizesText: string;
  errors: FieldErrors;
  touch(...paths: string[]): void;
  onChange(pools: readonly PoolValues[]): void;
}

/** The node pools, one block each. */
export function NodePoolsFieldset({ pools, sizes, sizesText, errors, touch, onChange }: NodePoolsFieldsetProps) {
  const replace = (index: number, part: Partial<PoolValues>) =>
    onChange(pools.map((pool, at) => (at === index ? { ...pool, ...part } : pool)));
  return (
    <Card title="Node pools" aside="At least one system pool">
      <div id={fieldId("nodePools")} tabIndex={-1} className="grid gap-4 outline-none">
        {pools.map((pool, index) => {
          const path = `nodePools.${index}`;
          const who = pool.name || `pool ${index + 1}`;
          return (
            <fieldset
              key={pool.key}
              className="grid items-start gap-3 border-b border-line pb-4 sm:grid-cols-[1fr_1fr] xl:grid-cols-[1fr_104px_1.6fr_132px_36px]"
            >
              <legend className="sr-only">Node pool {who}</legend>
              <TextField
                id={fieldId(`${path}.name`)}
                label="Name"
                value={pool.name}
                onChange={(name) => replace(index, { name })}
                onBlur={() => touch(`${path}.name`)}
                error={errors[`${path}.name`]}
              />
              <SelectField
                id={fieldId(`${path}.mode`)}
                label="Mode"
                value={pool.mode}
                options={[
                  { value: "SYSTEM", label: "System" },
                  { value: "USER", label: "User" },
                ]}
                onChange={(mode) => replace(index, { mode: mode === "SYSTEM" ? "SYSTEM" : "USER" })}
                error={errors[`${path}.mode`]}
              />
              <SearchSelect
                id={fieldId(`${path}.vmSize`)}
                label="Size"
                value={pool.vmSize}
                groups={sizes}
                onChange={(vmSize) => replace(index, { vmSize })}
                onBlur={() => touch(`${path}.vmSize`)}
                error={errors[`${path}.vmSize`]}
                hint={detailOf(sizes, pool.vmSize)}
                placeholder={sizes.length > 0 ? "Search sizes" : sizesText}
                emptyText={sizesText}
              />
              <NumberField
                id={fieldId(`${path}.count`)}
                label={pool.autoscale.isOn ? "Nodes at first" : "Nodes"}
                value={pool.count}
                onChange={(count) => replace(index, { count })}
                onBlur={() => touch(`${path}.count`)}
                error={errors[`${path}.count`]}
              />
              <div className="sm:col-span-2 xl:col-span-1 xl:pt-[25px]">
                <Button
                  look="quiet"
                  aria-label={`Remove ${who}`}
                  title={pools.length === 1 ? "A cluster has at least one pool" : `Remove ${who}`}
                  disabled={pools.length === 1}
                  onClick={() => onChange(pools.filter((other) => other !== pool))}
                  className="min-h-9 px-2 text-text-2"
                >
                  <Trash2 size={16} aria-hidden="true" />
                  <span className="xl:hidden">Remove</span>
                </Button>
              </div>
              <PoolOptionsFold
                path={path}
                options={pool}
                errors={errors}
                touch={touch}
                onChange={(part) => replace(index, part)}
              />
            </fieldset>
          );
        })}
        {errors["nodePools"] && <p className="text-[12.5px] text-danger">{errors["nodePools"]}</p>}
        <div>
          <Button onClick={() => onChange([...pools, newPool(pools)])}>
            <Plus size={16} aria-hidden="true" /> Add node pool
          </Button>
        </div>
      </div>
    </Card>
  );
}

function detailOf(groups: readonly SearchOptionGroup[], vmSize: string): string | undefined {
  return groups.flatMap((group) => group.items).find((option) => option.value === vmSize)?.detail;
}

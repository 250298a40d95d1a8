"use client";

import type { FieldErrors } from "../../lib/field-errors.ts";
import { fieldId } from "../../lib/field-focus.ts";
import { NumberField } from "../../ui/number-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { errorAt, type PoolOptions, ZONES } from "./pool-options.ts";

interface PoolOptionsFieldsProps {
  /** Where the pool stands in what is sent, such as `nodePools.0`. */
  path: string;
  options: PoolOptions;
  errors: FieldErrors;
  touch(...paths: string[]): void;
  onChange(part: Partial<PoolOptions>): void;
}

/** What a node pool may have beside its size: autoscaling, zones, taints and labels. */
export function PoolOptionsFields({ path, options, errors, touch, onChange }: PoolOptionsFieldsProps) {
  const zones = options.availabilityZones;
  const zonesError = errorAt(errors, `${path}.availabilityZones`);
  return (
    <div className="grid items-start gap-x-4 gap-y-3.5 sm:grid-cols-2">
      <Autoscale path={path} options={options} errors={errors} touch={touch} onChange={onChange} />
      <fieldset id={fieldId(`${path}.availabilityZones`)} tabIndex={-1} className="outline-none">
        <legend className="mb-1 font-semibold">
          Availability zones <span className="font-normal text-text-3">(optional)</span>
        </legend>
        <div className="flex min-h-9 flex-wrap gap-x-5">
          {ZONES.map((zone) => (
            <CheckBox
              key={zone}
              label={`Zone ${zone}`}
              isChecked={zones.includes(zone)}
              onChange={(isChecked) =>
                onChange({
                  availabilityZones: isChecked ? [...zones, zone].sort() : zones.filter((one) => one !== zone),
                })
              }
            />
          ))}
        </div>
        {zonesError && <p className="mt-1 text-[12.5px] text-danger">{zonesError}</p>}
      </fieldset>
      <TextField
        id={fieldId(`${path}.taints`)}
        label="Taints"
        optional
        value={options.taints}
        onChange={(taints) => onChange({ taints })}
        onBlur={() => touch(`${path}.taints`)}
        placeholder="sku=gpu:NoSchedule"
        hint="As kubectl writes them, with commas between them."
        error={errorAt(errors, `${path}.taints`)}
      />
      <TextField
        id={fieldId(`${path}.labels`)}
        label="Labels"
        optional
        value={options.labels}
        onChange={(labels) => onChange({ labels })}
        onBlur={() => touch(`${path}.labels`)}
        placeholder="team=shop, tier=web"
        hint="name=value, with commas between them."
        error={errorAt(errors, `${path}.labels`)}
      />
    </div>
  );
}

function Autoscale({ path, options, errors, touch, onChange }: PoolOptionsFieldsProps) {
  const { autoscale } = options;
  const at = `${path}.autoscale`;
  const error = errorAt(errors, at);
  const set = (part: Partial<PoolOptions["autoscale"]>) => onChange({ autoscale: { ...autoscale, ...part } });
  return (
    <fieldset id={fieldId(at)} tabIndex={-1} className="outline-none">
      <legend className="mb-1 font-semibold">Autoscale</legend>
      <CheckBox
        label="Let AKS choose the number of nodes"
        isChecked={autoscale.isOn}
        onChange={(isOn) => set({ isOn })}
      />
      {autoscale.isOn && (
        <div className="mt-2 grid grid-cols-2 gap-3">
          <NumberField
            id={fieldId(`${at}.minCount`)}
            label="Fewest nodes"
            value={autoscale.minCount}
            onChange={(minCount) => set({ minCount })}
            onBlur={() => touch(at)}
          />
          <NumberField
            id={fieldId(`${at}.maxCount`)}
            label="Most nodes"
            value={autoscale.maxCount}
            onChange={(maxCount) => set({ maxCount })}
            onBlur={() => touch(at)}
          />
        </div>
      )}
      {error && <p className="mt-1 text-[12.5px] text-danger">{error}</p>}
    </fieldset>
  );
}

function CheckBox(props: { label: string; isChecked: boolean; onChange(isChecked: boolean): void }) {
  return (
    <label className="inline-flex min-h-9 items-center gap-2">
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

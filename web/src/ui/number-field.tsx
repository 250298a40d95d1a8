"use client";

import { NumberField as BaseNumberField } from "@base-ui/react/number-field";
import { Minus, Plus } from "lucide-react";
import { Field, fieldControlProps } from "./field.tsx";

interface NumberFieldProps {
  id: string;
  label: string;
  /** `null` while the field is empty. */
  value: number | null;
  onChange(value: number | null): void;
  onBlur?(): void;
  error?: string | undefined;
  hideLabel?: boolean;
}

/** A whole number with a step button on either side. It takes any number: its rule is told as an error, not forced on the typing. */
export function NumberField({ id, label, value, onChange, onBlur, error, hideLabel }: NumberFieldProps) {
  const stepClass = "flex w-9 shrink-0 items-center justify-center text-text-2 hover:bg-neutral-soft max-sm:w-11";
  return (
    <Field id={id} label={label} error={error} hideLabel={hideLabel ?? false}>
      <BaseNumberField.Root
        id={id}
        value={value}
        onValueChange={onChange}
        step={1}
        format={{ maximumFractionDigits: 0, useGrouping: false }}
      >
        <BaseNumberField.Group
          data-invalid={error ? "" : undefined}
          className="flex h-9 overflow-hidden rounded-control border border-control bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent data-invalid:border-danger data-invalid:bg-danger-soft max-sm:h-11"
        >
          <BaseNumberField.Decrement className={stepClass} aria-label="Decrease">
            <Minus size={14} aria-hidden="true" />
          </BaseNumberField.Decrement>
          <BaseNumberField.Input
            {...fieldControlProps(id, error, false)}
            onBlur={onBlur}
            className="w-full min-w-0 flex-1 border-x border-line bg-transparent text-center tabular-nums outline-none max-sm:text-base"
          />
          <BaseNumberField.Increment className={stepClass} aria-label="Increase">
            <Plus size={14} aria-hidden="true" />
          </BaseNumberField.Increment>
        </BaseNumberField.Group>
      </BaseNumberField.Root>
    </Field>
  );
}

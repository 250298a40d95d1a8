import { ChevronDown } from "lucide-react";
import { CONTROL_CLASS, Field, fieldControlProps } from "./field.tsx";

export interface Option {
  value: string;
  label: string;
}

interface SelectFieldProps {
  id: string;
  label: string;
  value: string;
  options: readonly Option[];
  onChange(value: string): void;
  onBlur?(): void;
  hint?: string;
  error?: string | undefined;
  optional?: boolean;
  hideLabel?: boolean;
  disabled?: boolean;
}

/** A choice from a short list: the platform's own select, which phones and screen readers know best. */
export function SelectField({
  id,
  label,
  value,
  options,
  onChange,
  onBlur,
  hint,
  error,
  optional,
  hideLabel,
  disabled,
}: SelectFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error} optional={optional ?? false} hideLabel={hideLabel ?? false}>
      <div className="relative">
        <select
          {...fieldControlProps(id, error, Boolean(hint))}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
          className={`${CONTROL_CLASS} appearance-none pr-8`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          size={16}
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-text-3"
        />
      </div>
    </Field>
  );
}

import type { ReactNode } from "react";

interface FieldProps {
  /** Of the control; the hint and the error get ids derived from it. */
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  /** The label is there for screen readers only, where a heading over a column shows it already. */
  hideLabel?: boolean;
  children: ReactNode;
}

/** Label, control, hint and error of one input. Spread {@link fieldControlProps} on the control. */
export function Field({ id, label, hint, error, optional = false, hideLabel = false, children }: FieldProps) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1 block font-semibold"}>
        {label}
        {optional && <span className="font-normal text-text-3"> (optional)</span>}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-[12.5px] text-danger">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="mt-1 text-[12.5px] text-text-3">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/** What ties a control to its {@link Field}. */
export function fieldControlProps(id: string, error: string | undefined, hasHint: boolean) {
  return {
    id,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": error ? `${id}-error` : hasHint ? `${id}-hint` : undefined,
  };
}

export const CONTROL_CLASS =
  "h-9 w-full min-w-0 rounded-control border border-control bg-surface px-2.5 text-text placeholder:text-text-3 aria-invalid:border-danger aria-invalid:bg-danger-soft disabled:opacity-60 max-sm:h-11 max-sm:text-base";

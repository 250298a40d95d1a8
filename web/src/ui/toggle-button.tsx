import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface ToggleButtonProps {
  isOn: boolean;
  onChange(isOn: boolean): void;
  children: ReactNode;
  title?: string;
}

/** A small switch in a toolbar. */
export function ToggleButton({ isOn, onChange, children, title }: ToggleButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      title={title}
      onClick={() => onChange(!isOn)}
      className={classNames(
        "inline-flex min-h-8 items-center gap-1.5 rounded-control border px-2.5 text-[13px] whitespace-nowrap",
        isOn
          ? "border-accent bg-accent-soft font-semibold text-accent"
          : "border-line-strong text-text-2 hover:bg-surface-2",
      )}
    >
      {children}
    </button>
  );
}

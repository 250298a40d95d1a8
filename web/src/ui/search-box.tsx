import { Search } from "lucide-react";
import type { Ref } from "react";
import { CONTROL_CLASS } from "./field.tsx";

interface SearchBoxProps {
  label: string;
  /** @default the label */
  placeholder?: string;
  value: string;
  onChange(words: string): void;
  onEnter?(isShifted: boolean): void;
  onBlur?(): void;
  /** Id of a `datalist` to choose from while typing. */
  list?: string;
  ref?: Ref<HTMLInputElement>;
}

/** Words to look for, in a field with a glass in it. */
export function SearchBox({ label, placeholder = label, value, onChange, onEnter, onBlur, list, ref }: SearchBoxProps) {
  return (
    <div className="relative min-w-0 flex-1">
      <Search
        size={15}
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
      />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        list={list}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={({ key, shiftKey }) => {
          if (key === "Enter") onEnter?.(shiftKey);
        }}
        onBlur={onBlur}
        className={`${CONTROL_CLASS} pl-8`}
      />
    </div>
  );
}

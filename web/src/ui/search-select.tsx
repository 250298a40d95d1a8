"use client";

import { Combobox } from "@base-ui/react/combobox";
import { Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import { CONTROL_CLASS, Field, fieldControlProps } from "./field.tsx";

export interface SearchOption {
  value: string;
  label: string;
  /** More about it, in the list and found by searching. */
  detail?: string | undefined;
  /** Why it can't be chosen: it is listed all the same, so that nobody looks for it in vain. */
  unavailable?: string | undefined;
}

export interface SearchOptionGroup {
  /** Heading; empty for a list without groups. */
  value: string;
  items: readonly SearchOption[];
}

interface SearchSelectProps {
  id: string;
  label: string;
  groups: readonly SearchOptionGroup[];
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
  hint?: string | undefined;
  error?: string | undefined;
  hideLabel?: boolean;
  placeholder?: string;
  /** Shown in place of the list while there is none. */
  emptyText: string;
}

/** A choice from a long list that can be searched by typing. */
export function SearchSelect(props: SearchSelectProps) {
  const { id, label, groups, value, onChange, onBlur, hint, error, hideLabel, placeholder, emptyText } = props;
  const known = groups.flatMap((group) => group.items).find((option) => option.value === value);
  // A value that the list doesn't have (yet) stays visible: the server judges it.
  const selected = useKeptOption(known ?? (value ? { value, label: value } : null));
  return (
    <Field id={id} label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      <Combobox.Root
        items={groups}
        value={selected}
        onValueChange={(option: SearchOption | null) => {
          if (option) onChange(option.value);
        }}
        isItemEqualToValue={(one: SearchOption, other: SearchOption) => one.value === other.value}
        itemToStringLabel={(option: SearchOption) => option.label}
        filter={(option: SearchOption, query: string) => matches(option, query)}
        autoHighlight
      >
        <Combobox.InputGroup className="relative">
          <Combobox.Input
            {...fieldControlProps(id, error, Boolean(hint))}
            placeholder={placeholder}
            onBlur={onBlur}
            onFocus={(event) => event.currentTarget.select()}
            className={`${CONTROL_CLASS} pr-9`}
          />
          <Combobox.Trigger
            aria-label="Show every choice"
            className="absolute top-0 right-0 flex h-full w-9 items-center justify-center rounded-control text-text-3"
          >
            <ChevronDown size={16} aria-hidden="true" />
          </Combobox.Trigger>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={4} className="z-[60] outline-none">
            <Combobox.Popup className="max-h-[min(24rem,var(--available-height))] w-max max-w-[min(34rem,var(--available-width))] min-w-[var(--anchor-width)] overflow-y-auto overscroll-contain rounded-card border border-line bg-surface text-text shadow-popup">
              <Combobox.Empty>
                <p className="px-3 py-3 text-text-2">
                  {groups.length === 0 ? emptyText : "Nothing matches what you typed."}
                </p>
              </Combobox.Empty>
              <Combobox.List className="py-1 outline-none data-empty:p-0">
                {(group: SearchOptionGroup) => (
                  <Combobox.Group key={group.value} items={group.items} className="pb-1">
                    {group.value && (
                      <Combobox.GroupLabel className="px-3 pt-2 pb-1 text-[12px] font-semibold text-text-3">
                        {group.value}
                      </Combobox.GroupLabel>
                    )}
                    <Combobox.Collection>
                      {(option: SearchOption) => (
                        <Combobox.Item
                          key={option.value}
                          value={option}
                          disabled={option.unavailable !== undefined}
                          className="grid min-h-8 cursor-default grid-cols-[16px_1fr_auto] items-center gap-x-2 px-3 py-1.5 outline-none select-none data-highlighted:bg-accent-soft data-disabled:text-text-3"
                        >
                          <Combobox.ItemIndicator className="col-start-1 text-accent">
                            <Check size={14} aria-hidden="true" />
                          </Combobox.ItemIndicator>
                          <span className="col-start-2">{option.label}</span>
                          {option.detail && (
                            <span className="col-start-3 text-[12.5px] text-text-3 tabular-nums">{option.detail}</span>
                          )}
                          {option.unavailable && (
                            <span className="col-span-2 col-start-2 text-[12px]">{option.unavailable}</span>
                          )}
                        </Combobox.Item>
                      )}
                    </Combobox.Collection>
                  </Combobox.Group>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
    </Field>
  );
}

/** The same object as long as it says the same: for another one Base UI takes back what somebody is typing. */
function useKeptOption(option: SearchOption | null): SearchOption | null {
  const [kept, setKept] = useState(option);
  const isSame = kept?.value === option?.value && kept?.label === option?.label;
  if (!isSame) setKept(option);
  return isSame ? kept : option;
}

function matches(option: SearchOption, query: string): boolean {
  const text = `${option.label} ${option.value} ${option.detail ?? ""}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

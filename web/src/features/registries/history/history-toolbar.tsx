"use client";

import { Search } from "lucide-react";
import { useState } from "react";
import { CONTROL_CLASS } from "../../../ui/field.tsx";
import { SelectField } from "../../../ui/select-field.tsx";
import { type HistoryFilter, parseHistoryState, STATES } from "./history-filter.ts";

interface HistoryToolbarProps {
  filter: HistoryFilter;
  /** To choose from while typing. */
  images: readonly string[];
  onChange(part: Partial<HistoryFilter>): void;
}

/** Which builds are shown. An image takes effect when it is typed whole: by Enter, or by leaving the field. */
export function HistoryToolbar({ filter, images, onChange }: HistoryToolbarProps) {
  const [typed, setTyped] = useState({ image: filter.image, text: filter.image });
  // A filter that was set elsewhere takes the place of what stands in the field.
  const text = typed.image === filter.image ? typed.text : filter.image;

  function apply(next: string) {
    const image = next.trim();
    setTyped({ image, text: image });
    if (image !== filter.image) onChange({ image });
  }
  return (
    <form
      role="search"
      aria-label="Builds"
      className="flex flex-wrap items-center gap-2 border-b border-line px-[18px] py-2.5 max-sm:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        apply(text);
      }}
    >
      <div className="relative min-w-0 flex-1 basis-56 sm:max-w-80">
        <Search
          size={15}
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
        />
        <input
          type="search"
          aria-label="Image, by its whole name"
          placeholder="Image, such as team/service"
          list="history-images"
          value={text}
          onChange={({ target }) => {
            // Emptied, or chosen from the list: nothing more is to be typed.
            if (target.value === "" || images.includes(target.value)) apply(target.value);
            else setTyped({ image: filter.image, text: target.value });
          }}
          onBlur={() => apply(text)}
          className={`${CONTROL_CLASS} pl-8`}
        />
        <datalist id="history-images">
          {images.map((image) => (
            <option key={image} value={image}>
              {image}
            </option>
          ))}
        </datalist>
      </div>
      <div className="w-44 max-sm:w-full">
        <SelectField
          id="history-state"
          label="State"
          hideLabel
          value={filter.state}
          options={STATES}
          onChange={(state) => onChange({ state: parseHistoryState(state) })}
        />
      </div>
    </form>
  );
}

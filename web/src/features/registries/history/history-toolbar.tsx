"use client";

import { useState } from "react";
import { SearchBox } from "../../../ui/search-box.tsx";
import { SelectField } from "../../../ui/select-field.tsx";
import { Toolbar } from "../../../ui/toolbar.tsx";
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
    <Toolbar searches="Builds">
      <div className="flex min-w-0 flex-1 basis-56 sm:max-w-80">
        <SearchBox
          label="Image, by its whole name"
          placeholder="Image, such as team/service"
          list="history-images"
          value={text}
          onChange={(next) => {
            // Emptied, or chosen from the list: nothing more is to be typed.
            if (next === "" || images.includes(next)) apply(next);
            else setTyped({ image: filter.image, text: next });
          }}
          onEnter={() => apply(text)}
          onBlur={() => apply(text)}
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
    </Toolbar>
  );
}

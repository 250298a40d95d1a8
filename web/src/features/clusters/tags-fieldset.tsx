"use client";

import { Plus, Trash2 } from "lucide-react";
import type { FieldErrors } from "../../lib/field-errors.ts";
import { fieldId } from "../../lib/field-focus.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { newTag, type TagValues } from "./create-cluster-values.ts";

interface TagsFieldsetProps {
  tags: readonly TagValues[];
  errors: FieldErrors;
  touch(...paths: string[]): void;
  onChange(tags: readonly TagValues[]): void;
}

/** Azure tags of the cluster; there need not be any. */
export function TagsFieldset({ tags, errors, touch, onChange }: TagsFieldsetProps) {
  const replace = (index: number, part: Partial<TagValues>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)));
  return (
    <Card title="Tags" aside="Optional">
      <div id={fieldId("tags")} tabIndex={-1} className="grid gap-3 outline-none">
        {tags.map((tag, index) => (
          <fieldset key={tag.key} className="grid grid-cols-[1fr_1fr_36px] items-start gap-3">
            <legend className="sr-only">Tag {tag.name || index + 1}</legend>
            <TextField
              id={fieldId(`tags.${index}.name`)}
              label="Name"
              value={tag.name}
              onChange={(name) => replace(index, { name })}
              onBlur={() => touch(`tags.${index}.name`)}
              error={errors[`tags.${index}.name`]}
            />
            <TextField
              id={fieldId(`tags.${index}.value`)}
              label="Value"
              value={tag.value}
              onChange={(value) => replace(index, { value })}
              onBlur={() => touch(`tags.${index}.value`)}
              error={errors[`tags.${index}.value`]}
            />
            <div className="pt-[25px]">
              <Button
                look="quiet"
                aria-label={`Remove tag ${tag.name || index + 1}`}
                onClick={() => onChange(tags.filter((other) => other !== tag))}
                className="min-h-9 px-2 text-text-2"
              >
                <Trash2 size={16} aria-hidden="true" />
              </Button>
            </div>
          </fieldset>
        ))}
        {errors["tags"] && <p className="text-[12.5px] text-danger">{errors["tags"]}</p>}
        <div>
          <Button onClick={() => onChange([...tags, newTag(tags)])}>
            <Plus size={16} aria-hidden="true" /> Add tag
          </Button>
        </div>
      </div>
    </Card>
  );
}

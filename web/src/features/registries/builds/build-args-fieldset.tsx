"use client";

import { Plus, Trash2 } from "lucide-react";
import type { FieldErrors } from "../../../lib/field-errors.ts";
import { fieldId } from "../../../lib/field-focus.ts";
import { Button } from "../../../ui/button.tsx";
import { CONTROL_CLASS, Field, fieldControlProps } from "../../../ui/field.tsx";
import { TextField } from "../../../ui/text-field.tsx";
import { type BuildArgValues, nextArg } from "./start-build-values.ts";

interface BuildArgsFieldsetProps {
  /** Path of the arguments, such as `images.0.buildArgs`. */
  path: string;
  args: readonly BuildArgValues[];
  errors: FieldErrors;
  touch(...paths: string[]): void;
  onChange(args: readonly BuildArgValues[]): void;
}

/** Build arguments of one image. A secret one goes to Azure and is kept nowhere. */
export function BuildArgsFieldset({ path, args, errors, touch, onChange }: BuildArgsFieldsetProps) {
  const replace = (index: number, part: Partial<BuildArgValues>) =>
    onChange(args.map((arg, at) => (at === index ? { ...arg, ...part } : arg)));
  return (
    <div id={fieldId(path)} tabIndex={-1} className="grid gap-3 outline-none">
      {args.map((arg, index) => {
        const at = `${path}.${index}`;
        const who = arg.name || `argument ${index + 1}`;
        const valueError = errors[`${at}.value`] ?? errors[at];
        return (
          <fieldset
            key={arg.key}
            id={fieldId(at)}
            tabIndex={-1}
            className="grid grid-cols-[1fr_36px] items-start gap-3 outline-none sm:grid-cols-[1fr_1.4fr_86px_36px]"
          >
            <legend className="sr-only">Build argument {who}</legend>
            <TextField
              id={fieldId(`${at}.name`)}
              label="Name"
              value={arg.name}
              onChange={(name) => replace(index, { name })}
              onBlur={() => touch(`${at}.name`)}
              error={errors[`${at}.name`]}
            />
            <div className="max-sm:order-3 max-sm:col-span-2">
              <Field id={fieldId(`${at}.value`)} label="Value" error={valueError}>
                <input
                  {...fieldControlProps(fieldId(`${at}.value`), valueError, false)}
                  type={arg.secret ? "password" : "text"}
                  value={arg.value}
                  autoComplete={arg.secret ? "new-password" : "off"}
                  spellCheck={false}
                  onChange={(event) => replace(index, { value: event.target.value })}
                  onBlur={() => touch(`${at}.value`)}
                  className={CONTROL_CLASS}
                />
              </Field>
            </div>
            <label className="flex min-h-9 items-center gap-2 self-start max-sm:order-4 max-sm:col-span-2 sm:mt-[25px]">
              <input
                type="checkbox"
                checked={arg.secret}
                onChange={(event) => replace(index, { secret: event.target.checked })}
                className="size-4 accent-accent"
              />
              Secret
            </label>
            <div className="pt-[25px]">
              <Button
                look="quiet"
                aria-label={`Remove ${who}`}
                onClick={() => onChange(args.filter((other) => other !== arg))}
                className="min-h-9 px-2 text-text-2"
              >
                <Trash2 size={16} aria-hidden="true" />
              </Button>
            </div>
          </fieldset>
        );
      })}
      {errors[path] && <p className="text-[12.5px] text-danger">{errors[path]}</p>}
      <div>
        <Button onClick={() => onChange([...args, nextArg(args)])}>
          <Plus size={16} aria-hidden="true" /> Add build argument
        </Button>
      </div>
    </div>
  );
}

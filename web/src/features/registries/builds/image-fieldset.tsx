"use client";

import { ArrowRight, Trash2 } from "lucide-react";
import type { FieldErrors } from "../../../lib/field-errors.ts";
import { fieldId } from "../../../lib/field-focus.ts";
import { routes } from "../../../lib/routes.ts";
import { Button, LinkButton } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { NumberField } from "../../../ui/number-field.tsx";
import { SelectField } from "../../../ui/select-field.tsx";
import { TextField } from "../../../ui/text-field.tsx";
import { BuildArgsFieldset } from "./build-args-fieldset.tsx";
import { PLATFORMS } from "./start-build-rules.ts";
import type { ImageValues } from "./start-build-values.ts";
import type { ImageRefusal } from "./use-start-builds.ts";

interface ImageFieldsetProps {
  index: number;
  values: ImageValues;
  /** The registry's host name, shown in front of the image's name. */
  loginServer: string;
  refusal: ImageRefusal | undefined;
  errors: FieldErrors;
  canRemove: boolean;
  touch(...paths: string[]): void;
  onChange(values: ImageValues): void;
  onRemove(): void;
}

/** One image to build: what it is called, where its source is, and how it is built. */
export function ImageFieldset(props: ImageFieldsetProps) {
  const { index, values, loginServer, refusal, errors, canRemove, touch, onChange, onRemove } = props;
  const at = `images.${index}`;
  const change = (part: Partial<ImageValues>) => onChange({ ...values, ...part });
  const changeSource = (part: Partial<ImageValues["source"]>) => change({ source: { ...values.source, ...part } });
  const field = (path: string) => ({
    id: fieldId(`${at}.${path}`),
    error: errors[`${at}.${path}`],
    onBlur: () => touch(`${at}.${path}`),
  });
  return (
    <Card
      title={`Image ${index + 1}`}
      aside={
        canRemove && (
          <Button
            look="quiet"
            onClick={onRemove}
            aria-label={`Remove image ${index + 1}`}
            className="-mr-2 px-2 text-text-2"
          >
            <Trash2 size={16} aria-hidden="true" /> Remove
          </Button>
        )
      }
    >
      <div id={fieldId(at)} tabIndex={-1} className="grid gap-4 outline-none">
        {refusal && <Refusal refusal={refusal} />}
        <div className="grid gap-4 sm:grid-cols-[1.6fr_1fr]">
          <TextField
            {...field("image")}
            label="Image"
            value={values.image}
            onChange={(image) => change({ image })}
            hint={`${loginServer}/${values.image || "…"}`}
            placeholder="team/service"
          />
          <TextField
            {...field("tag")}
            label="Tag"
            value={values.tag}
            onChange={(tag) => change({ tag })}
            placeholder="1.4.1"
          />
        </div>
        <TextField
          {...field("source.gitUrl")}
          label="Git repository"
          value={values.source.gitUrl}
          onChange={(gitUrl) => changeSource({ gitUrl })}
          placeholder="https://github.com/owner/repository.git"
          hint="ACR fetches it. Public addresses without credentials."
        />
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField
            {...field("source.ref")}
            label="Branch, tag or commit"
            optional
            value={values.source.ref}
            onChange={(ref) => changeSource({ ref })}
            placeholder="main"
          />
          <TextField
            {...field("source.contextPath")}
            label="Folder"
            optional
            value={values.source.contextPath}
            onChange={(contextPath) => changeSource({ contextPath })}
            placeholder="services/api"
          />
          <TextField
            {...field("dockerfile")}
            label="Dockerfile"
            optional
            value={values.dockerfile}
            onChange={(dockerfile) => change({ dockerfile })}
            placeholder="Dockerfile"
          />
        </div>
        <div className="grid gap-4 sm:grid-cols-3">
          <SelectField
            {...field("platform")}
            label="Platform"
            value={values.platform}
            options={PLATFORMS.map((platform) => ({ value: platform, label: platform }))}
            onChange={(platform) => change({ platform })}
          />
          <NumberField
            {...field("timeoutSeconds")}
            label="Timeout in minutes"
            value={values.timeoutSeconds === null ? null : Math.ceil(values.timeoutSeconds / 60)}
            onChange={(minutes) => change({ timeoutSeconds: minutes === null ? null : Math.round(minutes * 60) })}
          />
        </div>
        <BuildArgsFieldset
          path={`${at}.buildArgs`}
          args={values.buildArgs}
          errors={errors}
          touch={touch}
          onChange={(buildArgs) => change({ buildArgs })}
        />
      </div>
    </Card>
  );
}

function Refusal({ refusal }: { refusal: ImageRefusal }) {
  const { runningBuildId } = refusal;
  return (
    <div role="alert">
      <Notice
        tone={runningBuildId ? "info" : "danger"}
        title={runningBuildId ? "This image and tag is being built already" : "This image was not started"}
        action={
          runningBuildId && (
            <LinkButton href={routes.build(runningBuildId)} look="primary">
              Watch it <ArrowRight size={15} aria-hidden="true" />
            </LinkButton>
          )
        }
      >
        {refusal.message}
      </Notice>
    </div>
  );
}

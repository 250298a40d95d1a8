"use client";

import { LoaderCircle, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { isConnectionCut } from "../../../graphql/connection-monitor.ts";
import { useConnection } from "../../../graphql/live-provider.tsx";
import { focusField } from "../../../lib/field-focus.ts";
import { routes } from "../../../lib/routes.ts";
import { ActionButton } from "../../../ui/action-button.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { InternalLink } from "../../../ui/internal-link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import type { BuildRegistry } from "./build-documents.ts";
import { ImageFieldset } from "./image-fieldset.tsx";
import { MOST_IMAGES } from "./start-build-rules.ts";
import { type ImageValues, nextImage } from "./start-build-values.ts";
import { type BuildSubmission, type StartedBuild, useStartBuilds } from "./use-start-builds.ts";

interface StartBuildFormProps {
  registry: BuildRegistry;
  initial: ImageValues;
  /** Something to say above the form, such as what could not be filled in. */
  note?: string | undefined;
  /** Path of the field, within its image, that gets the focus at first. */
  fieldToChange?: string | undefined;
  /** Called when every image is being built. */
  onAllStarted(started: readonly StartedBuild[]): void;
}

/** Asks for builds of one or several images. What is typed stays, whatever the server answers. */
export function StartBuildForm({ registry, initial, note, fieldToChange, onAllStarted }: StartBuildFormProps) {
  const [images, setImages] = useState<readonly ImageValues[]>([initial]);
  useEffect(() => {
    if (fieldToChange !== undefined) focusField(`images.0.${fieldToChange}`);
  }, [fieldToChange]);
  const submission = useStartBuilds({
    registryId: registry.id,
    images,
    onAllStarted,
    onSomeStarted: setImages,
    onFieldErrors: focusField,
  });
  return (
    <form
      noValidate
      aria-label="Build images"
      onSubmit={(event) => {
        event.preventDefault();
        void submission.submit();
      }}
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_300px]"
    >
      <div className="grid min-w-0 gap-4">
        {note && <Notice tone="info" title={note} />}
        {submission.refusal && (
          <div role="alert">
            <Notice tone="danger" title="Nothing was started">
              {submission.refusal}
            </Notice>
          </div>
        )}
        {images.map((image, index) => (
          <ImageFieldset
            key={image.key}
            index={index}
            values={image}
            loginServer={registry.loginServer}
            refusal={submission.imageRefusals.get(image.key)}
            errors={submission.errors}
            canRemove={images.length > 1}
            touch={submission.touch}
            onChange={(next) => setImages((before) => before.map((one) => (one.key === next.key ? next : one)))}
            onRemove={() => setImages((before) => before.filter((one) => one.key !== image.key))}
          />
        ))}
        <div>
          <Button
            disabled={images.length >= MOST_IMAGES}
            onClick={() => setImages((before) => [...before, nextImage(before)])}
          >
            <Plus size={16} aria-hidden="true" /> Add another image
          </Button>
        </div>
      </div>
      <Summary images={images} submission={submission} />
    </form>
  );
}

function Summary({ images, submission }: { images: readonly ImageValues[]; submission: BuildSubmission }) {
  const { status } = useConnection();
  const isCut = isConnectionCut(status);
  const { isSending, started } = submission;
  const errorCount = Object.keys(submission.errors).length;
  return (
    <div className="lg:sticky lg:top-[76px]">
      <Card title="Summary">
        <div className="grid gap-4">
          {started.length > 0 && (
            <div>
              <p className="font-semibold">Started</p>
              <ul className="mt-1 grid gap-1 text-[13px]">
                {started.map((build) => (
                  <li key={build.buildId}>
                    <InternalLink href={routes.build(build.buildId)} className="link [overflow-wrap:anywhere]">
                      {build.name}
                    </InternalLink>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <ul aria-label="Images to build" className="grid gap-1 text-[13px]">
            {images.map((image, index) => (
              <li key={image.key} className="[overflow-wrap:anywhere]">
                {image.image ? (
                  `${image.image}${image.tag && `:${image.tag}`}`
                ) : (
                  <span className="text-text-3">Image {index + 1}</span>
                )}
              </li>
            ))}
          </ul>
          <ActionButton look="primary" type="submit" disabled={isSending || isCut} className="min-h-10 w-full">
            {isSending && <LoaderCircle size={16} aria-hidden="true" className="icon-spin" />}
            {isSending ? "Starting…" : images.length === 1 ? "Start build" : `Start ${images.length} builds`}
          </ActionButton>
          <p className="text-[12.5px] text-text-3" role="status">
            {statusText(isCut, isSending, errorCount)}
          </p>
        </div>
      </Card>
    </div>
  );
}

function statusText(isCut: boolean, isSending: boolean, errorCount: number): string {
  if (isCut && isSending)
    return "The connection was lost. The request goes out again when it is back; nothing is built twice.";
  if (isCut) return "Start is off while there is no connection to Slipway.";
  if (errorCount > 0) return errorCount === 1 ? "One field needs attention." : `${errorCount} fields need attention.`;
  return "You can leave the page once it has started: builds run at Azure.";
}

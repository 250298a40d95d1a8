"use client";

import { useRef, useState } from "react";
import { errorText } from "../../../graphql/error-text.ts";
import { useLive } from "../../../graphql/live-provider.tsx";
import type { FieldErrors } from "../../../lib/field-errors.ts";
import { type StartedImage, startBuildsMutation } from "./build-documents.ts";
import { checkImages } from "./start-build-rules.ts";
import { type ImageValues, toStartBuildsInput } from "./start-build-values.ts";

/** Why one image is not being built. */
export interface ImageRefusal {
  message: string;
  /** The build of the same image and tag that runs already. */
  runningBuildId?: string;
}

export interface StartedBuild {
  buildId: string;
  name: string;
}

export interface BuildSubmission {
  isSending: boolean;
  /** Why nothing was started at all, other than by errors of single fields. */
  refusal: string | undefined;
  /** By the key of the image. */
  imageRefusals: ReadonlyMap<number, ImageRefusal>;
  /** What has been started from this form so far. */
  started: readonly StartedBuild[];
  errors: FieldErrors;
  touch(...paths: string[]): void;
  submit(): Promise<void>;
}

interface SubmissionOptions {
  registryId: string;
  images: readonly ImageValues[];
  /** Called when every image is being built, with all that this form has started. */
  onAllStarted(started: readonly StartedBuild[]): void;
  /** Called with the images that are left to do when some are being built and others were refused. */
  onSomeStarted(left: readonly ImageValues[]): void;
  /** Called with the path of the first field in error after a submit. */
  onFieldErrors(firstPath: string): void;
}

/** Sends the form. Each image has its own outcome; the server starts no second build of an image and tag that is being built, however often it is asked. */
export function useStartBuilds(options: SubmissionOptions): BuildSubmission {
  const { registryId, images } = options;
  const { client } = useLive();
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isSubmitted, setIsSubmitted] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [imageRefusals, setImageRefusals] = useState<ReadonlyMap<number, ImageRefusal>>(new Map());
  const [found, setFound] = useState<readonly { path: string; message: string; value: string }[]>([]);
  const [started, setStarted] = useState<readonly StartedBuild[]>([]);
  const inFlight = useRef(false);

  const local = checkImages(images);
  const shownLocal = Object.entries(local).filter(([path]) => isSubmitted || touched.has(path));
  const shownFound = found
    .filter((error) => error.value === valueAt(images, error.path))
    .map((error) => [error.path, error.message] as const);
  const errors: FieldErrors = Object.fromEntries([...shownFound, ...shownLocal]);

  function takeResults(results: readonly StartedImage[]) {
    const refused = new Map<number, ImageRefusal>();
    const begun = [...started];
    results.forEach((result, index) => {
      const key = images[index]?.key;
      if (result.build) begun.push({ buildId: result.build.id, name: `${result.image}:${result.tag}` });
      else if (key !== undefined) refused.set(key, refusalOf(result));
    });
    setStarted(begun);
    setImageRefusals(refused);
    if (refused.size === 0) return options.onAllStarted(begun);
    inFlight.current = false;
    setIsSending(false);
    setIsSubmitted(false);
    setTouched(new Set());
    options.onSomeStarted(images.filter((image) => refused.has(image.key)));
  }

  async function submit(): Promise<void> {
    if (inFlight.current) return;
    setIsSubmitted(true);
    setRefusal(undefined);
    setImageRefusals(new Map());
    const firstPath = Object.keys(local)[0];
    if (firstPath) return options.onFieldErrors(firstPath);
    inFlight.current = true;
    setIsSending(true);
    const { data, error } = await client
      .mutation(startBuildsMutation, { input: toStartBuildsInput(registryId, images) })
      .toPromise();
    if (data?.startBuilds.__typename === "StartBuildsSuccess") return takeResults(data.startBuilds.results);
    inFlight.current = false;
    setIsSending(false);
    if (data?.startBuilds.__typename === "InvalidInputError") {
      const fields = data.startBuilds.fields.map((field) => ({ ...field, value: valueAt(images, field.path) }));
      setFound(fields);
      const first = fields.find((field) => field.path.startsWith("images."));
      if (first) return options.onFieldErrors(first.path);
    }
    setRefusal(data ? data.startBuilds.message : error ? errorText(error) : NO_ANSWER);
  }

  return {
    isSending,
    refusal,
    imageRefusals,
    started,
    errors,
    touch: (...paths) => setTouched((before) => new Set([...before, ...paths])),
    submit,
  };
}

const NO_ANSWER =
  "The request got no answer. Press Start again: an image and tag that is being built is not built twice.";

function refusalOf({ error }: StartedImage): ImageRefusal {
  if (!error) return { message: "The server gave no reason." };
  if (error.__typename === "DuplicateBuildError") return { message: error.message, runningBuildId: error.build.id };
  return { message: error.message };
}

/** What stands at a path such as `images.0.source.gitUrl`, as text to compare. */
function valueAt(images: readonly ImageValues[], path: string): string {
  const found = path
    .split(".")
    .reduce<unknown>(
      (node, step) => (typeof node === "object" && node !== null ? (node as Record<string, unknown>)[step] : undefined),
      { images },
    );
  return JSON.stringify(found) ?? "";
}

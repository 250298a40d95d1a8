"use client";

import { useRef, useState } from "react";
import { useLive } from "../../graphql/live-provider.tsx";
import type { FieldErrors } from "../../lib/field-errors.ts";
import { type StartProvisionResult, startProvisionMutation, type VmSize } from "./cluster-documents.ts";
import { checkValues } from "./create-cluster-rules.ts";
import { type CreateClusterValues, newIdempotencyKey, toInput, valueAt } from "./create-cluster-values.ts";

/** Why nothing was started, other than by errors of single fields. */
export type Refusal =
  | { kind: "in-progress"; message: string; provisionId: string }
  | { kind: "exists"; message: string }
  | { kind: "other"; message: string };

interface Attempt {
  fingerprint: string;
  idempotencyKey: string;
}

export interface Submission {
  isSending: boolean;
  refusal: Refusal | undefined;
  /** What the browser itself knows to be wrong, shown already or not. */
  wrong: FieldErrors;
  /** Errors to show now: of fields that have been left or submitted, and those the server found in values that still stand. */
  errors: FieldErrors;
  /** Marks fields as left, so that their errors show from now on. */
  touch(...paths: string[]): void;
  submit(): Promise<void>;
}

interface SubmissionOptions {
  values: CreateClusterValues;
  sizes: readonly VmSize[] | undefined;
  onStarted(provisionId: string): void;
  /** Called with the path of the first field in error after a submit. */
  onFieldErrors(firstPath: string): void;
}

/**
 * Sends the form. The idempotency key belongs to the values: pressing again, or a request that the socket repeats after a reconnect, is the
 * same intention and makes one provision; changed values are a new intention.
 */
export function useCreateCluster({ values, sizes, onStarted, onFieldErrors }: SubmissionOptions): Submission {
  const { client } = useLive();
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isSubmitted, setIsSubmitted] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [found, setFound] = useState<readonly { path: string; message: string; value: string }[]>([]);
  const attempt = useRef<Attempt>(undefined);
  const inFlight = useRef(false);

  const local = checkValues(values, sizes);
  const shownLocal = Object.entries(local).filter(([path]) => isSubmitted || touched.has(path));
  const shownFound = found
    .filter((error) => error.value === valueAt(values, error.path))
    .map((error) => [error.path, error.message] as const);
  const errors: FieldErrors = Object.fromEntries([...shownFound, ...shownLocal]);

  async function submit(): Promise<void> {
    if (inFlight.current) return;
    setIsSubmitted(true);
    setRefusal(undefined);
    const firstPath = Object.keys(local)[0];
    if (firstPath) return onFieldErrors(firstPath);

    const fingerprint = JSON.stringify(toInput(values, null));
    if (attempt.current?.fingerprint !== fingerprint)
      attempt.current = { fingerprint, idempotencyKey: newIdempotencyKey() };
    inFlight.current = true;
    setIsSending(true);
    const { data, error } = await client
      .mutation(startProvisionMutation, { input: toInput(values, attempt.current.idempotencyKey) })
      .toPromise();
    // After a success the button stays busy: the next thing to see is the provision's page.
    if (data?.startProvision.__typename === "StartProvisionSuccess") return onStarted(data.startProvision.provision.id);
    inFlight.current = false;
    setIsSending(false);
    if (data?.startProvision.__typename === "InvalidInputError") {
      const fields = data.startProvision.fields.map((field) => ({ ...field, value: valueAt(values, field.path) }));
      setFound(fields);
      const first = fields[0];
      if (first) return onFieldErrors(first.path);
    }
    setRefusal(
      data
        ? refusalOf(data.startProvision)
        : {
            kind: "other",
            message:
              error?.graphQLErrors[0]?.message ??
              "The request got no answer. Press Create again: it can't make a second cluster.",
          },
    );
  }

  return {
    isSending,
    refusal,
    wrong: local,
    errors,
    touch: (...paths) => setTouched((before) => new Set([...before, ...paths])),
    submit,
  };
}

function refusalOf(result: Exclude<StartProvisionResult, { __typename: "StartProvisionSuccess" }>): Refusal {
  switch (result.__typename) {
    case "ProvisionInProgressError":
      return { kind: "in-progress", message: result.message, provisionId: result.provision.id };
    case "ClusterExistsError":
      return { kind: "exists", message: result.message };
    default:
      return { kind: "other", message: result.message };
  }
}

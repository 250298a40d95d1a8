import type { z } from "zod";
import type { EntityChange } from "../storage/entity-store.ts";
import type { JobRef } from "./job.ts";

/**
 * A kind of job apart from its implementation: whoever starts one needs only this. The schemas parse what was stored
 * each time it is read, so that a job outlives a change of the code that wrote it.
 */
export interface JobDefinition<Input, Checkpoint> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly checkpoint: z.ZodType<Checkpoint>;
  readonly firstStep: string;
}

export function defineJob<Input, Checkpoint>(
  definition: JobDefinition<Input, Checkpoint>,
): JobDefinition<Input, Checkpoint> {
  return definition;
}

/** What a step is given for one look. */
export interface JobLook<Input, Checkpoint> {
  readonly ref: JobRef;
  readonly input: Input;
  readonly checkpoint: Checkpoint;
  /** The request that it was begun for, as a W3C `traceparent`; undefined when nothing is known of it. */
  readonly origin?: string | undefined;
  /** Somebody asked for the job to end. The step decides how, and answers with a `finish` of CANCELED when it is so. */
  readonly cancelRequested: boolean;
  /** Aborts when the look takes too long or the process stops; what was sent to Azure may have taken effect. */
  readonly signal: AbortSignal;
}

/**
 * What a look came to. It is stored in one transaction with `changes`, fenced by the job's lease:
 * - `again`: the same step after `delayMs`, holding nothing meanwhile;
 * - `next`: go on with another step, at once;
 * - `park`: nothing to do until `JobService.wake`;
 * - `finish`: the job has ended.
 */
export type JobMove<Checkpoint> =
  | (MoveBase<Checkpoint> & {
      readonly kind: "again";
      readonly delayMs: number;
      /** For a look that did not get what it asked for; counted, nothing else. */
      readonly retry?: RetryReason;
    })
  | (MoveBase<Checkpoint> & { readonly kind: "next"; readonly step: string })
  | (MoveBase<Checkpoint> & { readonly kind: "park" })
  | (MoveBase<Checkpoint> & { readonly kind: "finish"; readonly state: "SUCCEEDED" | "FAILED" | "CANCELED" });

/** What stood in the way: a limit on requests, or anything else that may pass. */
export type RetryReason = "throttled" | "trouble";

interface MoveBase<Checkpoint> {
  readonly checkpoint: Checkpoint;
  /**
   * Records to change together with the job. Called again, to read them afresh, when one of them was changed by somebody
   * else meanwhile: it must compute its result from what it reads then.
   */
  readonly changes?: () => Promise<JobChanges>;
}

export interface JobChanges {
  readonly changes: readonly EntityChange[];
  /** Tells the world, once the changes are stored. Must not throw; a lost hint is made good by readers. */
  readonly stored?: () => void;
}

export interface JobStep<Input, Checkpoint> {
  readonly name: string;
  /**
   * Looks once and says what is next. It may run again after a crash at any point, so all it does to the world must be
   * idempotent. An error it throws is a defect or an outage of the store: the look is repeated with growing delays.
   */
  run(look: JobLook<Input, Checkpoint>): Promise<JobMove<Checkpoint>>;
}

export interface JobImplementation<Input, Checkpoint> {
  readonly definition: JobDefinition<Input, Checkpoint>;
  readonly steps: readonly JobStep<Input, Checkpoint>[];
  /** Ends the job when it can't go on: its look kept throwing, or kept killing the process. */
  giveUp(look: JobLook<Input, Checkpoint>, reason: GiveUpReason): Promise<JobMove<Checkpoint>>;
}

export type GiveUpReason = { readonly kind: "poisoned" } | { readonly kind: "failing"; readonly error: unknown };

/** Erases the type parameters, for the runner's list of all kinds. */
export type AnyJobImplementation = JobImplementation<unknown, unknown>;

export function implementJob<Input, Checkpoint>(
  implementation: JobImplementation<Input, Checkpoint>,
): AnyJobImplementation {
  // The runner parses input and checkpoint with this implementation's own schemas before it calls a step.
  return implementation as unknown as AnyJobImplementation;
}

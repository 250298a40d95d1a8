/**
 * A job is the durable record of one piece of long work. Its states:
 *
 *   WAITING ──look──► WAITING (looked, goes on at `wakeAt`)
 *      │  ▲
 *      │  └─ wake ── PARKED (nothing to do until somebody asks; no timer runs)
 *      └──────────► SUCCEEDED | FAILED | CANCELED (never left again)
 *
 * There is no "running" state to get stuck in: who works on a job is a lease beside the state, and a worker that dies
 * leaves a WAITING job whose lease runs out. Only `JobStore` writes job records.
 */
export type JobState = "WAITING" | "PARKED" | "SUCCEEDED" | "FAILED" | "CANCELED";

/** A job and the records it keeps share a partition, so that one transaction can change both. */
export interface JobRef {
  readonly partitionKey: string;
  readonly jobId: string;
}

export interface JobRecord {
  readonly ref: JobRef;
  /** Name of its definition. */
  readonly name: string;
  readonly state: JobState;
  /** Name of the step that the next look runs. */
  readonly step: string;
  /** JSON, checked against the definition's schemas whenever it is read. */
  readonly input: string;
  readonly checkpoint: string;
  /** Not before this time (epoch ms) does anybody have to look. */
  readonly wakeAtMs: number;
  readonly lease: JobLease | undefined;
  /** Rises with every claim; a worker that was overtaken finds another number and stops. */
  readonly fence: number;
  /** Claims since a look last came to its end: how often a worker died on this job in a row. */
  readonly crashes: number;
  /** Looks in a row that threw. */
  readonly failures: number;
  /** Rises with every request from outside to look at once, so that a look under way can't overlook one. */
  readonly wakes: number;
  readonly cancelRequestedAtMs: number | undefined;
  /** The request that it was begun for, as a W3C `traceparent`; undefined when nobody in particular asked. */
  readonly origin: string | undefined;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | undefined;
}

export interface JobLease {
  /** `<instance>:<claim>`; another one for every claim, so that a duplicate message can't pass for its original. */
  readonly owner: string;
  readonly untilMs: number;
}

export function isTerminal(state: JobState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELED";
}

/** One string for a ref, for maps, logs and queue messages. */
export function formatJobRef(ref: JobRef): string {
  return `${ref.partitionKey}|${ref.jobId}`;
}

/** @throws when `text` was not made by `formatJobRef`. */
export function parseJobRef(text: string): JobRef {
  const at = text.lastIndexOf("|");
  if (at < 1 || at === text.length - 1) throw new Error(`'${text}' is no job reference.`);
  return { partitionKey: text.slice(0, at), jobId: text.slice(at + 1) };
}

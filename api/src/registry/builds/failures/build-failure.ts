import type { Remedy } from "../../../shared/remedy.ts";
import type { AcrBuildInput } from "../acr-build.ts";

export type BuildFailureCategory =
  | "FIREWALL"
  | "SIGN_IN"
  | "SOURCE"
  | "DOCKERFILE"
  | "BASE_IMAGE"
  | "PULL_LIMIT"
  | "MISSING_FILE"
  | "PLATFORM"
  | "NO_SPACE"
  | "OUT_OF_MEMORY"
  | "NETWORK"
  | "PUSH_DENIED"
  | "TIMED_OUT"
  | "STEP_FAILED"
  | "AZURE_UNAVAILABLE";

/** Why a build failed, as its log tells it: in our words and in those of the log, and what can be done. */
export interface BuildFailure {
  readonly category: BuildFailureCategory;
  /** What happened, with the names and numbers, in a sentence or two. */
  readonly summary: string;
  /** The line that says so. */
  readonly message: string;
  readonly remedies: readonly Remedy[];
}

/** What is known of a build besides its log. */
export interface BuildAbout {
  /** Of its registry. */
  readonly name: string;
  readonly loginServer: string;
  /** `image:tag`; undefined of a run of which nobody knows it. */
  readonly image?: string | undefined;
  /** Undefined of a run that others started. */
  readonly input?: AcrBuildInput | undefined;
}

/** How one kind of failure is known, told and mended. */
export interface BuildFailureRule {
  readonly name: string;
  readonly category: BuildFailureCategory;
  /** What a line of the log, or Azure's own reason, says then; named groups are what it tells. */
  readonly words: readonly RegExp[];
  readonly tell: (facts: BuildFacts, about: BuildAbout) => string;
  readonly remedies: (facts: BuildFacts, about: BuildAbout) => readonly Remedy[];
  /** The code or page that says so. */
  readonly source: string;
}

export type BuildFacts = Readonly<Record<string, string | undefined>>;

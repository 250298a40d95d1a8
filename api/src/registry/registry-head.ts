import type { RegistryProblem } from "./registry-problem.ts";
import { NO_REPOSITORIES, type RepositoryCounts } from "./repository.ts";

/** How a registry is as a whole. */
export interface RegistryHead {
  /** Rises by one with every stored change of the registry, its repositories or its builds. */
  readonly sequence: number;
  /** Why Azure Resource Manager could not be asked for builds at the last look. */
  readonly armProblem: RegistryProblem | null;
  /** Why the data plane could not be asked for images at the last try. */
  readonly dataPlaneProblem: RegistryProblem | null;
  /** What the rows add up to; undefined in heads of before they were counted. */
  readonly counts?: RepositoryCounts;
  /** The last listing of repositories went through to the end. */
  readonly isListingComplete: boolean;
  /** Every build has its place in the list of its image; missing in heads of before there were such lists. */
  readonly hasImageHistory?: true;
  /** ISO time of the last answer of Azure Resource Manager about builds. */
  readonly observedAt?: string;
  /** ISO time when the last listing that went through began: every row is at least as new. */
  readonly imagesObservedAt?: string;
}

export const NEW_HEAD: RegistryHead = {
  sequence: 0,
  armProblem: null,
  dataPlaneProblem: null,
  counts: NO_REPOSITORIES,
  isListingComplete: false,
  hasImageHistory: true,
};

/**
 * The head with what was found. A problem keeps the words that it was first told in until it is another one: Azure gives each
 * refusal an id and a time of its own, which would be news to everybody with every look.
 */
export function nextHead(stored: RegistryHead, found: Partial<Omit<RegistryHead, "sequence">>): RegistryHead {
  const next = { ...stored, ...found };
  return {
    ...next,
    armProblem: keptProblem(stored.armProblem, next.armProblem),
    dataPlaneProblem: keptProblem(stored.dataPlaneProblem, next.dataPlaneProblem),
  };
}

function keptProblem(stored: RegistryProblem | null, found: RegistryProblem | null): RegistryProblem | null {
  return stored && found && situationOf(stored) === situationOf(found) ? stored : found;
}

const PASSING_WORDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[T ][\d:.]+Z?|\b\d+ seconds?\b/gi;

/** All of a problem but ids, times and how long to wait. */
function situationOf({ code, message }: RegistryProblem): string {
  return `${code} ${message.replaceAll(PASSING_WORDS, "")}`;
}

/** The times of looks alone are no change. */
export function isSameHead(a: RegistryHead, b: RegistryHead): boolean {
  const essence = ({ armProblem, dataPlaneProblem, isListingComplete }: RegistryHead): string =>
    JSON.stringify([armProblem, dataPlaneProblem, isListingComplete]);
  return essence(a) === essence(b);
}

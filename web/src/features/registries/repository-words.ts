import type { ChipIcon, ChipTone } from "../../ui/chip.tsx";
import type { Build } from "./builds/build-documents.ts";
import { imageName } from "./builds/build-words.ts";
import type { Repository, RepositoryState } from "./registry-documents.ts";
import type { RepositoryList } from "./repository-list.ts";

const LOOKS: Record<RepositoryState, { label: string; tone: ChipTone; icon: ChipIcon }> = {
  AVAILABLE: { label: "Available", tone: "success", icon: "check" },
  QUEUED: { label: "Queued", tone: "neutral", icon: "clock" },
  STARTED: { label: "Starting", tone: "accent", icon: "spinner" },
  RUNNING: { label: "Running", tone: "accent", icon: "spinner" },
  FAILED: { label: "Failed", tone: "danger", icon: "cross" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
  ERROR: { label: "Error", tone: "danger", icon: "warning" },
  TIMEOUT: { label: "Timed out", tone: "danger", icon: "clock" },
  DELETED: { label: "Deleted", tone: "neutral", icon: "ban" },
  UNKNOWN: { label: "Unknown", tone: "neutral", icon: "question" },
};

/** How a repository with no build in flight looks. A state this UI doesn't know shows its own word. */
export function repositoryLook(state: RepositoryState): (typeof LOOKS)[RepositoryState] {
  const looks = LOOKS as Record<string, (typeof LOOKS)[RepositoryState] | undefined>;
  return looks[state] ?? { label: state, tone: "neutral", icon: "question" };
}

/** An image that is being built for the first time: no push has made its repository yet. */
export function isGhost(repository: Repository): boolean {
  return repository.activeBuilds.length > 0 && repository.tagCount === 0;
}

export function hasFailed(repository: Repository): boolean {
  const status = repository.lastBuild?.status;
  return status === "FAILED" || status === "ERROR" || status === "TIMEOUT";
}

export const STATE_FILTERS = [
  { value: "all", label: "All states" },
  { value: "building", label: "Building" },
  { value: "failed", label: "Last build failed" },
  { value: "available", label: "Available" },
  { value: "deleted", label: "Deleted" },
] as const;

export type StateFilter = (typeof STATE_FILTERS)[number]["value"];

export function parseStateFilter(text: string | null | undefined): StateFilter {
  return STATE_FILTERS.find((filter) => filter.value === text)?.value ?? "all";
}

const MATCHES: Record<StateFilter, (repository: Repository) => boolean> = {
  all: () => true,
  building: (repository) => repository.activeBuilds.length > 0,
  failed: hasFailed,
  available: (repository) => repository.tagCount > 0 && repository.state !== "DELETED",
  deleted: (repository) => repository.state === "DELETED",
};

/** The rows to show, in their order: those of this state whose name or a tag has the words in it. */
export function visibleRows(list: RepositoryList, words: string, state: StateFilter): readonly Repository[] {
  const wanted = words.trim().toLowerCase();
  const rows: Repository[] = [];
  const take = (repository: Repository | undefined) => {
    if (repository && MATCHES[state](repository) && hasWords(repository, wanted)) rows.push(repository);
  };
  for (const id of list.order) take(list.byId.get(id));
  if (state === "deleted") {
    const shown = new Set(list.order);
    for (const repository of list.byId.values()) if (!shown.has(repository.id)) take(repository);
  }
  return rows;
}

function hasWords(repository: Repository, wanted: string): boolean {
  if (wanted === "" || repository.name.toLowerCase().includes(wanted)) return true;
  if (repository.tags.some((tag) => `${repository.name}:${tag.name}`.toLowerCase().includes(wanted))) return true;
  return repository.activeBuilds.some((build) => imageName(build).toLowerCase().includes(wanted));
}

/** The build a row's actions are about: the newest in flight, else the last one. */
export function currentBuild(repository: Repository): Build | undefined {
  return repository.activeBuilds[0] ?? repository.lastBuild ?? undefined;
}

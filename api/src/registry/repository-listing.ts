import type { AcrGateway } from "./acr-gateway.ts";
import { MOST_REPOSITORIES_PER_WRITE, type RegistryStore } from "./registry-store.ts";
import type { Registry } from "./registry.ts";
import { isOldRun, isOver, type RepositoryFindings } from "./repository.ts";

const NEWEST_TAGS = 10;
const SIDE_BY_SIDE = 8;
/** Tombstones are shown for a day; then they are dropped, some with each pass. */
const KEPT_MS = 25 * 60 * 60_000;
const KEPT_OVER_MS = 10 * 60_000;
const MOST_FORGOTTEN = 10;

/**
 * A pass over all repositories of a registry, a slice a look. Kept in memory: a pass that its process did not finish starts
 * over, because only a whole one can tell which repositories are gone.
 */
export interface ListingPass {
  readonly startedAtMs: number;
  /** Where the next slice begins; undefined at the start. */
  readonly after: string | undefined;
  readonly seen: ReadonlySet<string>;
}

/** What a listing has found of repositories, by name. */
export type ListedRepositories = ReadonlyMap<string, Omit<RepositoryFindings, "builds">>;

export interface ListingSlice {
  readonly repositories: ListedRepositories;
  /** The pass to go on with; undefined when this slice was the last one. */
  readonly next: ListingPass | undefined;
  readonly seen: ReadonlySet<string>;
  /** Repositories that are gone for so long that nobody needs to be told any more. */
  readonly forgotten: readonly string[];
}

export function newPass(nowMs: number): ListingPass {
  return { startedAtMs: nowMs, after: undefined, seen: new Set() };
}

/** Lists the next slice of repositories with their newest tags. Data-plane requests only, a few side by side. */
export async function listSlice(
  deps: { readonly acr: AcrGateway; readonly store: RegistryStore },
  registry: Registry,
  pass: ListingPass,
  signal: AbortSignal,
): Promise<ListingSlice> {
  const page = await deps.acr.listRepositoryNames(registry, pass.after, MOST_REPOSITORIES_PER_WRITE / 2, signal);
  const repositories = await listTags(deps.acr, registry, page.names, signal);
  const seen = new Set([...pass.seen, ...page.names]);
  if (page.after !== undefined)
    return { repositories, seen, forgotten: [], next: { startedAtMs: pass.startedAtMs, after: page.after, seen } };
  const forgotten: string[] = [];
  for (const known of await deps.store.listRepositories(registry)) {
    const wasListed = known.tagsObservedAt !== undefined && known.deletedAt === undefined;
    if (wasListed && !seen.has(known.name) && repositories.size < MOST_REPOSITORIES_PER_WRITE)
      repositories.set(known.name, { isGone: true });
    if (isOldRun(known, pass.startedAtMs)) repositories.set(known.name, { isGone: true });
    const keptMs = isOver(known) ? KEPT_OVER_MS : KEPT_MS;
    const isGone = isOver(known) || known.deletedAt !== undefined;
    if (isGone && pass.startedAtMs - Date.parse(known.deletedAt ?? known.observedAt) > keptMs)
      forgotten.push(known.name);
  }
  return { repositories, seen, forgotten: forgotten.slice(0, MOST_FORGOTTEN), next: undefined };
}

/** The newest tags of some repositories; one that is gone is said to be. */
export async function listTags(
  acr: AcrGateway,
  registry: Registry,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Omit<RepositoryFindings, "builds">>> {
  const found = new Map<string, Omit<RepositoryFindings, "builds">>();
  const waiting = [...names];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      try {
        found.set(name, (await acr.listTags(registry, name, NEWEST_TAGS, signal)) ?? { isGone: true });
      } catch (error) {
        // The others end too: after a refusal nothing more is asked.
        waiting.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return found;
}

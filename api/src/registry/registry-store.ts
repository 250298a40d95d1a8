import type { JobChanges } from "../jobs/define-job.ts";
import { armIdKey, tryParseArmId } from "../shared/arm-id.ts";
import {
  EntityChangedError,
  EntityExistsError,
  listAll,
  type EntityChange,
  type EntityRange,
  type EntityStore,
  type EntityTable,
  type StoredEntity,
} from "../storage/entity-store.ts";
import { laterOf, type AcrBuild } from "./builds/acr-build.ts";
import { readBuildHistory, type BuildFilter, type BuildPage, type PageRequest } from "./builds/build-history.ts";
import { buildChanges, droppedChanges, guardRow } from "./builds/build-rows.ts";
import { fillImageHistory } from "./builds/fill-image-history.ts";
import { isSameHead, NEW_HEAD, nextHead, type RegistryHead } from "./registry-head.ts";
import { registryKey, type Registry } from "./registry.ts";
import {
  addCounts,
  applyRepositoryFindings,
  NO_REPOSITORIES,
  withoutBuilds,
  type AcrRepository,
  type RepositoryCounts,
  type RepositoryFindings,
} from "./repository.ts";
import { rowHash } from "./row-hash.ts";

/** What a writer has found out, to be stored in one transaction. */
export interface RegistryFindings {
  readonly head?: Partial<Omit<RegistryHead, "sequence">>;
  readonly builds?: readonly AcrBuild[];
  readonly repositories?: ReadonlyMap<string, Omit<RepositoryFindings, "builds">>;
  /** Intents that Azure has refused: they are as if they had never been. */
  readonly withdrawn?: readonly AcrBuild[];
  /** Repositories whose rows have nothing more to tell. */
  readonly forgotten?: readonly string[];
  /** Takes the guard of these builds' image:tag; the write fails with EntityExistsError when it is taken. */
  readonly guarded?: readonly AcrBuild[];
}

/** What a write has changed, for the live channel. */
export interface RegistryChange {
  readonly head: RegistryHead;
  readonly repositories: readonly AcrRepository[];
  readonly builds: readonly AcrBuild[];
}

/** Changes that a transaction has room for, beside the head and the job that is written along. */
const MOST_CHANGES = 96;
/**
 * The build, its two places in the history, its run, its place among those in flight and its repository when it is new. Later
 * no more than that either: those that Azure tells the image of are in two repositories and lists, but have no guard. One that
 * is matched with its run may take the place of what was recorded of it: four rows and a repository more.
 */
const CHANGES_PER_BUILD = 11;
export const MOST_BUILDS_PER_WRITE = Math.floor(MOST_CHANGES / CHANGES_PER_BUILD);
export const MOST_REPOSITORIES_PER_WRITE = 80;

/** How many builds fit into one write that has `repositories` changed repositories besides. */
export function buildsThatFit(repositories: number): number {
  return Math.max(1, Math.floor((MOST_CHANGES - repositories) / CHANGES_PER_BUILD));
}

/**
 * Everything about one registry, in one partition of the jobs' table: `head`, `repository:<hash>` and the rows of
 * `builds/build-rows.ts`. A table of its own lists the registries that Slipway has seen.
 * Every write replaces the head by ETag and raises its sequence, so writers can't overlook each other, and the
 * version of a repository or a build is the sequence of the write that changed it.
 */
export interface RegistryStore {
  /** Keeps what Azure said of the registry, for when it can't be asked. */
  remember(registry: Registry): Promise<void>;
  /** What was kept of the registry with this ARM id. */
  recall(armId: string): Promise<Registry | undefined>;
  /** Every registry that was kept. */
  listKnown(): Promise<readonly Registry[]>;
  readHead(registry: Registry): Promise<RegistryHead>;
  listRepositories(registry: Registry): Promise<readonly AcrRepository[]>;
  readBuild(id: string): Promise<AcrBuild | undefined>;
  /** The build that this run is, if anybody owns it. */
  readBuildIdOfRun(registry: Registry, runId: string): Promise<string | undefined>;
  readGuard(registry: Registry, image: Pick<AcrBuild, "image" | "tag">): Promise<string | undefined>;
  listActiveBuilds(registry: Registry): Promise<readonly AcrBuild[]>;
  /** Builds of the registry, newest first. */
  listBuilds(registry: Registry, filter: BuildFilter, page: PageRequest): Promise<BuildPage>;
  /** Sees to it once that the lists by image have the builds of before there were any. Safe to repeat. */
  fillImageHistory(registry: Registry): Promise<void>;
  /** Computes the changes of `findings` on what is stored now, for a transaction of the caller's. */
  changes(
    registry: Registry,
    findings: RegistryFindings,
    stored: (change: RegistryChange) => void,
  ): Promise<JobChanges>;
  /** The same as a transaction of its own. @throws EntityExistsError when a guard is taken */
  write(registry: Registry, findings: RegistryFindings): Promise<RegistryChange>;
}

const MAX_TRIES = 20;
const KNOWN = "known";

export function registryPartition(registry: Pick<Registry, "name">): string {
  return `registry:${registryKey(registry)}`;
}

/** A build id names its registry, so that it can be read with nothing but the id. */
export function formatBuildId(registry: Pick<Registry, "name">, name: string): string {
  return `${registryKey(registry)}.${name}`;
}

/** Id of the record of a run that was not started here, or was not known to be. */
export function foreignBuildId(registry: Pick<Registry, "name">, runId: string): string {
  return formatBuildId(registry, `run-${runId}`);
}

export function createRegistryStore(deps: {
  readonly store: EntityStore;
  readonly workTable: string;
  readonly now: () => number;
}): RegistryStore {
  const table = deps.store.table(deps.workTable);
  const index = deps.store.table("registryindex");
  // All writes of a registry replace its head: writers of this process take turns instead of failing by each other.
  const writing = new Map<string, Promise<undefined>>();

  function readRows<T>(registry: Registry, prefix: string): Promise<T[]> {
    const partitionKey = registryPartition(registry);
    return readAll<T>(table, { partitionKey, fromRowKey: `${prefix}:`, toRowKey: `${prefix};` });
  }

  async function readAll<T>(from: EntityTable, range: EntityRange): Promise<T[]> {
    return (await listAll(from, range)).map((entity) => parse<T>(entity));
  }

  async function readStoredHead(registry: Registry): Promise<{ readonly head: RegistryHead; readonly etag: string }> {
    const key = { partitionKey: registryPartition(registry), rowKey: "head" };
    for (;;) {
      const entity = await table.get(key);
      if (entity) return { head: parse<RegistryHead>(entity), etag: entity.etag };
      try {
        await table.insert({ ...key, properties: { record: JSON.stringify(NEW_HEAD) } });
      } catch (error) {
        if (!(error instanceof EntityExistsError)) throw error;
      }
    }
  }

  async function readRepository(registry: Registry, name: string): Promise<AcrRepository | undefined> {
    const entity = await table.get({ partitionKey: registryPartition(registry), rowKey: repositoryRow(name) });
    return entity && parse<AcrRepository>(entity);
  }

  async function prepare(
    registry: Registry,
    findings: RegistryFindings,
  ): Promise<{ readonly changes: EntityChange[]; readonly change: RegistryChange }> {
    const partitionKey = registryPartition(registry);
    const put = (rowKey: string, record: unknown): EntityChange => ({
      kind: "upsert",
      entity: { partitionKey, rowKey, properties: { record: JSON.stringify(record) } },
    });
    const stored = await readStoredHead(registry);
    const sequence = stored.head.sequence + 1;
    const now = new Date(deps.now()).toISOString();
    const found = await Promise.all((findings.builds ?? []).map((build) => reconcile(registry, build)));
    const stillNews = found.filter((one) => one !== undefined);
    const builds = stillNews.map(({ build }) => ({ ...build, version: sequence }));
    const buildsBefore = stillNews.map(({ before }) => before);
    const replaced = stillNews.flatMap(({ build, record }) =>
      record ? [{ ...record, replacedBy: build.id, observedAt: now, version: sequence }] : [],
    );
    const withdrawn = await Promise.all((findings.withdrawn ?? []).map((build) => stillOpen(build)));
    const dropped = [
      ...replaced,
      ...withdrawn.flatMap((build): AcrBuild[] =>
        build ? [{ ...build, status: "ERROR", isWithdrawn: true, observedAt: now, version: sequence }] : [],
      ),
    ];
    const names = new Set([
      ...builds.map((build) => build.image),
      ...dropped.map((build) => build.image),
      ...buildsBefore.flatMap((build) => (build ? [build.image] : [])),
      ...(findings.repositories?.keys() ?? []),
    ]);
    const repositories: AcrRepository[] = [];
    const repositoriesBefore: (AcrRepository | undefined)[] = [];
    for (const name of names) {
      const before = await readRepository(registry, name);
      const own = builds.filter((build) => build.image === name);
      const movedAway = new Set(
        [...builds.filter((build) => build.image !== name), ...dropped].map((build) => build.id),
      );
      const base = before && withoutBuilds(before, movedAway);
      const isReduced = base !== undefined && JSON.stringify(base) !== JSON.stringify(before);
      const isWithdrawn = dropped.some((build) => build.isWithdrawn && build.image === name);
      const wasGhost =
        isReduced && !isWithdrawn && base.activeBuilds.length === 0 && base.tagCount === 0 && !base.lastBuild;
      const next = applyRepositoryFindings(
        registry.armId,
        name,
        base,
        { ...findings.repositories?.get(name), builds: own, ...(wasGhost ? { isGone: true } : {}) },
        now,
      );
      const after = next ?? (isReduced ? base : undefined);
      if (!after) continue;
      repositories.push({ ...after, version: sequence });
      repositoriesBefore.push(before);
    }
    const counts = addCounts(await countsOf(registry, stored.head), repositories, repositoriesBefore);
    const head: RegistryHead = { ...nextHead(stored.head, findings.head ?? {}), counts, sequence };
    const isUnchanged = repositories.length === 0 && builds.length === 0 && isSameHead(stored.head, head);
    const changes: EntityChange[] = [
      // The times of looks alone don't raise the sequence.
      {
        kind: "replace",
        etag: stored.etag,
        entity: {
          partitionKey,
          rowKey: "head",
          properties: { record: JSON.stringify(isUnchanged ? { ...head, sequence: stored.head.sequence } : head) },
        },
      },
      ...repositories.map((repository) => put(repositoryRow(repository.name), repository)),
      ...(findings.guarded ?? []).map((build): EntityChange => ({
        kind: "insert",
        entity: { partitionKey, rowKey: guardRow(build), properties: { record: JSON.stringify(build.id) } },
      })),
      ...builds.flatMap((build, at) => buildChanges(partitionKey, build, buildsBefore[at])),
      ...dropped.flatMap((build) => droppedChanges(partitionKey, build)),
      ...(findings.forgotten ?? [])
        .filter((name) => !names.has(name))
        .map((name): EntityChange => ({ kind: "delete", key: { partitionKey, rowKey: repositoryRow(name) } })),
    ];
    return {
      changes,
      change: {
        head: isUnchanged ? { ...head, sequence: stored.head.sequence } : head,
        repositories,
        builds: [...builds, ...dropped],
      },
    };
  }

  /** What the rows add up to; they are counted for a head that was stored before they were. */
  async function countsOf(registry: Registry, { counts }: RegistryHead): Promise<Required<RepositoryCounts>> {
    if (counts?.listed !== undefined) return { ...counts, listed: counts.listed };
    return addCounts(NO_REPOSITORIES, await readRows<AcrRepository>(registry, "repository"), []);
  }

  /** The build as it is to be stored, with what is stored now; undefined when what was found is no news any more. */
  async function reconcile(
    registry: Registry,
    found: AcrBuild,
  ): Promise<
    | { readonly build: AcrBuild; readonly before: AcrBuild | undefined; readonly record: AcrBuild | undefined }
    | undefined
  > {
    const before = await self.readBuild(found.id);
    if (!before && found.input === undefined && found.runId !== undefined) {
      const owner = await self.readBuildIdOfRun(registry, found.runId);
      // Its answer came while the run was looked at as nobody's.
      if (owner !== undefined && owner !== found.id) return undefined;
    }
    const build = laterOf(before, found);
    return build && { build, before, record: await recordOfRun(registry, build, before) };
  }

  /** A refused intent, unless it has a run by now: then it was not refused after all. */
  async function stillOpen(intent: AcrBuild): Promise<AcrBuild | undefined> {
    const stored = await self.readBuild(intent.id);
    return stored && stored.runId === undefined && stored.status === "UNKNOWN" ? intent : undefined;
  }

  /** What was kept of the run of a build as long as nobody knew that it is this build's. */
  async function recordOfRun(
    registry: Registry,
    { id, runId }: AcrBuild,
    before: AcrBuild | undefined,
  ): Promise<AcrBuild | undefined> {
    if (runId === undefined || before?.runId === runId || id === foreignBuildId(registry, runId)) return undefined;
    const owner = await self.readBuildIdOfRun(registry, runId);
    return owner === foreignBuildId(registry, runId) ? self.readBuild(owner) : undefined;
  }

  async function writeNow(registry: Registry, findings: RegistryFindings): Promise<RegistryChange> {
    for (let tries = 1; ; tries++) {
      const { changes, change } = await prepare(registry, findings);
      try {
        await table.transact(registryPartition(registry), changes);
        return change;
      } catch (error) {
        if (!(error instanceof EntityChangedError) || tries >= MAX_TRIES) throw error;
      }
    }
  }

  const self: RegistryStore = {
    async remember(registry) {
      await index.upsert({
        partitionKey: KNOWN,
        rowKey: registryKey(registry),
        properties: { record: JSON.stringify(registry) },
      });
    },
    async recall(armId) {
      const name = tryParseArmId(armId)?.name;
      if (name === undefined || !/^[a-z0-9]+$/i.test(name)) return undefined;
      const entity = await index.get({ partitionKey: KNOWN, rowKey: registryKey({ name }) });
      const registry = entity && parse<Registry>(entity);
      return registry && armIdKey(registry.armId) === armIdKey(armId) ? registry : undefined;
    },
    listKnown: () => readAll<Registry>(index, { partitionKey: KNOWN }),
    async readHead(registry) {
      const entity = await table.get({ partitionKey: registryPartition(registry), rowKey: "head" });
      return entity ? parse<RegistryHead>(entity) : NEW_HEAD;
    },
    listRepositories: (registry) => readRows<AcrRepository>(registry, "repository"),
    async readBuild(id) {
      // Ids come from outside: what none of ours looks like is no key either.
      if (!/^[a-z0-9]+\.[\w-]+$/i.test(id)) return undefined;
      const at = id.indexOf(".");
      const entity = await table.get({
        partitionKey: `registry:${id.slice(0, at)}`,
        rowKey: `build:${id.slice(at + 1)}`,
      });
      return entity && parse<AcrBuild>(entity);
    },
    async readBuildIdOfRun(registry, runId) {
      const entity = await table.get({ partitionKey: registryPartition(registry), rowKey: `run:${runId}` });
      return entity && parse<string>(entity);
    },
    async readGuard(registry, image) {
      const entity = await table.get({ partitionKey: registryPartition(registry), rowKey: guardRow(image) });
      return entity && parse<string>(entity);
    },
    async listActiveBuilds(registry) {
      const ids = await readRows<string>(registry, "active");
      const builds = await Promise.all(ids.map((id) => self.readBuild(id)));
      return builds.filter((build) => build !== undefined);
    },
    listBuilds: (registry, filter, page) =>
      readBuildHistory({ table, readBuild: self.readBuild }, registryPartition(registry), filter, page),
    async fillImageHistory(registry) {
      if ((await self.readHead(registry)).hasImageHistory) return;
      await fillImageHistory({ table, readBuild: self.readBuild }, registryPartition(registry));
      await self.write(registry, { head: { hasImageHistory: true } });
    },
    async changes(registry, findings, onStored) {
      const { changes, change } = await prepare(registry, findings);
      return { changes, stored: () => onStored(change) };
    },
    write(registry, findings) {
      const key = registryPartition(registry);
      const mine = (writing.get(key) ?? Promise.resolve()).then(() => writeNow(registry, findings));
      const settled = mine.then(
        () => undefined,
        () => undefined,
      );
      writing.set(key, settled);
      return mine.finally(() => {
        if (writing.get(key) === settled) writing.delete(key);
      });
    },
  };
  return self;
}

function repositoryRow(name: string): string {
  return `repository:${rowHash(name)}`;
}

function parse<T>(entity: StoredEntity): T {
  return JSON.parse(String(entity.properties["record"])) as T;
}

import type { DatabaseSync } from "node:sqlite";
import { seededNumber } from "./seeded-number.ts";

/**
 * Faults that a test asks for.
 *
 * State story: `add` stores a fault with the number of times it has left (no number: for ever). A request
 * takes the oldest fault that matches it, and `take` counts it down before the request is served. It ends when its times are used up, or by `remove`.
 *
 * `match.operation` is the `operation` of a route, e.g.
 *
 * | What | Name |
 * |---|---|
 * | a cluster is created or changed, read, listed | `managedClusters.createOrUpdate`, `managedClusters.get`, `managedClusters.list` |
 * | it is started, stopped, deleted, aborted | `managedClusters.start`, `.stop`, `.delete`, `.abortLatestOperation` |
 * | its pools | `agentPools.createOrUpdate`, `.get`, `.list`, `.delete` |
 * | a long operation is polled | `operations.get`, `operationResults.get` |
 * | resource groups | `resourceGroups.createOrUpdate`, `.get`, `.checkExistence`, `.list`, `.delete` |
 * | role assignments | `roleAssignments.create`, `.get`, `.listForScope`, `.delete` |
 * | checks before a create | `resourceSkus.list`, `usage.list`, `managedClusters.listKubernetesVersions`, `permissions.list`, `providers.get` |
 * | registries | `registries.list`, `registries.get`, `registries.listUsages` |
 * | builds | `registries.scheduleRun`, `runs.list`, `.get`, `.update`, `.cancel`, `.getLogSasUrl` |
 * | a build's context and its log | `registries.getBuildSourceUploadUrl`, `buildSources.upload`, `runLogs.head`, `runLogs.get` |
 * | a registry's webhooks | `webhooks.create`, `.update`, `.get`, `.list`, `.delete`, `.ping`, `.listEvents`, `.getCallbackConfig` |
 * | what a registry holds | `repositories.list`, `.get`, `.update`, `.delete`, the same of `artifactTags` and `artifactManifests` |
 * | a registry's tokens | `registryTokens.exchange`, `registryTokens.get`, `registryTokens.challenge` |
 * | tokens | `tokens.get` |
 *
 * The control plane's answer to an unknown name lists them all.
 */
export type Fault = {
  readonly id: string;
  readonly match: { readonly method?: string; readonly path?: string; readonly operation?: string };
  readonly timesLeft?: number;
  readonly probability?: number;
  readonly then: FaultOutcome;
};

export type FaultOutcome = {
  /** Answered instead of the real reply; nothing happens in Azure. */
  readonly status?: number;
  /** Sent with `status`; without it, added to the real reply. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Real milliseconds before the request is looked at. */
  readonly delayMs?: number;
  /** `before`: the request is never heard. `after`: its effect happens and the reply is lost. */
  readonly dropConnection?: "before" | "after";
  /** 429 in ARM's own form, or that of the service, with Retry-After in real seconds (1 when only `true` is given). */
  readonly throttle?: boolean | { readonly retryAfterSeconds: number };
};

export type Faults = {
  add(fault: Omit<Fault, "id">): Fault;
  /** True when there was one. */
  remove(id: string): boolean;
  removeAll(): void;
  list(): Fault[];
  isEmpty(): boolean;
  /** The outcome for this request, counted down. `operation` is empty for a path that no route serves. */
  take(request: { method: string; path: string; operation: string; n: number }): FaultOutcome | undefined;
};

export function createFaults(database: DatabaseSync): Faults {
  database.exec(`CREATE TABLE IF NOT EXISTS faults (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);`);
  const insert = database.prepare("INSERT INTO faults (record) VALUES (?)");
  const update = database.prepare("UPDATE faults SET record = ? WHERE sequence = ?");
  const removeOne = database.prepare("DELETE FROM faults WHERE sequence = ?");
  const selectAll = database.prepare("SELECT sequence, record FROM faults ORDER BY sequence");

  const selectAny = database.prepare("SELECT 1 FROM faults LIMIT 1");

  const list = (): Fault[] =>
    selectAll.all().map((row) => ({
      ...(JSON.parse(String(row["record"])) as Omit<Fault, "id">),
      id: String(row["sequence"]),
    }));

  return {
    add(fault) {
      const { lastInsertRowid } = insert.run(JSON.stringify(fault));
      return { ...fault, id: String(lastInsertRowid) };
    },
    remove: (id) => Number(removeOne.run(id).changes) > 0,
    removeAll() {
      database.exec("DELETE FROM faults");
    },
    list,
    isEmpty: () => selectAny.get() === undefined,
    take(request) {
      const fault = list().find((candidate) => matches(candidate, request));
      if (!fault) return undefined;
      const { id, timesLeft, ...rest } = fault;
      if (timesLeft === 1) removeOne.run(id);
      else if (timesLeft !== undefined) update.run(JSON.stringify({ ...rest, timesLeft: timesLeft - 1 }), id);
      return fault.then;
    },
  };
}

function matches(fault: Fault, request: { method: string; path: string; operation: string; n: number }): boolean {
  const { method, path, operation } = fault.match;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (path !== undefined && !new RegExp(path, "i").test(request.path)) return false;
  if (operation !== undefined && operation.toLowerCase() !== request.operation.toLowerCase()) return false;
  // Dice that fall the same way for the same fault and request number, so that a failing test repeats.
  return seededNumber(`${fault.id}/${request.n}`, 0, 9999) < (fault.probability ?? 1) * 10_000;
}

import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { JsonObject } from "./provider.ts";

/**
 * One ARM resource. `body` is what a GET answers, built by its provider (id, name, type, location, tags,
 * properties); `hidden` is what the provider knows and never answers.
 */
export type Resource<Body = JsonObject, Hidden = JsonObject> = {
  /** In the case it was created with; found without regard to case. */
  readonly id: string;
  /** E.g. `Microsoft.ContainerService/managedClusters`. */
  readonly type: string;
  readonly subscriptionId: string;
  /** Empty for resources of a subscription. */
  readonly resourceGroup: string;
  readonly name: string;
  /** Given by `put`, new with each effective change. */
  readonly etag: string;
  /** Virtual milliseconds. */
  readonly createdMs: number;
  readonly body: Body;
  readonly hidden: Hidden;
};

/** A JSON-shaped type whose shape the caller vouches for: the store keeps it as text. */
type Shape = object;

export type ResourceFilter = {
  readonly type?: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  /** Only resources whose id starts with this id and a slash. */
  readonly under?: string;
};

export type ResourceStore = {
  get<Body extends Shape = JsonObject, Hidden extends Shape = JsonObject>(
    id: string,
  ): Resource<Body, Hidden> | undefined;
  /**
   * Inserts or replaces, and returns the stored resource with its etag. Writing what is there already
   * changes nothing and keeps the etag.
   */
  put<Body extends Shape, Hidden extends Shape>(
    resource: Omit<Resource<Body, Hidden>, "etag" | "hidden"> & { hidden?: Hidden },
  ): Resource<Body, Hidden>;
  /** True when there was something to delete. */
  delete(id: string): boolean;
  /** In the order of ids, without regard to case. */
  list<Body extends Shape = JsonObject, Hidden extends Shape = JsonObject>(
    filter: ResourceFilter,
  ): Resource<Body, Hidden>[];
};

export function createResourceStore(database: DatabaseSync): ResourceStore {
  database.exec(`CREATE TABLE IF NOT EXISTS resources (
    id_key TEXT PRIMARY KEY, type_key TEXT NOT NULL, subscription_key TEXT NOT NULL, group_key TEXT NOT NULL,
    record TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS resources_type ON resources (type_key, subscription_key, group_key);`);
  const select = database.prepare("SELECT record FROM resources WHERE id_key = ?");
  const upsert = database.prepare("INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?, ?)");
  const remove = database.prepare("DELETE FROM resources WHERE id_key = ?");
  // One statement for every filter: an empty value means "any". "0" is the character after "/".
  const search = database.prepare(`SELECT record FROM resources
    WHERE (:type = '' OR type_key = :type) AND (:subscription = '' OR subscription_key = :subscription)
      AND (:group = '' OR group_key = :group)
      AND (:under = '' OR (id_key > :under || '/' AND id_key < :under || '0')) ORDER BY id_key`);

  function get<Body extends Shape, Hidden extends Shape>(id: string): Resource<Body, Hidden> | undefined {
    const row = select.get(toKey(id));
    return row && (JSON.parse(String(row["record"])) as Resource<Body, Hidden>);
  }

  return {
    get,
    put<Body extends Shape, Hidden extends Shape>(
      resource: Omit<Resource<Body, Hidden>, "etag" | "hidden"> & { hidden?: Hidden },
    ) {
      const before = get<Body, Hidden>(resource.id);
      const hidden = resource.hidden ?? ({} as Hidden);
      const unchanged = { ...resource, hidden, etag: before?.etag ?? "" };
      if (before && stableText(before) === stableText(unchanged)) return before;
      const stored: Resource<Body, Hidden> = { ...resource, hidden, etag: randomUUID() };
      upsert.run(
        toKey(stored.id),
        stored.type.toLowerCase(),
        stored.subscriptionId.toLowerCase(),
        stored.resourceGroup.toLowerCase(),
        JSON.stringify(stored),
      );
      return stored;
    },
    delete: (id) => Number(remove.run(toKey(id)).changes) > 0,
    list<Body extends Shape, Hidden extends Shape>(filter: ResourceFilter) {
      const rows = search.all({
        type: filter.type?.toLowerCase() ?? "",
        subscription: filter.subscriptionId?.toLowerCase() ?? "",
        group: filter.resourceGroup?.toLowerCase() ?? "",
        under: filter.under === undefined ? "" : toKey(filter.under),
      });
      return rows.map((row) => JSON.parse(String(row["record"])) as Resource<Body, Hidden>);
    },
  };
}

/** ARM compares ids without regard to case, and a trailing slash means nothing. */
function toKey(id: string): string {
  return id.toLowerCase().replace(/\/+$/, "");
}

/** JSON with sorted names, so that the order in which a handler built an object does not count as a change. */
function stableText(value: object): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

import type { DatabaseSync } from "node:sqlite";

/** What may be done to a repository, tag or manifest; https://learn.microsoft.com/azure/container-registry/container-registry-image-lock */
export type Attributes = {
  readonly deleteEnabled: boolean;
  readonly writeEnabled: boolean;
  readonly listEnabled: boolean;
  readonly readEnabled: boolean;
};

type Dated = { readonly createdMs: number; readonly updatedMs: number; readonly attributes: Attributes };

export type Repository = Dated & { readonly name: string; readonly tagCount: number; readonly manifestCount: number };
export type Tag = Dated & { readonly name: string; readonly digest: string };
export type Manifest = Dated & {
  readonly digest: string;
  readonly imageBytes: number;
  readonly architecture: string;
  readonly os: string;
  readonly tags: readonly string[];
};

/** One page: items after `last`, at most `count`. */
export type PageOf = { readonly last: string; readonly count: number };
export type TimeOrder = "timedesc" | "timeasc" | "";

/** Names one repository, wherever its registry's subscription is: registry names are host names. */
export type RepositoryKey = { readonly registry: string; readonly repository: string };

/** The repositories, tags and manifests of all registries. Times are virtual milliseconds. */
export type ImageStore = {
  /** Adds a manifest and lets the tag point to it; the manifest that it pointed to before stays. */
  push(
    key: RepositoryKey,
    image: Pick<Manifest, "digest" | "imageBytes" | "architecture" | "os"> & { tag: string; atMs: number },
  ): void;
  /** In the order of names. */
  listRepositories(registry: string, page: PageOf): string[];
  repository(key: RepositoryKey): Repository | undefined;
  /** By name, or by the time of the last change. */
  listTags(key: RepositoryKey, page: PageOf & { order: TimeOrder }): Tag[];
  tag(key: RepositoryKey, name: string): Tag | undefined;
  listManifests(key: RepositoryKey, page: PageOf & { order: TimeOrder }): Manifest[];
  manifest(key: RepositoryKey, digest: string): Manifest | undefined;
  setAttributes(key: RepositoryKey, of: { tag?: string; digest?: string }, attributes: Attributes, atMs: number): void;
  /** With everything in it; @returns what went */
  deleteRepository(key: RepositoryKey): { digests: string[]; tags: string[] };
  /** Its manifest stays. */
  deleteTag(key: RepositoryKey, name: string): void;
  /** With its tags, and with its repository when it was the last. */
  deleteManifest(key: RepositoryKey, digest: string): void;
  totalBytes(registry: string): number;
};

const ALL_ALLOWED: Attributes = { deleteEnabled: true, writeEnabled: true, listEnabled: true, readEnabled: true };

type Row = Record<string, unknown>;

export function createImageStore(database: DatabaseSync): ImageStore {
  const dated = "created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, attributes TEXT NOT NULL";
  database.exec(`CREATE TABLE IF NOT EXISTS repositories (
      registry TEXT NOT NULL, repository TEXT NOT NULL, ${dated}, PRIMARY KEY (registry, repository)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS tags (
      registry TEXT NOT NULL, repository TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, ${dated},
      PRIMARY KEY (registry, repository, name)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS tags_digest ON tags (registry, repository, digest);
    CREATE TABLE IF NOT EXISTS manifests (
      registry TEXT NOT NULL, repository TEXT NOT NULL, name TEXT NOT NULL, image_bytes INTEGER NOT NULL,
      architecture TEXT NOT NULL, os TEXT NOT NULL, ${dated}, PRIMARY KEY (registry, repository, name)) WITHOUT ROWID;`);
  const here = "registry = :registry AND repository = :repository";
  const keep = "ON CONFLICT DO UPDATE SET updated_ms = excluded.updated_ms";
  const putRepository = database.prepare(`INSERT INTO repositories VALUES (?, ?, ?, ?, ?) ${keep}`);
  const putTag = database.prepare(`INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?) ${keep}, digest = excluded.digest`);
  const putManifest = database.prepare(`INSERT INTO manifests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ${keep}`);
  const selectNames = database.prepare(
    "SELECT repository FROM repositories WHERE registry = ? AND repository > ? ORDER BY repository LIMIT ?",
  );
  const selectRepository = database.prepare(`SELECT *,
      (SELECT COUNT(*) FROM tags WHERE ${here}) AS tag_count,
      (SELECT COUNT(*) FROM manifests WHERE ${here}) AS manifest_count
    FROM repositories WHERE ${here}`);
  const selectOne = {
    tags: database.prepare(`SELECT * FROM tags WHERE ${here} AND name = :name`),
    manifests: database.prepare(`SELECT * FROM manifests WHERE ${here} AND name = :name`),
  };
  const selectTagsOf = database.prepare(`SELECT name FROM tags WHERE ${here} AND digest = :digest ORDER BY name`);
  const sumBytes = database.prepare("SELECT COALESCE(SUM(image_bytes), 0) AS bytes FROM manifests WHERE registry = ?");

  /** Positions are remembered by the item that came last, so that what comes or goes before it moves nothing. */
  function pageStatement(table: "tags" | "manifests", order: TimeOrder) {
    const [direction, before] = order === "timedesc" ? ["DESC", "<"] : ["ASC", ">"];
    // When the last item itself is gone meanwhile, its time is unknown: then the list begins anew, rather than ends.
    const beginning = order === "timedesc" ? Number.MAX_SAFE_INTEGER : -1;
    const position = `COALESCE((SELECT updated_ms FROM ${table} WHERE ${here} AND name = :last), ${beginning})`;
    const after =
      order === ""
        ? "name > :last"
        : `(:last = '' OR updated_ms ${before} ${position} OR (updated_ms = ${position} AND name > :last))`;
    return database.prepare(`SELECT * FROM ${table} WHERE ${here} AND ${after}
      ORDER BY ${order === "" ? "name" : `updated_ms ${direction}, name`} LIMIT :count`);
  }
  const orders = ["", "timedesc", "timeasc"] as const;
  const pages = Object.fromEntries(
    (["tags", "manifests"] as const).flatMap((table) =>
      orders.map((order) => [`${table}/${order}`, pageStatement(table, order)]),
    ),
  );

  function tagsOf(key: RepositoryKey, digest: string): string[] {
    return selectTagsOf.all({ ...key, digest }).map(({ name }) => String(name));
  }

  function toManifest(key: RepositoryKey, row: Row): Manifest {
    const digest = String(row["name"]);
    return {
      digest,
      imageBytes: Number(row["image_bytes"]),
      architecture: String(row["architecture"]),
      os: String(row["os"]),
      tags: tagsOf(key, digest),
      ...toDated(row),
    };
  }

  function remove(table: "repositories" | "tags" | "manifests", key: RepositoryKey, name?: string): void {
    const statement = database.prepare(
      `DELETE FROM ${table} WHERE ${here} ${name === undefined ? "" : "AND name = :name"}`,
    );
    statement.run({ ...key, ...(name !== undefined && { name }) });
  }

  function names(table: "tags" | "manifests", key: RepositoryKey): string[] {
    return database
      .prepare(`SELECT name FROM ${table} WHERE ${here} ORDER BY name`)
      .all(key)
      .map(({ name }) => String(name));
  }

  return {
    push({ registry, repository }, { tag, digest, imageBytes, architecture, os, atMs }) {
      const attributes = JSON.stringify(ALL_ALLOWED);
      putRepository.run(registry, repository, atMs, atMs, attributes);
      putManifest.run(registry, repository, digest, imageBytes, architecture, os, atMs, atMs, attributes);
      putTag.run(registry, repository, tag, digest, atMs, atMs, attributes);
    },
    listRepositories: (registry, { last, count }) =>
      selectNames.all(registry, last, count).map(({ repository }) => String(repository)),
    repository(key) {
      const row = selectRepository.get(key);
      return (
        row && {
          name: String(row["repository"]),
          tagCount: Number(row["tag_count"]),
          manifestCount: Number(row["manifest_count"]),
          ...toDated(row),
        }
      );
    },
    listTags: (key, { order, last, count }) => (pages[`tags/${order}`]?.all({ ...key, last, count }) ?? []).map(toTag),
    tag(key, name) {
      const row = selectOne.tags.get({ ...key, name });
      return row && toTag(row);
    },
    listManifests: (key, { order, last, count }) =>
      (pages[`manifests/${order}`]?.all({ ...key, last, count }) ?? []).map((row) => toManifest(key, row)),
    manifest(key, digest) {
      const row = selectOne.manifests.get({ ...key, name: digest });
      return row && toManifest(key, row);
    },
    setAttributes(key, { tag, digest }, attributes, atMs) {
      const [table, name] =
        tag !== undefined ? ["tags", tag] : digest !== undefined ? ["manifests", digest] : ["repositories", undefined];
      database
        .prepare(
          `UPDATE ${table} SET attributes = :text, updated_ms = :atMs WHERE ${here} ${name === undefined ? "" : "AND name = :name"}`,
        )
        .run({ ...key, text: JSON.stringify(attributes), atMs, ...(name !== undefined && { name }) });
    },
    deleteRepository(key) {
      const gone = { digests: names("manifests", key), tags: names("tags", key) };
      for (const table of ["repositories", "tags", "manifests"] as const) remove(table, key);
      return gone;
    },
    deleteTag: (key, name) => remove("tags", key, name),
    deleteManifest(key, digest) {
      for (const tag of tagsOf(key, digest)) remove("tags", key, tag);
      remove("manifests", key, digest);
      if (names("manifests", key).length === 0) remove("repositories", key);
    },
    totalBytes: (registry) => Number(sumBytes.get(registry)?.["bytes"]),
  };
}

function toDated(row: Row): Dated {
  return {
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
    attributes: JSON.parse(String(row["attributes"])) as Attributes,
  };
}

function toTag(row: Row): Tag {
  return { name: String(row["name"]), digest: String(row["digest"]), ...toDated(row) };
}

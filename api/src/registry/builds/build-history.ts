import type { EntityTable } from "../../storage/entity-store.ts";
import type { AcrBuild } from "./acr-build.ts";
import type { AcrBuildStatus } from "./acr-run.ts";
import { historyPrefix } from "./build-rows.ts";

/** Rows that one page looks through at most, so that a filter that hardly anything matches answers soon. */
const MOST_LOOKED_THROUGH = 500;
const ROWS_PER_READ = 100;

/** Which builds of a registry; without anything all of them. */
export interface BuildFilter {
  /** The repository, by its whole name. */
  readonly image?: string;
  readonly statuses?: readonly AcrBuildStatus[];
}

/** Where a page begins, and how long it is at most. */
export interface PageRequest {
  readonly limit: number;
  /** A cursor of an earlier page. */
  readonly after?: string | undefined;
}

export interface BuildPage {
  readonly builds: readonly { readonly cursor: string; readonly build: AcrBuild }[];
  /** There are more, or rows that this page had no time to look through: it may be short, even empty, then. */
  readonly hasNextPage: boolean;
  /** Where the next page begins. */
  readonly endCursor: string | undefined;
}

/** Reads the builds that match, newest first. */
export async function readBuildHistory(
  source: { readonly table: EntityTable; readonly readBuild: (id: string) => Promise<AcrBuild | undefined> },
  partitionKey: string,
  { image, statuses }: BuildFilter,
  { limit, after }: PageRequest,
): Promise<BuildPage> {
  const prefix = historyPrefix(image);
  const builds: { cursor: string; build: AcrBuild }[] = [];
  let endCursor = after;
  for (let looked = 0; looked < MOST_LOOKED_THROUGH;) {
    const page = await source.table.list({
      partitionKey,
      // The next key in order is the last one seen plus the lowest character.
      fromRowKey: endCursor === undefined ? prefix : `${prefix}${endCursor} `,
      toRowKey: `${prefix.slice(0, -1)};`,
      limit: statuses ? ROWS_PER_READ : limit + 1,
    });
    const found = await Promise.all(
      page.entities.map((entity) => source.readBuild(JSON.parse(String(entity.properties["record"])) as string)),
    );
    for (const [at, entity] of page.entities.entries()) {
      const build = found[at];
      const isMatch = build !== undefined && (!statuses || statuses.includes(build.status));
      if (isMatch && builds.length === limit) return { builds, hasNextPage: true, endCursor };
      endCursor = entity.rowKey.slice(prefix.length);
      if (isMatch) builds.push({ cursor: endCursor, build });
    }
    if (page.continuation === undefined) return { builds, hasNextPage: false, endCursor };
    looked += page.entities.length;
  }
  return { builds, hasNextPage: true, endCursor };
}

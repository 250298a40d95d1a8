import type { EntityChange, EntityTable } from "../../storage/entity-store.ts";
import type { AcrBuild } from "./acr-build.ts";
import { historyPrefix, imageHistoryRow } from "./build-rows.ts";

/** Older ones are found among all builds alone. */
const MOST_BUILDS = 2_000;
/** Less than a transaction has room for. */
const BUILDS_PER_WRITE = 80;

/**
 * Gives the newest builds of a registry their place in the list of their image: those that were stored before there were such
 * lists have none. Safe to repeat, and to break off.
 */
export async function fillImageHistory(
  source: { readonly table: EntityTable; readonly readBuild: (id: string) => Promise<AcrBuild | undefined> },
  partitionKey: string,
): Promise<void> {
  let continuation: string | undefined;
  for (let filled = 0; filled < MOST_BUILDS; filled += BUILDS_PER_WRITE) {
    const page = await source.table.list({
      partitionKey,
      fromRowKey: historyPrefix(),
      toRowKey: "history;",
      limit: BUILDS_PER_WRITE,
      ...(continuation === undefined ? {} : { continuation }),
    });
    const builds = await Promise.all(
      page.entities.map(({ properties }) => source.readBuild(JSON.parse(String(properties["record"])) as string)),
    );
    const changes = builds.flatMap((build): EntityChange[] => (build ? [imageHistoryRow(partitionKey, build)] : []));
    if (changes.length > 0) await source.table.transact(partitionKey, changes);
    if (page.continuation === undefined) return;
    continuation = page.continuation;
  }
}

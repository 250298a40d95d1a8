import type { EntityChange, EntityTable } from "../storage/entity-store.ts";

/**
 * The one row that says what is under way on a cluster, in the cluster's partition: inserted together with the provision or
 * the operation that it stands for and deleted together with its end. Who comes second finds the row taken.
 */
export type LiveHolder = { readonly provisionId: string } | { readonly operationId: string };

const ROW_KEY = "live";

export function guardInsertion(partitionKey: string, holder: LiveHolder): EntityChange {
  return { kind: "insert", entity: { partitionKey, rowKey: ROW_KEY, properties: { ...holder } } };
}

export function guardDeletion(partitionKey: string): EntityChange {
  return { kind: "delete", key: { partitionKey, rowKey: ROW_KEY } };
}

export async function readLiveHolder(table: EntityTable, partitionKey: string): Promise<LiveHolder | undefined> {
  const { provisionId, operationId } = (await table.get({ partitionKey, rowKey: ROW_KEY }))?.properties ?? {};
  if (provisionId !== undefined) return { provisionId: String(provisionId) };
  return operationId === undefined ? undefined : { operationId: String(operationId) };
}

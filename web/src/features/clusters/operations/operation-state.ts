import type { Operation } from "./operation-documents.ts";

const FINAL: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

export function isFinal({ status }: Pick<Operation, "status">): boolean {
  return FINAL.has(status);
}

/** The operations with those of `read` at their newest sequence, newest first. */
export function mergeOperations(known: readonly Operation[], read: readonly Operation[]): readonly Operation[] {
  const byId = new Map(known.map((operation) => [operation.id, operation]));
  for (const next of read) {
    const before = byId.get(next.id);
    if (!before || before.progress.sequence < next.progress.sequence) byId.set(next.id, next);
  }
  return [...byId.values()].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}

/** What is being done to a cluster now. */
export function currentOf(operations: readonly Operation[], clusterId: string): Operation | undefined {
  return operations.find((operation) => operation.clusterId === clusterId && !isFinal(operation));
}

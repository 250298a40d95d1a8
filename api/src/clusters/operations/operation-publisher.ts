import type { ChangeHints } from "../../events/change-hints.ts";
import type { JobChanges } from "../../jobs/define-job.ts";
import type { Clock } from "../../shared/clock.ts";
import { isFinalOperation, type ClusterOperation } from "./cluster-operation.ts";
import { applyFindings, type OperationFindings } from "./operation-change.ts";
import type { OperationStore } from "./operation-store.ts";

export const OPERATIONS_TOPIC = "operations";

export function operationTopic(id: string): string {
  return `operation:${id}`;
}

/** One publish writes the durable record and then the live channel, as for provisions. */
export interface OperationPublisher {
  /** For `JobMove.changes`: computed afresh on the newest record each time it is called. */
  publish(id: string, findings: OperationFindings): () => Promise<JobChanges>;
  /** Tells the live channel of a record that was stored by other means. */
  announce(operation: ClusterOperation): void;
}

export function createOperationPublisher(deps: {
  readonly store: OperationStore;
  readonly hints: ChangeHints;
  readonly clock: Clock;
  /** An operation began or ended: what is known of the subscription's clusters is old now. */
  readonly onClusterChanges: (subscriptionId: string) => void;
  /** Told when an ended operation could not be taken out of the index of live ones; readers skip it there. */
  readonly onError: (error: unknown) => void;
}): OperationPublisher {
  const announce = (operation: ClusterOperation): void => {
    const hint = { sequence: operation.sequence, state: operation };
    deps.hints.publish(operationTopic(operation.id), hint);
    deps.hints.publish(OPERATIONS_TOPIC, hint);
    const hasEnded = isFinalOperation(operation.status);
    if (hasEnded) deps.store.retire(operation.id).catch(deps.onError);
    if (hasEnded || operation.sequence === 1) deps.onClusterChanges(operation.cluster.subscriptionId);
  };
  return {
    announce,
    publish: (id, findings) => async () => {
      const before = await deps.store.read(id);
      if (!before) throw new Error(`The operation '${id}' is gone from the store although its job runs.`);
      const operation = applyFindings(before.operation, findings, deps.clock.now());
      return { changes: deps.store.replacement(before, operation), stored: () => announce(operation) };
    },
  };
}

import type { ClusterRef } from "./cluster.ts";
import type { OperationStore } from "./operations/operation-store.ts";
import { OperationInProgressError } from "./operations/operation.errors.ts";
import type { ProvisionStore } from "./provisioning/provision-store.ts";
import { ProvisionInProgressError } from "./provisioning/provision.errors.ts";

/** What keeps anything else from beginning on a cluster: the one provision or operation of it that is under way. */
export interface LiveBlockers {
  find(cluster: ClusterRef): Promise<OperationInProgressError | ProvisionInProgressError | undefined>;
}

export function createLiveBlockers(deps: {
  readonly provisions: ProvisionStore;
  readonly operations: OperationStore;
}): LiveBlockers {
  return {
    async find(cluster) {
      const holder = await deps.operations.readHolder(cluster);
      if (!holder) return undefined;
      if ("operationId" in holder) {
        const stored = await deps.operations.read(holder.operationId);
        return stored && new OperationInProgressError(stored.operation);
      }
      const stored = await deps.provisions.read(holder.provisionId);
      return stored && new ProvisionInProgressError(stored.provision);
    },
  };
}

import { AppError } from "../../shared/app-error.ts";
import { operationLabel, type ClusterOperation } from "./cluster-operation.ts";

/** Something is being done to the cluster already; `operation` is what. Watch that one, then ask again. */
export class OperationInProgressError extends AppError {
  readonly operation: ClusterOperation;
  constructor(operation: ClusterOperation) {
    super(
      "OPERATION_IN_PROGRESS",
      `Something else is being done to '${operation.cluster.name}': ${operationLabel(operation.target)}, asked for by ${operation.startedBy}. Wait until it has ended.`,
    );
    this.operation = operation;
  }
}

/** Neither Azure nor Slipway knows the cluster. */
export class ClusterNotFoundError extends AppError {
  constructor() {
    super("NOT_FOUND", "There is no such cluster. It may have been deleted, or the id is wrong.");
  }
}

/** A stopped cluster takes no change of its node pools. Start it first. */
export class ClusterStoppedError extends AppError {
  constructor(name: string) {
    super("CLUSTER_STOPPED", `'${name}' is stopped. Start it, then change its node pools.`);
  }
}

/** The provision has left nothing at Azure, as far as is known. */
export class NothingToCleanUpError extends AppError {
  constructor() {
    super("NOTHING_TO_CLEAN_UP", "This attempt has left nothing at Azure that Slipway knows of.");
  }
}

/** The cluster of that name was not made by the provision, so Slipway does not delete it in its name. */
export class ClusterNotOursError extends AppError {
  constructor(name: string) {
    super(
      "CLUSTER_NOT_OURS",
      `The cluster '${name}' is not the one that this attempt made. Delete it by itself if it is to go.`,
    );
  }
}

import { AppError } from "../../shared/app-error.ts";
import type { ClusterRef } from "../cluster.ts";
import type { Provision } from "./provision.ts";

/** This cluster is being created already; `provision` is the attempt that does it. Watch that one. */
export class ProvisionInProgressError extends AppError {
  readonly provision: Provision;
  constructor(provision: Provision) {
    super(
      "PROVISION_IN_PROGRESS",
      `The cluster '${provision.cluster.name}' is being created already, started by ${provision.startedBy}. Watch that provision instead.`,
    );
    this.provision = provision;
  }
}

/** The provision has ended: there is nothing to stop. Nothing was changed. */
export class CannotCancelProvisionError extends AppError {
  readonly provision: Provision;
  constructor(provision: Provision) {
    super(
      "CANNOT_CANCEL",
      `The provision of '${provision.cluster.name}' has ended already (${provision.status}). Nothing was changed; delete the cluster if it is not wanted.`,
    );
    this.provision = provision;
  }
}

/** There is nothing to dismiss: it is under way, or has succeeded. Nothing was changed. */
export class CannotDismissProvisionError extends AppError {
  constructor({ cluster, status }: Provision) {
    super(
      "CANNOT_DISMISS",
      status === "SUCCEEDED"
        ? `The provision of '${cluster.name}' has succeeded: there is nothing to dismiss.`
        : `The provision of '${cluster.name}' is under way. Cancel it first, or wait until it has ended.`,
    );
  }
}

/**
 * Azure has a cluster of that name in that resource group. One that a failed or canceled attempt has left (`leftBy`) is to be
 * cleaned up first; else choose another name.
 */
export class ClusterExistsError extends AppError {
  readonly clusterArmId: string;
  readonly leftBy: Provision | undefined;
  constructor(clusterArmId: string, { name, resourceGroup }: ClusterRef, leftBy?: Provision) {
    super(
      "CLUSTER_EXISTS",
      leftBy
        ? `The cluster '${name}' that an earlier attempt has left is still in resource group '${resourceGroup}'. Clean that attempt up first, or choose another name.`
        : `The cluster '${name}' exists already in resource group '${resourceGroup}'. Choose another name.`,
    );
    this.clusterArmId = clusterArmId;
    this.leftBy = leftBy;
  }
}

/** There is no such provision. */
export class ProvisionNotFoundError extends AppError {
  constructor() {
    super("NOT_FOUND", "There is no such provision. It may have a wrong id, or belong to another Slipway.");
  }
}

/** The provision runs, or has succeeded: there is nothing to try again. Nothing was changed. */
export class CannotRetryProvisionError extends AppError {
  constructor({ cluster, status }: Provision) {
    super(
      "CANNOT_RETRY",
      status === "SUCCEEDED"
        ? `The provision of '${cluster.name}' has succeeded: there is nothing to try again.`
        : `The provision of '${cluster.name}' is under way. Watch it, or cancel it first.`,
    );
  }
}

/** Every role is granted, or there is no cluster to grant one to. Nothing was changed. */
export class NothingToGrantError extends AppError {
  constructor({ cluster, status }: Provision) {
    super(
      "NOTHING_TO_GRANT",
      status === "SUCCEEDED"
        ? `The roles of '${cluster.name}' are granted: there is nothing to do.`
        : `Roles can be granted again only to a cluster that was created and lacks nothing else, which '${cluster.name}' is not.`,
    );
  }
}

import { AppError } from "../../shared/app-error.ts";
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

/** Azure has a cluster of that name in that resource group. Choose another name. */
export class ClusterExistsError extends AppError {
  readonly clusterArmId: string;
  constructor(clusterArmId: string, name: string, resourceGroup: string) {
    super(
      "CLUSTER_EXISTS",
      `The cluster '${name}' exists already in resource group '${resourceGroup}'. Choose another name.`,
    );
    this.clusterArmId = clusterArmId;
  }
}

/** There is no such provision. */
export class ProvisionNotFoundError extends AppError {
  constructor() {
    super("NOT_FOUND", "There is no such provision. It may have a wrong id, or belong to another Slipway.");
  }
}

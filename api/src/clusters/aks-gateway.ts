import type { AzureErrorBody } from "../shared/azure-error.ts";
import type { Cluster, ClusterRef, NodePoolMode, NodePoolOptions } from "./cluster.ts";

/** What a cluster is created from. */
export interface ClusterSpec {
  readonly location: string;
  readonly dnsPrefix: string;
  /** Azure's default for the location when undefined. */
  readonly kubernetesVersion: string | undefined;
  readonly nodePools: readonly NodePoolSpec[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A node pool to create. */
export interface NodePoolSpec extends NodePoolOptions {
  readonly name: string;
  readonly mode: NodePoolMode;
  readonly vmSize: string;
  readonly count: number;
}

/** A running Azure operation as text that can be stored (about 4 kB) and looked at from another process. */
export type ArmOperationState = string;

/** An operation that Azure has accepted, with the ids of the request that asked for it: a poll's own are of no use to Azure support. */
export interface SubmittedArmOperation {
  readonly state: ArmOperationState;
  /** `x-ms-correlation-request-id` of the answer that accepted it. */
  readonly correlationId?: string;
  /** Azure's own name of the operation; missing when Azure has said no more than the resource itself. */
  readonly operationId?: string;
}

/** One look at an ARM operation. */
export type ArmOperationLook =
  | { readonly status: "running"; readonly state: ArmOperationState }
  | { readonly status: "succeeded" }
  | { readonly status: "canceled" }
  | { readonly status: "failed"; readonly error: AzureErrorBody };

/**
 * PORT: what Slipway needs from Azure Kubernetes Service. Every method makes its requests once, without the SDK's own
 * retries, and rejects with an `AzureError` whose kind says what to do; retrying is the job's business.
 */
export interface AksGateway {
  /** Undefined when there is no such cluster (404). */
  getCluster(ref: ClusterRef, signal?: AbortSignal): Promise<Cluster | undefined>;
  /** All clusters of a subscription. Azure limits this call hard (1 a second): never on a request path. */
  listClusters(subscriptionId: string, signal?: AbortSignal): Promise<readonly Cluster[]>;
  /**
   * Asks Azure to create the cluster, only if it does not exist (`If-None-Match: *`), and returns as soon as Azure has
   * accepted it. Rejects with kind `conflict` when the cluster exists (also when it is our own and an earlier reply got
   * lost: compare the tag) and `lost-reply` when nobody knows whether the request took effect.
   */
  submitCluster(ref: ClusterRef, spec: ClusterSpec, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /** Asks Azure to start a stopped cluster. Kind `conflict` when it is not stopped, or something else runs on it. */
  startCluster(ref: ClusterRef, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /** Asks Azure to stop a running cluster. Kind `conflict` when it is stopped, or something else runs on it. */
  stopCluster(ref: ClusterRef, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /** Asks Azure to delete the cluster, which breaks off whatever runs on it. One that is gone succeeds at once. */
  deleteCluster(ref: ClusterRef, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /** Asks Azure to add a pool, only if there is none of that name (`If-None-Match: *`; kind `conflict` else). */
  addNodePool(ref: ClusterRef, pool: NodePoolSpec, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /**
   * Reads the pool and puts it back with another count, only if nobody has changed it between (`If-Match`; kind `conflict`
   * else). Kind `not-found` when there is no such pool.
   */
  scaleNodePool(ref: ClusterRef, poolName: string, count: number, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /** Asks Azure to delete a pool. One that is gone succeeds at once. */
  removeNodePool(ref: ClusterRef, poolName: string, signal?: AbortSignal): Promise<SubmittedArmOperation>;
  /**
   * Asks Azure to stop what runs on the cluster, and returns as soon as Azure has accepted it. Nothing is rolled back: the
   * cluster stays, `Canceled` at the end. Rejects with kind `conflict` when nothing runs that could be stopped, or when
   * it is being stopped or deleted already.
   * https://learn.microsoft.com/azure/aks/manage-abort-operations
   */
  abortLatestOperation(ref: ClusterRef, signal?: AbortSignal): Promise<void>;
  /**
   * Looks at an operation once. Rejects with `AzureError` when the look itself failed: the operation goes on, and the state
   * given stays good. `not-found` means that Azure no longer knows the operation: look at the resource.
   * @throws UntrustedOperationError when the state points anywhere but to Azure.
   */
  lookAtOperation(subscriptionId: string, state: ArmOperationState, signal?: AbortSignal): Promise<ArmOperationLook>;
}

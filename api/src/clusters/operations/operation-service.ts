import { v7 as uuidV7 } from "uuid";
import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { LiveState } from "../../events/live-state.ts";
import type { LiveStream } from "../../events/live-stream.ts";
import type { JobService } from "../../jobs/job-service.ts";
import type { Clock } from "../../shared/clock.ts";
import { InvalidInputError } from "../../shared/invalid-input-error.ts";
import { EntityExistsError } from "../../storage/entity-store.ts";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { AzureCatalogue } from "../azure-catalogue.ts";
import { createAzureDeadline } from "../azure-deadline.ts";
import type { Cluster, ClusterRef } from "../cluster.ts";
import type { LiveBlockers } from "../live-blockers.ts";
import { isOurs } from "../provisioning/cluster-spec.ts";
import type { ProvisionStore } from "../provisioning/provision-store.ts";
import { ProvisionInProgressError, ProvisionNotFoundError } from "../provisioning/provision.errors.ts";
import { isTerminalProvision } from "../provisioning/provision.ts";
import type { ClusterLookup } from "./cluster-lookup.ts";
import {
  formatOperationId,
  isFinalOperation,
  tryParseOperationId,
  type ClusterOperation,
  type OperationTarget,
} from "./cluster-operation.ts";
import { FIRST_OPERATION_CHECKPOINT, operationJob } from "./operation-job.ts";
import { OPERATIONS_TOPIC, operationTopic, type OperationPublisher } from "./operation-publisher.ts";
import { checkRequest, requireOffered } from "./operation-request.ts";
import type { OperationPage, OperationStore } from "./operation-store.ts";
import { ClusterNotFoundError, ClusterNotOursError, NothingToCleanUpError } from "./operation.errors.ts";
import { standingOf } from "./standing.ts";

/** Tries to begin, when what stood in the way ends just then. */
const MOST_TRIES = 3;
/** Live lists also carry the newest ended ones, so that a reader who missed a hint learns that they have ended. */
const RECENT_OPERATIONS = 20;

/**
 * What is done to clusters that stand. Each request answers at once with its durable operation, one that has succeeded already
 * when the cluster is as wanted.
 * @throws ForbiddenError, ClusterNotFoundError, InvalidInputError, OperationInProgressError, ProvisionInProgressError,
 * ClusterStoppedError, StoreUnavailableError, AzureError
 */
export interface OperationService {
  /** @param clusterId ARM id of the cluster, in whatever case */
  startCluster(viewer: Viewer, clusterId: string): Promise<ClusterOperation>;
  stopCluster(viewer: Viewer, clusterId: string): Promise<ClusterOperation>;
  scaleNodePool(viewer: Viewer, clusterId: string, poolName: string, count: number): Promise<ClusterOperation>;
  addNodePool(viewer: Viewer, clusterId: string, pool: NodePoolSpec): Promise<ClusterOperation>;
  removeNodePool(viewer: Viewer, clusterId: string, poolName: string): Promise<ClusterOperation>;
  /** @param confirmName must be the cluster's name */
  deleteCluster(viewer: Viewer, clusterId: string, confirmName: string): Promise<ClusterOperation>;
  /**
   * Deletes what an ended provision has left.
   * @throws also ProvisionNotFoundError, NothingToCleanUpError, ClusterNotOursError
   */
  cleanUp(viewer: Viewer, provisionId: string): Promise<ClusterOperation>;
  get(viewer: Viewer, id: string): Promise<ClusterOperation | undefined>;
  /** What is being done to the cluster now. */
  current(viewer: Viewer, cluster: ClusterRef): Promise<ClusterOperation | undefined>;
  listOfCluster(viewer: Viewer, cluster: ClusterRef, limit: number, after: string | undefined): Promise<OperationPage>;
  /** The state now, then each change; ends after a final one. Undefined when there is no such operation. */
  watch(viewer: Viewer, id: string): Promise<LiveStream<ClusterOperation> | undefined>;
  /** The operations under way now, then every one that begins or changes. */
  watchAll(viewer: Viewer): LiveStream<ClusterOperation>;
}

export interface OperationServiceDeps {
  readonly store: OperationStore;
  readonly publisher: OperationPublisher;
  readonly provisions: ProvisionStore;
  readonly blockers: LiveBlockers;
  readonly lookup: ClusterLookup;
  readonly catalogue: AzureCatalogue;
  readonly jobs: JobService;
  readonly liveState: LiveState;
  readonly clock: Clock;
}

export function createOperationService(deps: OperationServiceDeps): OperationService {
  const { store, clock } = deps;

  async function change(
    viewer: Viewer,
    clusterId: string,
    target: OperationTarget,
    check: (ref: ClusterRef) => void = () => undefined,
  ): Promise<ClusterOperation> {
    requirePermission(viewer, "clusters:write");
    const found = await deps.lookup.find(clusterId);
    if (!found) throw new ClusterNotFoundError();
    check(found.ref);
    await requireFree(found.ref);
    if (found.cluster) checkRequest(target, found.cluster);
    else if (target.kind !== "DELETE") throw new ClusterNotFoundError();
    const isDone = found.isCertain && standingOf(target, found.cluster).kind === "done";
    if (!isDone && found.cluster) {
      const ask = { catalogue: deps.catalogue, inTime: createAzureDeadline(clock) };
      await requireOffered(target, found.ref, found.cluster, ask);
    }
    const operation = newOperation(found.ref, target, found.cluster, viewer, clock.now());
    return isDone ? recordAsDone(operation) : begin(operation);
  }

  async function begin(operation: ClusterOperation): Promise<ClusterOperation> {
    const key = tryParseOperationId(operation.id);
    if (!key) throw new Error(`'${operation.id}' is no operation id.`);
    await store.announce(operation.id);
    for (let tries = 1; ; tries++) {
      try {
        await deps.jobs.start({
          definition: operationJob,
          ref: { partitionKey: key.partitionKey, jobId: key.row },
          input: { operationId: operation.id },
          checkpoint: FIRST_OPERATION_CHECKPOINT,
          changes: store.insertion(operation),
        });
        deps.publisher.announce(operation);
        return operation;
      } catch (error) {
        if (!(error instanceof EntityExistsError) || tries >= MOST_TRIES) throw error;
        try {
          await requireFree(operation.cluster);
        } catch (blocker) {
          await store.retire(operation.id);
          throw blocker;
        }
      }
    }
  }

  async function recordAsDone(operation: ClusterOperation): Promise<ClusterOperation> {
    const ended = asDone(operation);
    await store.announce(ended.id);
    await store.insertEnded(ended);
    deps.publisher.announce(ended);
    return ended;
  }

  async function requireFree(cluster: ClusterRef): Promise<void> {
    const blocker = await deps.blockers.find(cluster);
    if (blocker) throw blocker;
  }

  return {
    startCluster: (viewer, clusterId) => change(viewer, clusterId, { kind: "START" }),
    stopCluster: (viewer, clusterId) => change(viewer, clusterId, { kind: "STOP" }),
    scaleNodePool: (viewer, clusterId, poolName, count) =>
      change(viewer, clusterId, { kind: "SCALE", poolName, count }),
    addNodePool: (viewer, clusterId, pool) => change(viewer, clusterId, { kind: "ADD_NODE_POOL", pool }),
    removeNodePool: (viewer, clusterId, poolName) => change(viewer, clusterId, { kind: "REMOVE_NODE_POOL", poolName }),
    deleteCluster: (viewer, clusterId, confirmName) =>
      change(viewer, clusterId, { kind: "DELETE" }, ({ name }) => {
        if (confirmName === name) return;
        const message = `Type the name of the cluster, ${name}, to delete it.`;
        throw new InvalidInputError([{ path: "confirmName", message }]);
      }),
    async cleanUp(viewer, provisionId) {
      requirePermission(viewer, "clusters:write");
      const provision = (await deps.provisions.read(provisionId))?.provision;
      if (!provision) throw new ProvisionNotFoundError();
      if (!isTerminalProvision(provision.status)) throw new ProvisionInProgressError(provision);
      await requireFree(provision.cluster);
      if (provision.leftovers.length === 0) throw new NothingToCleanUpError();
      const cluster = await deps.lookup.ask(provision.cluster);
      if (cluster && !isOurs(cluster, provision.id)) throw new ClusterNotOursError(cluster.name);
      const target = { kind: "CLEAN_UP", provisionId: provision.id } as const;
      return begin(newOperation(provision.cluster, target, cluster, viewer, clock.now()));
    },
    async get(viewer, id) {
      requirePermission(viewer, "clusters:read");
      return (await store.read(id))?.operation;
    },
    async current(viewer, cluster) {
      requirePermission(viewer, "clusters:read");
      const holder = await store.readHolder(cluster);
      return holder && "operationId" in holder ? (await store.read(holder.operationId))?.operation : undefined;
    },
    async listOfCluster(viewer, cluster, limit, after) {
      requirePermission(viewer, "clusters:read");
      return store.listOfCluster(cluster, limit, after);
    },
    async watch(viewer, id) {
      requirePermission(viewer, "clusters:read");
      if (!(await store.read(id))) return undefined;
      return deps.liveState.stream<ClusterOperation>({
        topic: operationTopic(id),
        read: async () => {
          const stored = await store.read(id);
          return stored ? [stored.operation] : [];
        },
        keyOf: (operation) => operation.id,
        versionOf: (operation) => operation.sequence,
        isLast: (operation) => isFinalOperation(operation.status),
      });
    },
    watchAll(viewer) {
      requirePermission(viewer, "clusters:read");
      const startedMs = clock.now();
      return deps.liveState.stream<ClusterOperation>({
        topic: OPERATIONS_TOPIC,
        read: async () => {
          const [live, newest] = await Promise.all([store.listLive(), store.listNewest(RECENT_OPERATIONS)]);
          const endedSince = newest.filter(
            ({ finishedAt }) => finishedAt !== undefined && Date.parse(finishedAt) >= startedMs,
          );
          return [...live, ...endedSince];
        },
        keyOf: (operation) => operation.id,
        versionOf: (operation) => operation.sequence,
      });
    },
  };
}

function newOperation(
  cluster: ClusterRef,
  target: OperationTarget,
  seen: Cluster | undefined,
  viewer: Viewer,
  nowMs: number,
): ClusterOperation {
  const now = new Date(nowMs).toISOString();
  const { subscriptionId, resourceGroup, name } = cluster;
  return {
    id: formatOperationId(cluster, nowMs, uuidV7()),
    cluster: { subscriptionId, resourceGroup, name },
    target,
    startedBy: viewer.name,
    createdAt: now,
    status: "PENDING",
    sequence: 1,
    percent: 0,
    observedAt: now,
    changedAt: now,
    ...(seen && {
      location: seen.location,
      clusterState: seen.provisioningState,
      powerState: seen.powerState,
    }),
    nodePools: seen?.nodePools ?? [],
    usualMs: 0,
    events: [{ sequence: 1, at: now, message: `Asked for by ${viewer.name}` }],
  };
}

function asDone(operation: ClusterOperation): ClusterOperation {
  const { createdAt: at, events } = operation;
  const message = "It was so already: Azure was not asked for anything";
  return {
    ...operation,
    status: "SUCCEEDED",
    percent: 100,
    finishedAt: at,
    events: [...events, { sequence: events.length + 1, at, message }],
  };
}

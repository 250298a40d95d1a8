import { v7 as uuidV7 } from "uuid";
import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { JobService } from "../../jobs/job-service.ts";
import type { Clock } from "../../shared/clock.ts";
import { InvalidInputError, type FieldProblem } from "../../shared/invalid-input-error.ts";
import { EntityChangedError, EntityExistsError } from "../../storage/entity-store.ts";
import type { AksGateway } from "../aks-gateway.ts";
import type { AzureCatalogue } from "../azure-catalogue.ts";
import { ASK_AZURE_LIMIT_MS, createAzureDeadline, type InTime } from "../azure-deadline.ts";
import type { Cluster, ClusterRef } from "../cluster.ts";
import type { LiveBlockers } from "../live-blockers.ts";
import { PROVISION_TAG } from "./cluster-spec.ts";
import type { IdempotencyKeys } from "./idempotency-keys.ts";
import { checkAgainstCatalogue, checkForm, type ProvisionRequest } from "./provision-input.ts";
import { FIRST_CHECKPOINT, provisionJob } from "./provision-job.ts";
import type { ProvisionPublisher } from "./provision-publisher.ts";
import type { ProvisionStore } from "./provision-store.ts";
import { CannotRetryProvisionError, ClusterExistsError, ProvisionNotFoundError } from "./provision.errors.ts";
import { formatProvisionId, jobRefOf, type Provision, type TimelineEntry } from "./provision.ts";

const MOST_MERGES = 10;

export interface ProvisionStarter {
  /**
   * Starts a provision and answers before Azure is asked to create anything. The job is durable when this resolves.
   * @throws ForbiddenError, InvalidInputError, ProvisionInProgressError, OperationInProgressError, ClusterExistsError, StoreUnavailableError
   */
  start(viewer: Viewer, request: ProvisionRequest): Promise<Provision>;
  /**
   * Starts another provision with everything that a failed or canceled one asked for, under the same guards, and links the
   * two. A cluster that is left stands in the way (ClusterExistsError): nothing is deleted here.
   * @throws ProvisionNotFoundError, CannotRetryProvisionError (it runs, or has succeeded), and what `start` throws
   */
  retry(viewer: Viewer, id: string): Promise<Provision>;
}

export interface ProvisionStarterDeps {
  readonly store: ProvisionStore;
  readonly publisher: ProvisionPublisher;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly jobs: JobService;
  readonly blockers: LiveBlockers;
  readonly aks: AksGateway;
  readonly catalogue: AzureCatalogue;
  /** Whether the viewer may see the registry of this ARM id. */
  readonly isRegistryKnown: (viewer: Viewer, armId: string) => Promise<boolean>;
  readonly clock: Clock;
}

export function createProvisionStarter(deps: ProvisionStarterDeps): ProvisionStarter {
  const { store, clock } = deps;

  async function findRepeated(viewer: Viewer, request: ProvisionRequest): Promise<Provision | undefined> {
    if (request.idempotencyKey === undefined) return undefined;
    const found = await deps.idempotencyKeys.find(viewer.id, request.idempotencyKey, request);
    if (found === "differs") throw keyIsTaken();
    return found && (await store.read(found.provisionId))?.provision;
  }

  async function checkRegistry(
    viewer: Viewer,
    { registryArmId }: ProvisionRequest,
    inTime: InTime,
  ): Promise<readonly FieldProblem[]> {
    if (registryArmId === undefined) return [];
    if ((await inTime(deps.isRegistryKnown(viewer, registryArmId))) !== false) return [];
    return [
      { path: "registryId", message: "Slipway sees no such registry. Take one that the registries query gives." },
    ];
  }

  /** Stores the provision with its job, and in the same transaction that it takes the place of `retriedId`. */
  async function create(provision: Provision, retriedId?: string): Promise<Provision> {
    const entry: TimelineEntry = {
      sequence: 1,
      at: provision.createdAt,
      phase: provision.phase,
      message: retriedId === undefined ? `Started by ${provision.startedBy}` : `Tried again by ${provision.startedBy}`,
    };
    await store.announce(provision);
    for (let merge = 0; ; merge++) {
      const retried = retriedId === undefined ? undefined : await linkTo(retriedId, provision);
      try {
        await deps.jobs.start({
          definition: provisionJob,
          ref: jobRefOf(provision.id),
          input: { provisionId: provision.id },
          checkpoint: FIRST_CHECKPOINT,
          changes: [...store.insertion(provision, [entry]), ...(retried?.changes ?? [])],
        });
        retried?.stored?.();
        break;
      } catch (error) {
        if (error instanceof EntityExistsError) return explainTaken(provision, error);
        // The old attempt was amended meanwhile.
        if (!(error instanceof EntityChangedError) || merge >= MOST_MERGES) throw error;
      }
    }
    deps.publisher.announce(provision);
    return provision;
  }

  function linkTo(retriedId: string, { id, startedBy }: Provision) {
    return deps.publisher.publish(retriedId, { retriedBy: id, notes: [`Tried again by ${startedBy}`] })();
  }

  /** Somebody was faster: this very provision (the same idempotency key twice at once), or another of the cluster. */
  async function explainTaken(provision: Provision, error: EntityExistsError): Promise<Provision> {
    const own = await store.read(provision.id);
    if (own) return own.provision;
    const blocker = await deps.blockers.find(provision.cluster);
    await store.retire(provision.id);
    await store.settle(provision);
    throw blocker ?? error;
  }

  /** One answer names every field, also those that are only known to be wrong by what Azure offers. */
  async function requireGoodForm(request: ProvisionRequest): Promise<void> {
    const problems = checkForm(request);
    if (problems.length === 0) return;
    const offered = await checkAgainstCatalogue(request, deps.catalogue, createAzureDeadline(clock));
    const others = offered.filter(({ path }) => !problems.some((problem) => problem.path === path));
    throw new InvalidInputError([...problems, ...others]);
  }

  /**
   * Azure offers what is asked for, nothing else is being done to the cluster, and there is none of that name, or none for
   * long: the create waits for one that is being deleted.
   */
  async function requireFree(viewer: Viewer, request: ProvisionRequest): Promise<void> {
    const cluster = clusterOf(request);
    const inTime = createAzureDeadline(clock);
    const [offered, registry, existing] = await Promise.all([
      checkAgainstCatalogue(request, deps.catalogue, inTime),
      checkRegistry(viewer, request, inTime),
      inTime(deps.aks.getCluster(cluster, AbortSignal.timeout(ASK_AZURE_LIMIT_MS))),
    ]);
    if (offered.length + registry.length > 0) throw new InvalidInputError([...offered, ...registry]);
    const blocker = await deps.blockers.find(cluster);
    if (blocker) throw blocker;
    if (existing && existing.provisioningState !== "Deleting")
      throw new ClusterExistsError(existing.armId, cluster, await whoLeft(existing));
  }

  /** The attempt that came to nothing and left this cluster. */
  async function whoLeft({ tags }: Cluster): Promise<Provision | undefined> {
    const madeBy = tags[PROVISION_TAG];
    const provision = madeBy === undefined ? undefined : (await store.read(madeBy))?.provision;
    return provision?.status === "FAILED" || provision?.status === "CANCELED" ? provision : undefined;
  }

  return {
    async start(viewer, request) {
      requirePermission(viewer, "clusters:write");
      await requireGoodForm(request);
      const repeated = await findRepeated(viewer, request);
      if (repeated) return repeated;
      try {
        await requireFree(viewer, request);
      } catch (error) {
        // What stands in the way may be this very request, sent twice at once.
        const repeatedMeanwhile = error instanceof InvalidInputError ? undefined : await findRepeated(viewer, request);
        if (repeatedMeanwhile) return repeatedMeanwhile;
        throw error;
      }
      const cluster = clusterOf(request);
      let id = formatProvisionId(cluster, uuidV7());
      if (request.idempotencyKey !== undefined) {
        const claim = await deps.idempotencyKeys.claim(viewer.id, request.idempotencyKey, request, id);
        if (claim === "differs") throw keyIsTaken();
        id = claim.provisionId;
      }
      return create(newProvision(id, cluster, request, viewer, clock.now()));
    },
    async retry(viewer, id) {
      requirePermission(viewer, "clusters:write");
      const old = (await store.read(id))?.provision;
      if (!old) throw new ProvisionNotFoundError();
      if (old.status !== "FAILED" && old.status !== "CANCELED") throw new CannotRetryProvisionError(old);
      const request = requestOf(old);
      await requireGoodForm(request);
      await requireFree(viewer, request);
      const attempt = newProvision(formatProvisionId(old.cluster, uuidV7()), old.cluster, request, viewer, clock.now());
      return create({ ...attempt, retryOf: old.id }, old.id);
    },
  };
}

function clusterOf({ subscriptionId, resourceGroup, clusterName }: ProvisionRequest): ClusterRef {
  return { subscriptionId, resourceGroup, name: clusterName };
}

/** Everything that a provision was asked for. */
function requestOf(provision: Provision): ProvisionRequest {
  const { cluster, location, nodePoolSpecs, kubernetesVersion, registryArmId, tags } = provision;
  return {
    subscriptionId: cluster.subscriptionId,
    resourceGroup: cluster.resourceGroup,
    clusterName: cluster.name,
    location,
    nodePools: nodePoolSpecs,
    kubernetesVersion,
    registryArmId,
    tags: Object.entries(tags).map(([name, value]) => ({ name, value })),
  };
}

function newProvision(
  id: string,
  cluster: ClusterRef,
  request: ProvisionRequest,
  viewer: Viewer,
  nowMs: number,
): Provision {
  const now = new Date(nowMs).toISOString();
  return {
    id,
    cluster,
    location: request.location.toLowerCase(),
    ...(request.kubernetesVersion === undefined ? {} : { kubernetesVersion: request.kubernetesVersion }),
    ...(request.registryArmId === undefined ? {} : { registryArmId: request.registryArmId }),
    nodePoolSpecs: request.nodePools,
    tags: Object.fromEntries(request.tags.map((tag) => [tag.name, tag.value])),
    startedBy: viewer.name,
    createdAt: now,
    status: "PENDING",
    phase: "CREATING_CLUSTER",
    sequence: 1,
    timelineSequence: 1,
    percent: 0,
    observedAt: now,
    changedAt: now,
    nodePools: [],
    leftovers: [],
  };
}

function keyIsTaken(): InvalidInputError {
  return new InvalidInputError([
    {
      path: "idempotencyKey",
      message: "This idempotency key was used with another input. Use a new key for another request.",
    },
  ]);
}

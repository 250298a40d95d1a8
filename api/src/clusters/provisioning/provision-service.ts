import { v7 as uuidV7 } from "uuid";
import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { LiveLog } from "../../events/live-log.ts";
import type { LiveState } from "../../events/live-state.ts";
import type { LiveStream } from "../../events/live-stream.ts";
import type { JobService } from "../../jobs/job-service.ts";
import type { Clock } from "../../shared/clock.ts";
import { InvalidInputError, type FieldProblem } from "../../shared/invalid-input-error.ts";
import { EntityExistsError } from "../../storage/entity-store.ts";
import type { AksGateway } from "../aks-gateway.ts";
import type { AzureCatalogue } from "../azure-catalogue.ts";
import type { ClusterRef } from "../cluster.ts";
import type { LiveBlockers } from "../live-blockers.ts";
import type { IdempotencyKeys } from "./idempotency-keys.ts";
import { createProvisionActions, type ProvisionActions } from "./provision-actions.ts";
import { checkAgainstCatalogue, checkForm, type ProvisionRequest } from "./provision-input.ts";
import { FIRST_CHECKPOINT, provisionJob } from "./provision-job.ts";
import { PROVISIONS_TOPIC, provisionTopic, timelineTopic, type ProvisionPublisher } from "./provision-publisher.ts";
import type { ProvisionPage, ProvisionStore } from "./provision-store.ts";
import { ClusterExistsError } from "./provision.errors.ts";
import {
  formatProvisionId,
  isTerminalProvision,
  tryParseProvisionId,
  type Provision,
  type TimelineEntry,
} from "./provision.ts";
import type { SimilarProvisions, UsualDurations } from "./usual-duration.ts";

/** Everything that is asked of Azure before a start is answered must come within this time, or goes unasked. */
const ASK_AZURE_LIMIT_MS = 700;
const TIMELINE_PAGE = 200;
/** Live lists also carry the newest that have ended or were amended, so that a reader who missed a hint learns of it. */
const RECENT_PROVISIONS = 20;

export interface ProvisionService extends ProvisionActions {
  /**
   * Starts a provision and answers before Azure is asked to create anything. The job is durable when this resolves.
   * @throws ForbiddenError, InvalidInputError, ProvisionInProgressError, OperationInProgressError, ClusterExistsError, StoreUnavailableError
   */
  start(viewer: Viewer, request: ProvisionRequest): Promise<Provision>;
  get(viewer: Viewer, id: string): Promise<Provision | undefined>;
  listNewest(viewer: Viewer, limit: number, after: string | undefined): Promise<ProvisionPage>;
  /** The newest attempts to create one cluster, newest first. */
  listOfCluster(viewer: Viewer, cluster: ClusterRef, limit: number): Promise<readonly Provision[]>;
  /** Those alone that did not succeed and that nobody has taken care of. */
  listNeedingAttention(viewer: Viewer, limit: number, after: string | undefined): Promise<ProvisionPage>;
  timeline(viewer: Viewer, id: string): Promise<readonly TimelineEntry[]>;
  /** Earlier provisions like this one, newest first, and how long they take. */
  similar(viewer: Viewer, provision: Provision, limit: number): Promise<SimilarProvisions>;
  /** The state now, then each change; ends after a terminal one. Undefined when there is no such provision. */
  watch(viewer: Viewer, id: string): Promise<LiveStream<Provision> | undefined>;
  /** Every entry after `afterSequence` once, in order; ends when the provision has ended. */
  watchTimeline(
    viewer: Viewer,
    id: string,
    afterSequence: number,
  ): Promise<AsyncGenerator<TimelineEntry, void, undefined> | undefined>;
  /** The live provisions now, then every provision that starts or changes. */
  watchAll(viewer: Viewer): LiveStream<Provision>;
}

export interface ProvisionServiceDeps {
  readonly store: ProvisionStore;
  readonly publisher: ProvisionPublisher;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly jobs: JobService;
  readonly blockers: LiveBlockers;
  readonly aks: AksGateway;
  readonly catalogue: AzureCatalogue;
  /** Whether the viewer may see the registry of this ARM id. */
  readonly isRegistryKnown: (viewer: Viewer, armId: string) => Promise<boolean>;
  readonly usualDurations: UsualDurations;
  readonly liveState: LiveState;
  readonly liveLog: LiveLog;
  readonly clock: Clock;
}

type InTime = <T>(answer: Promise<T>) => Promise<T | undefined>;

export function createProvisionService(deps: ProvisionServiceDeps): ProvisionService {
  const { store, clock } = deps;

  /** One deadline for all that a start asks of Azure, however many questions there are. */
  function createDeadline(): InTime {
    const untilMs = clock.monotonicMs() + ASK_AZURE_LIMIT_MS;
    return async (answer) => {
      const answered = new AbortController();
      const timeUp = clock.sleep(Math.max(0, untilMs - clock.monotonicMs()), answered.signal).then(() => undefined);
      try {
        return await Promise.race([answer, timeUp]);
      } catch {
        // Azure's refusal of a mere check is no verdict: the job asks again and knows how to wait.
        return undefined;
      } finally {
        answered.abort();
      }
    };
  }

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

  async function requireNoneLive(cluster: ClusterRef): Promise<void> {
    const blocker = await deps.blockers.find(cluster);
    if (blocker) throw blocker;
  }

  async function create(provision: Provision): Promise<Provision> {
    const key = tryParseProvisionId(provision.id);
    if (!key) throw new Error(`'${provision.id}' is no provision id.`);
    const entry: TimelineEntry = {
      sequence: 1,
      at: provision.createdAt,
      phase: provision.phase,
      message: `Started by ${provision.startedBy}`,
    };
    await store.announce(provision);
    try {
      await deps.jobs.start({
        definition: provisionJob,
        ref: { partitionKey: key.partitionKey, jobId: key.attempt },
        input: { provisionId: provision.id },
        checkpoint: FIRST_CHECKPOINT,
        changes: store.insertion(provision, [entry]),
      });
    } catch (error) {
      if (!(error instanceof EntityExistsError)) throw error;
      return explainTaken(provision, error);
    }
    deps.publisher.announce(provision);
    return provision;
  }

  /** Somebody was faster: this very provision (the same idempotency key twice at once), or another of the cluster. */
  async function explainTaken(provision: Provision, error: EntityExistsError): Promise<Provision> {
    const own = await store.read(provision.id);
    if (own) return own.provision;
    const blocker = await deps.blockers.find(provision.cluster);
    await store.retire(provision.id);
    throw blocker ?? error;
  }

  /** What Azure's catalogues say of the fields whose form is fine, so that one answer names every field. */
  async function checkOtherFields(
    request: ProvisionRequest,
    problems: readonly FieldProblem[],
  ): Promise<readonly FieldProblem[]> {
    const offered = await checkAgainstCatalogue(request, deps.catalogue, createDeadline());
    return offered.filter(({ path }) => !problems.some((problem) => problem.path === path));
  }

  return {
    ...createProvisionActions(deps),
    async start(viewer, request) {
      requirePermission(viewer, "clusters:write");
      const problems = checkForm(request);
      if (problems.length > 0)
        throw new InvalidInputError([...problems, ...(await checkOtherFields(request, problems))]);
      const repeated = await findRepeated(viewer, request);
      if (repeated) return repeated;
      const cluster = {
        subscriptionId: request.subscriptionId,
        resourceGroup: request.resourceGroup,
        name: request.clusterName,
      };
      const inTime = createDeadline();
      const [offered, registry, existing] = await Promise.all([
        checkAgainstCatalogue(request, deps.catalogue, inTime),
        checkRegistry(viewer, request, inTime),
        inTime(deps.aks.getCluster(cluster, AbortSignal.timeout(ASK_AZURE_LIMIT_MS))),
      ]);
      if (offered.length + registry.length > 0) throw new InvalidInputError([...offered, ...registry]);
      try {
        await requireNoneLive(cluster);
        if (existing) throw new ClusterExistsError(existing.armId, cluster.name, cluster.resourceGroup);
      } catch (error) {
        // What stands in the way may be this very request, sent twice at once.
        const repeatedMeanwhile = await findRepeated(viewer, request);
        if (repeatedMeanwhile) return repeatedMeanwhile;
        throw error;
      }
      let id = formatProvisionId(cluster, uuidV7());
      if (request.idempotencyKey !== undefined) {
        const claim = await deps.idempotencyKeys.claim(viewer.id, request.idempotencyKey, request, id);
        if (claim === "differs") throw keyIsTaken();
        id = claim.provisionId;
      }
      return create(newProvision(id, cluster, request, viewer, clock.now()));
    },
    async get(viewer, id) {
      requirePermission(viewer, "clusters:read");
      return (await store.read(id))?.provision;
    },
    async listNewest(viewer, limit, after) {
      requirePermission(viewer, "clusters:read");
      return store.listNewest(limit, after);
    },
    async listOfCluster(viewer, cluster, limit) {
      requirePermission(viewer, "clusters:read");
      return store.listOfCluster(cluster, limit);
    },
    async listNeedingAttention(viewer, limit, after) {
      requirePermission(viewer, "clusters:read");
      return store.listNeedingAttention(limit, after);
    },
    async timeline(viewer, id) {
      requirePermission(viewer, "clusters:read");
      const entries: TimelineEntry[] = [];
      for (;;) {
        const page = await store.readTimeline(id, entries.length, TIMELINE_PAGE);
        entries.push(...page);
        if (page.length < TIMELINE_PAGE) return entries;
      }
    },
    async similar(viewer, provision, limit) {
      requirePermission(viewer, "clusters:read");
      return deps.usualDurations.similarTo(provision, limit);
    },
    async watch(viewer, id) {
      requirePermission(viewer, "clusters:read");
      if (!(await store.read(id))) return undefined;
      return deps.liveState.stream<Provision>({
        topic: provisionTopic(id),
        read: async () => {
          const stored = await store.read(id);
          return stored ? [stored.provision] : [];
        },
        keyOf: (provision) => provision.id,
        versionOf: (provision) => provision.sequence,
        isLast: (provision) => isTerminalProvision(provision.status),
      });
    },
    async watchTimeline(viewer, id, afterSequence) {
      requirePermission(viewer, "clusters:read");
      if (!(await store.read(id))) return undefined;
      return deps.liveLog.stream<TimelineEntry>(
        {
          topic: timelineTopic(id),
          readAfter: async (sequence) => {
            // The record first: what it says is the last entry is stored before it.
            const provision = (await store.read(id))?.provision;
            const entries = await store.readTimeline(id, sequence, TIMELINE_PAGE);
            const last = entries.at(-1)?.sequence ?? sequence;
            const complete =
              provision !== undefined && isTerminalProvision(provision.status) && last >= provision.timelineSequence;
            return { entries, complete };
          },
          sequenceOf: (entry) => entry.sequence,
        },
        afterSequence,
      );
    },
    watchAll(viewer) {
      requirePermission(viewer, "clusters:read");
      const startedMs = clock.now();
      return deps.liveState.stream<Provision>({
        topic: PROVISIONS_TOPIC,
        read: async () => {
          const [live, newest] = await Promise.all([store.listLive(), store.listNewest(RECENT_PROVISIONS, undefined)]);
          const changedSince = newest.provisions
            .map((one) => one.provision)
            .filter(({ status, observedAt }) => isTerminalProvision(status) && Date.parse(observedAt) >= startedMs);
          return [...live, ...changedSince];
        },
        keyOf: (provision) => provision.id,
        versionOf: (provision) => provision.sequence,
      });
    },
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

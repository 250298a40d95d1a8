import { v7 as uuidV7 } from "uuid";
import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import { AzureError } from "../../shared/azure-error.ts";
import type { Clock } from "../../shared/clock.ts";
import { InvalidInputError } from "../../shared/invalid-input-error.ts";
import { EntityExistsError, StoreUnavailableError } from "../../storage/entity-store.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { RegistryService } from "../registry-service.ts";
import { formatBuildId, type RegistryFindings, type RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { isTerminalBuild } from "./acr-run.ts";
import type { BuildFilter, BuildPage, PageRequest } from "./build-history.ts";
import { canNameStep, checkBuildRequest, toBuildInput, toRunRequest, type BuildImageRequest } from "./build-input.ts";
import type { BuildLogMessage, BuildLogs } from "./build-log.ts";
import type { BuildRunTable } from "./build-run-table.ts";
import {
  BuildNotFoundError,
  BuildRateLimitedError,
  BuildRefusedError,
  CannotCancelBuildError,
  DuplicateBuildError,
  MissingRoleError,
} from "./build.errors.ts";

/** What came of one requested image. `build` is there also when Azure's answer got lost: it is being looked for. */
export interface StartBuildResult {
  readonly image: string;
  readonly tag: string;
  readonly build?: AcrBuild;
  readonly error?:
    | DuplicateBuildError
    | BuildRefusedError
    | MissingRoleError
    | BuildRateLimitedError
    | StoreUnavailableError
    | AzureError;
}

export interface BuildService {
  /**
   * Starts a build of each image and answers as soon as ACR has given run ids; one failure never stops the others.
   * @throws ForbiddenError, InvalidInputError, StoreUnavailableError (no intent could be stored, so nothing was asked)
   */
  start(
    viewer: Viewer,
    registryArmId: string,
    images: readonly BuildImageRequest[],
  ): Promise<readonly StartBuildResult[]>;
  get(viewer: Viewer, id: string): Promise<AcrBuild | undefined>;
  /** Builds of a registry, newest first. Undefined when there is no such registry. */
  list(viewer: Viewer, registryArmId: string, filter: BuildFilter, page: PageRequest): Promise<BuildPage | undefined>;
  /** As `BuildLogs.stream` has it. Undefined when there is no such build. */
  log(
    viewer: Viewer,
    id: string,
    afterLine: number,
    logId?: string,
  ): Promise<AsyncGenerator<BuildLogMessage, void, undefined> | undefined>;
  /** @throws BuildNotFoundError, CannotCancelBuildError, MissingRoleError, BuildRateLimitedError, AzureError */
  cancel(viewer: Viewer, id: string): Promise<AcrBuild>;
}

export interface BuildServiceDeps {
  readonly registries: RegistryService;
  readonly acr: AcrGateway;
  readonly store: RegistryStore;
  readonly buildRuns: BuildRunTable;
  readonly logs: BuildLogs;
  readonly allowedSourceHosts: readonly string[];
  readonly clock: Clock;
  /** The build table could not be written; the watcher writes the row later. */
  readonly onBuildTableError: (error: unknown) => void;
  /** Builds that Azure is being asked for right now: nobody else may judge them. */
  readonly scheduling: Set<string>;
  /** What Azure answered could not be stored; the watcher finds it out again. */
  readonly onAnswerNotStored: (error: unknown) => void;
  /** Stores and tells. */
  readonly write: (registry: Registry, findings: RegistryFindings) => Promise<void>;
}

export function createBuildService(deps: BuildServiceDeps): BuildService {
  const { clock, store } = deps;

  async function startOne(viewer: Viewer, registry: Registry, request: BuildImageRequest): Promise<StartBuildResult> {
    const now = new Date(clock.now()).toISOString();
    const { image, tag } = request;
    const name = uuidV7();
    const intent: AcrBuild = {
      id: formatBuildId(registry, name),
      ...(canNameStep(request) ? { stepId: `slipway-${name}` } : {}),
      registryArmId: registry.armId,
      image,
      tag,
      status: "UNKNOWN",
      startedBy: viewer.name,
      input: toBuildInput(request),
      createdAt: now,
      observedAt: now,
      isRecorded: false,
      version: 0,
    };
    // What others build, or builds that only the table tells of, hold no guard.
    const running = (await store.listActiveBuilds(registry)).find((one) => one.image === image && one.tag === tag);
    if (running) return { image, tag, error: new DuplicateBuildError(running) };
    try {
      await deps.write(registry, { builds: [intent], guarded: [intent] });
    } catch (error) {
      if (!(error instanceof EntityExistsError)) throw error;
      return { image, tag, error: new DuplicateBuildError(await findRunning(registry, intent)) };
    }
    deps.scheduling.add(intent.id);
    try {
      return await schedule(registry, request, intent);
    } finally {
      deps.scheduling.delete(intent.id);
    }
  }

  /** Azure has answered by now: a store that fails can't make that undone, and the intent is in it already. */
  async function writeAnswer(registry: Registry, build: AcrBuild): Promise<void> {
    try {
      await deps.write(registry, { builds: [build] });
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      deps.onAnswerNotStored(error);
    }
  }

  /** Nothing was scheduled: the intent is taken back. Stays one the store keeps, the watcher finds that it has no run. */
  async function withdraw(registry: Registry, intent: AcrBuild, error: string): Promise<void> {
    try {
      await deps.write(registry, { withdrawn: [{ ...intent, error }] });
    } catch (failure) {
      if (!(failure instanceof StoreUnavailableError)) throw failure;
      deps.onAnswerNotStored(failure);
    }
  }

  async function schedule(registry: Registry, request: BuildImageRequest, intent: AcrBuild): Promise<StartBuildResult> {
    const { image, tag } = intent;
    let runId: string | undefined;
    try {
      runId = await deps.acr.scheduleRun(registry, toRunRequest(request, intent.stepId));
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      // Nobody knows whether it builds: the guard stays shut and the watcher looks for the run.
      if (error.kind === "lost-reply") return { image, tag, build: intent };
      const refused = refusalOf(registry, error);
      await withdraw(registry, intent, refused.message);
      return { image, tag, error: refused };
    }
    if (runId === undefined) return { image, tag, build: intent };
    const now = new Date(clock.now()).toISOString();
    const build = { ...intent, runId, status: "QUEUED" as const, queuedAt: now, observedAt: now };
    const isRecorded = await record(registry, build);
    await writeAnswer(registry, { ...build, isRecorded });
    return { image, tag, build: { ...build, isRecorded } };
  }

  async function record(registry: Registry, build: AcrBuild & { readonly runId: string }): Promise<boolean> {
    try {
      await deps.buildRuns.record(registry, build);
      return true;
    } catch (error) {
      deps.onBuildTableError(error);
      return false;
    }
  }

  async function findRunning(registry: Registry, intent: AcrBuild): Promise<AcrBuild> {
    const id = await store.readGuard(registry, intent);
    return (id === undefined ? undefined : await store.readBuild(id)) ?? intent;
  }

  return {
    async start(viewer, registryArmId, images) {
      requirePermission(viewer, "registries:build");
      const registry = await deps.registries.find(viewer, registryArmId);
      const problems = checkBuildRequest(images, deps.allowedSourceHosts);
      if (!registry)
        problems.push({
          path: "registryId",
          message: "There is no such registry. Take one that the registries query gives.",
        });
      if (!registry || problems.length > 0) throw new InvalidInputError(problems);
      await deps.registries.keepWatching(registry);
      const outcomes = await Promise.allSettled(images.map((image) => startOne(viewer, registry, image)));
      const results = images.map(({ image, tag }, index) => resultOf(image, tag, outcomes[index]));
      if (results.every(({ error }) => error instanceof StoreUnavailableError)) throw results[0]?.error;
      await deps.registries.keepWatching(registry);
      return results;
    },
    async get(viewer, id) {
      requirePermission(viewer, "registries:read");
      return store.readBuild(id);
    },
    async list(viewer, registryArmId, filter, page) {
      requirePermission(viewer, "registries:read");
      const registry = await deps.registries.find(viewer, registryArmId);
      return registry && store.listBuilds(registry, filter, page);
    },
    async log(viewer, id, afterLine, logId) {
      requirePermission(viewer, "registries:read");
      const build = await store.readBuild(id);
      const registry = build && (await deps.registries.find(viewer, build.registryArmId));
      return build && registry && deps.logs.stream(registry, build, afterLine, logId);
    },
    async cancel(viewer, id) {
      requirePermission(viewer, "registries:build");
      const build = await store.readBuild(id);
      const registry = build && (await deps.registries.find(viewer, build.registryArmId));
      if (!build || !registry) throw new BuildNotFoundError();
      if (isTerminalBuild(build.status))
        throw new CannotCancelBuildError(`The build has ended already: ${build.status}.`);
      if (build.runId === undefined)
        throw new CannotCancelBuildError("Azure has not named the run of this build yet. Try again in a moment.");
      try {
        await deps.acr.cancelRun(registry, build.runId);
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        if (error.kind === "conflict") throw new CannotCancelBuildError("Azure says that the run has ended already.");
        if (error.kind === "not-found") throw new CannotCancelBuildError("Azure does not know the run any more.");
        throw roleOrRateOf(registry, error) ?? error;
      }
      await deps.registries.keepWatching(registry);
      return build;
    },
  };
}

/** What a refusal means for who asked. Other troubles that may pass are Azure's own: AZURE_UNAVAILABLE. */
function refusalOf(
  registry: Registry,
  error: AzureError,
): BuildRefusedError | MissingRoleError | BuildRateLimitedError | AzureError {
  const known = roleOrRateOf(registry, error);
  if (known) return known;
  return error.kind === "transient" ? error : new BuildRefusedError(error.code, error.message);
}

/** The refusals of Azure that mean the same for every action on builds. */
function roleOrRateOf(registry: Registry, error: AzureError): MissingRoleError | BuildRateLimitedError | undefined {
  if (error.status === 429) return new BuildRateLimitedError(error);
  return error.kind === "forbidden" ? new MissingRoleError(registry, error) : undefined;
}

function resultOf(
  image: string,
  tag: string,
  outcome: PromiseSettledResult<StartBuildResult> | undefined,
): StartBuildResult {
  if (outcome?.status === "fulfilled") return outcome.value;
  if (outcome?.reason instanceof StoreUnavailableError) return { image, tag, error: outcome.reason };
  throw outcome?.reason;
}

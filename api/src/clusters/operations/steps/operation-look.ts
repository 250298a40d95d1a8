import { AzureError } from "../../../shared/azure-error.ts";
import { waitOutTrouble } from "../../azure-trouble.ts";
import type { Cluster } from "../../cluster.ts";
import { classifyAzureError } from "../../failures/classify-failure.ts";
import type { FailureAbout } from "../../failures/failure-facts.ts";
import { failureOf, type Failure } from "../../failures/failure.ts";
import { PROVISION_TAG } from "../../provisioning/cluster-spec.ts";
import { shareOfStep } from "../../provisioning/provision-percent.ts";
import type { ClusterOperation } from "../cluster-operation.ts";
import type { OperationFindings } from "../operation-change.ts";
import type { OperationDeps } from "../operation-deps.ts";
import type { OperationCheckpoint, OperationLook, OperationMove } from "../operation-job.ts";
import { rememberDuration, usualRealMs } from "../usual-duration.ts";

/** AKS sends no Retry-After. */
export const LOOK_EVERY_MS = 5_000;
/** Azure's time of watching after which what has neither succeeded nor failed is given up. */
const DEADLINE_MS = 60 * 60_000;
/** One 404 can be a replica that lags; this many in a row are the truth. */
export const MISSING_LOOKS = 3;

/** The operation that a look is about. */
export async function readOperation(deps: OperationDeps, look: OperationLook): Promise<ClusterOperation> {
  const stored = await deps.store.read(look.input.operationId);
  if (!stored)
    throw new Error(`The operation '${look.input.operationId}' is gone from the store although its job runs.`);
  return stored.operation;
}

/** Runs one look that asks Azure: trouble that may pass is waited out, everything else Azure says no to is a failure now. */
export async function facingAzure(
  deps: OperationDeps,
  look: OperationLook,
  attempt: () => Promise<OperationMove>,
): Promise<OperationMove> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    if (error.kind !== "transient" && error.kind !== "lost-reply") return refused(deps, look, error);
    return waitOut(deps, look, error);
  }
}

/** Another look after trouble that may pass; a failure when it has lasted too long. */
export async function waitOut(deps: OperationDeps, look: OperationLook, error: AzureError): Promise<OperationMove> {
  const next = waitOutTrouble(error, look.checkpoint.trouble, deps);
  if (next === "lasted-too-long") return refused(deps, look, error);
  const { trouble, delayMs, reason, retry } = next;
  return {
    kind: "again",
    delayMs,
    retry,
    checkpoint: { ...look.checkpoint, trouble },
    changes: deps.publisher.publish(look.input.operationId, {
      status: "RUNNING",
      message: reason,
      notes: trouble.attempts === 1 ? [reason] : [],
    }),
  };
}

async function refused(deps: OperationDeps, look: OperationLook, error: AzureError): Promise<OperationMove> {
  return fail(deps, look, classifyAzureError(error, aboutOperation(await readOperation(deps, look))));
}

/** What Azure leaves out of its words. Pools are as they were asked for: a refused count is not the one that stands. */
export function aboutOperation({ cluster, location, nodePools, target }: ClusterOperation): FailureAbout {
  const { subscriptionId, resourceGroup, name } = cluster;
  const about = {
    subscriptionId,
    resourceGroup,
    clusterName: name,
    nodePools,
    ...(location === undefined ? {} : { location }),
  };
  switch (target.kind) {
    case "SCALE": {
      const { poolName, count } = target;
      const isMeant = (pool: { readonly name: string }): boolean => pool.name.toLowerCase() === poolName.toLowerCase();
      return {
        ...about,
        pool: poolName,
        nodePools: nodePools.map((pool) => (isMeant(pool) ? { ...pool, count } : pool)),
      };
    }
    case "ADD_NODE_POOL":
      return { ...about, pool: target.pool.name, nodePools: [...nodePools, target.pool] };
    case "REMOVE_NODE_POOL":
      return { ...about, pool: target.poolName };
    case "START":
    case "STOP":
    case "DELETE":
    case "CLEAN_UP":
      return about;
  }
}

/** Another look in a while, after one that was answered; a failure when there were such for an hour of Azure's time. */
export async function lookAgain(
  deps: OperationDeps,
  look: OperationLook,
  findings: OperationFindings,
  more: { readonly checkpoint?: Partial<OperationCheckpoint>; readonly afterMs?: number | undefined } = {},
): Promise<OperationMove> {
  const watched = watchedSoFar(deps, look.checkpoint);
  if (watched.watchedMs > DEADLINE_MS) return fail(deps, look, lastedTooLong(look.checkpoint.asked), findings);
  const { trouble: _over, ...checkpoint } = look.checkpoint;
  return {
    kind: "again",
    delayMs: Math.max(deps.azureTime.toRealMs(LOOK_EVERY_MS), more.afterMs ?? 0),
    checkpoint: { ...checkpoint, ...watched, ...more.checkpoint },
    changes: deps.publisher.publish(look.input.operationId, findings),
  };
}

/** Azure did not show the cluster at this look. */
export function missingLook(deps: OperationDeps, look: OperationLook): Promise<OperationMove> {
  const missingLooks = look.checkpoint.missingLooks + 1;
  const message = `Azure does not show the cluster (${missingLooks} of ${MISSING_LOOKS})`;
  return lookAgain(deps, look, { message }, { checkpoint: { missingLooks } });
}

export async function succeed(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  findings: OperationFindings,
): Promise<OperationMove> {
  await rememberDuration(operation, deps, deps.clock.now());
  return {
    kind: "finish",
    state: "SUCCEEDED",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(operation.id, { ...findings, status: "SUCCEEDED", message: null }),
  };
}

export async function fail(
  deps: OperationDeps,
  look: OperationLook,
  failure: Failure,
  findings: OperationFindings = {},
): Promise<OperationMove> {
  const { status = "FAILED" } = findings;
  const { correlationId, operationId } = look.checkpoint;
  return {
    kind: "finish",
    state: status === "CANCELED" ? "CANCELED" : "FAILED",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(look.input.operationId, {
      ...findings,
      status,
      message: null,
      failure: {
        ...failure,
        ...(correlationId === undefined ? {} : { correlationId }),
        ...(operationId === undefined ? {} : { operationId }),
      },
      notes: [...(findings.notes ?? []), `${status === "CANCELED" ? "Canceled" : "Failed"}: ${failure.message}`],
    }),
  };
}

/** Share of the operation that is done by its time. */
export function shareDone(deps: OperationDeps, operation: ClusterOperation): number {
  const { acceptedAt } = operation;
  if (acceptedAt === undefined) return 0;
  return shareOfStep(deps.clock.now() - Date.parse(acceptedAt), usualRealMs(operation, deps.azureTime));
}

/** Which provision made the cluster: known only while the cluster is there to tell. */
export function madeBy(cluster: Cluster): { readonly madeBy?: string } {
  const provisionId = cluster.tags[PROVISION_TAG];
  return provisionId === undefined ? {} : { madeBy: provisionId };
}

function lastedTooLong(asked: boolean): Failure {
  return asked
    ? failureOf(
        "TIMED_OUT",
        "OperationTimedOut",
        "Azure has neither done nor refused it for an hour. It may still do so: look at the cluster before you ask again.",
      )
    : failureOf(
        "CONFLICT",
        "OperationTimedOut",
        "Another operation has kept the cluster for an hour, so Azure was not asked. Try again when it has ended.",
      );
}

/** Counts from look to look, so that neither a restart nor an outage nor a change of the emulator's speed uses the time up. */
function watchedSoFar(
  { clock, azureTime }: OperationDeps,
  { watchedMs, lookedAtMs }: OperationCheckpoint,
): { readonly watchedMs: number; readonly lookedAtMs: number } {
  const nowMs = clock.now();
  const sinceMs = Math.min(Math.max(0, nowMs - (lookedAtMs ?? nowMs)), 2 * azureTime.toRealMs(LOOK_EVERY_MS));
  return { watchedMs: watchedMs + (azureTime.isByHand() ? 0 : azureTime.toAzureMs(sinceMs)), lookedAtMs: nowMs };
}

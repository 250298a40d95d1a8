import type { ArmOperationLook, SubmittedArmOperation } from "../src/clusters/aks-gateway.ts";
import type { ClusterSpec } from "../src/clusters/aks-gateway.ts";
import { clusterKey, type Cluster, type ClusterRef } from "../src/clusters/cluster.ts";
import type { ResourceGroup } from "../src/clusters/provisioning/resource-group-gateway.ts";
import { formatArmId } from "../src/shared/arm-id.ts";
import { AzureError, type AzureErrorKind } from "../src/shared/azure-error.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What becomes of a create. Times are real milliseconds at the speed of the run. */
export interface CreatePlan {
  readonly takesMs: number;
  readonly end: "Succeeded" | "Failed" | "never";
  /** A failed one gets ready by itself so long after its end. */
  readonly recoversAfterMs?: number | undefined;
  /** Azure forgets the operation at once: looks at it find nothing. */
  readonly isForgotten: boolean;
  /** How long Microsoft Entra does not know the identity of the cluster after it was made. */
  readonly identityLagMs: number;
}

/** One cluster that Azure has made or begun to make, with all that ever became of it. */
export interface ClusterTruth {
  readonly ref: ClusterRef;
  readonly spec: ClusterSpec;
  readonly plan: CreatePlan;
  readonly createdAtMs: number;
  readonly operationId: string;
  /** Creates that took effect: one, but for a request that overwrites. */
  creates: number;
  abortedAtMs?: number;
  deletedAtMs?: number;
}

/**
 * Azure as far as provisions need it: resource groups that show themselves late, clusters whose state is a matter of time,
 * role assignments. State: every cluster there ever was, newest last, the groups, the assignments. Calls take effect at once
 * and throw `AzureError` as the gateways do.
 */
export interface SimulatedAzure {
  readonly clusters: readonly ClusterTruth[];
  readonly assignments: ReadonlySet<string>;
  getCluster(ref: ClusterRef): Cluster | undefined;
  createCluster(
    ref: ClusterRef,
    spec: ClusterSpec,
    options?: { readonly mayOverwrite: boolean },
  ): SubmittedArmOperation;
  abort(ref: ClusterRef): void;
  lookAtOperation(state: string): ArmOperationLook;
  getGroup(name: string): ResourceGroup | undefined;
  createGroup(name: string, location: string, tags: Readonly<Record<string, string>>): ResourceGroup;
  assignRole(name: string, principalId: string): "created" | "exists";
  /** As somebody does in the portal; there is a state of `Deleting` first. */
  deleteOutside(ref: ClusterRef): void;
}

export function createSimulatedAzure(deps: {
  readonly time: VirtualTime;
  readonly planCreate: (ref: ClusterRef) => CreatePlan;
  readonly groupLagMs: () => number;
  /** How long stopping and deleting take. */
  readonly passingMs: number;
}): SimulatedAzure {
  const { time, passingMs } = deps;
  const clusters: ClusterTruth[] = [];
  const groups = new Map<string, { group: ResourceGroup; visibleAtMs: number }>();
  const assignments = new Set<string>();

  const isThere = ({ deletedAtMs }: ClusterTruth): boolean =>
    deletedAtMs === undefined || time.nowMs() < deletedAtMs + passingMs;
  const find = (ref: ClusterRef): ClusterTruth | undefined =>
    clusters.findLast((one) => clusterKey(one.ref) === clusterKey(ref) && isThere(one));

  function stateOf({ plan, createdAtMs, abortedAtMs, deletedAtMs }: ClusterTruth): string {
    const nowMs = time.nowMs();
    if (deletedAtMs !== undefined) return "Deleting";
    if (abortedAtMs !== undefined) return nowMs < abortedAtMs + passingMs ? "Canceling" : "Canceled";
    const endsAtMs = createdAtMs + plan.takesMs;
    if (nowMs < endsAtMs || plan.end === "never") return "Creating";
    return nowMs >= endsAtMs + (plan.recoversAfterMs ?? Infinity) ? "Succeeded" : plan.end;
  }

  function toCluster(truth: ClusterTruth): Cluster {
    const { ref, spec } = truth;
    const provisioningState = stateOf(truth);
    const { subscriptionId, resourceGroup, name } = ref;
    const type = "Microsoft.ContainerService/managedClusters";
    return {
      ...ref,
      armId: formatArmId({ subscriptionId, resourceGroup, type, name }),
      location: spec.location,
      kubernetesVersion: "1.34.1",
      provisioningState,
      powerState: "Running",
      nodeResourceGroup: `MC_${resourceGroup}_${name}`,
      fqdn: undefined,
      kubeletObjectId: provisioningState === "Succeeded" ? `kubelet-of-${name}` : undefined,
      tags: spec.tags,
      nodePools: spec.nodePools.map((pool) => ({ ...pool, provisioningState, powerState: "Running" })),
    };
  }

  return {
    clusters,
    assignments,
    getCluster(ref) {
      const found = find(ref);
      return found && toCluster(found);
    },
    createCluster(ref, spec, { mayOverwrite } = { mayOverwrite: false }) {
      const group = groups.get(ref.resourceGroup.toLowerCase());
      if (!group || time.nowMs() < group.visibleAtMs) throw refused("not-found", 404, "ResourceGroupNotFound");
      const found = find(ref);
      if (found && !(mayOverwrite && stateOf(found) !== "Deleting"))
        throw refused("conflict", stateOf(found) === "Deleting" ? 409 : 412, "PreconditionFailed");
      if (found) {
        found.creates++;
        return { state: found.operationId };
      }
      const operationId = `operation-${clusters.length + 1}`;
      clusters.push({ ref, spec, plan: deps.planCreate(ref), createdAtMs: time.nowMs(), operationId, creates: 1 });
      return { state: operationId, operationId };
    },
    abort(ref) {
      const found = find(ref);
      if (!found || stateOf(found) !== "Creating") throw refused("conflict", 409, "OperationNotAllowed");
      found.abortedAtMs = time.nowMs();
    },
    lookAtOperation(state) {
      const truth = clusters.find(({ operationId }) => operationId === state);
      if (!truth || truth.plan.isForgotten) throw refused("not-found", 404, "OperationNotFound");
      switch (stateOf({ ...truth, plan: { ...truth.plan, recoversAfterMs: undefined } })) {
        case "Creating":
        case "Canceling":
          return { status: "running", state };
        case "Succeeded":
          return { status: "succeeded" };
        case "Failed":
          return {
            status: "failed",
            error: { code: "VMExtensionProvisioningError", message: "The nodes did not start." },
          };
        default:
          return { status: "canceled" };
      }
    },
    getGroup(name) {
      const found = groups.get(name.toLowerCase());
      return found && time.nowMs() >= found.visibleAtMs ? found.group : undefined;
    },
    createGroup(name, location, tags) {
      const found = groups.get(name.toLowerCase());
      const group = { name, location, provisioningState: "Succeeded", tags };
      groups.set(name.toLowerCase(), { group, visibleAtMs: found?.visibleAtMs ?? time.nowMs() + deps.groupLagMs() });
      return group;
    },
    assignRole(name, principalId) {
      const truth = clusters.findLast((one) => `kubelet-of-${one.ref.name}` === principalId);
      const knownAtMs = truth ? truth.createdAtMs + truth.plan.takesMs + truth.plan.identityLagMs : 0;
      if (time.nowMs() < knownAtMs) throw refused("transient", 400, "PrincipalNotFound");
      if (assignments.has(name)) return "exists";
      assignments.add(name);
      return "created";
    },
    deleteOutside(ref) {
      const found = find(ref);
      if (found) found.deletedAtMs ??= time.nowMs();
    },
  };
}

export function refused(
  kind: AzureErrorKind,
  status: number | undefined,
  code: string,
  retryAfterMs?: number,
): AzureError {
  return new AzureError({
    kind,
    body: { code, message: `Azure answered ${code}.` },
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

import { invalidRequestContent } from "../../arm-errors.ts";
import { accepted, asyncOperationHeader, created, locationHeader, noContent, ok, page } from "../../arm-response.ts";
import type { AsyncOperation } from "../../async-operations.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { clusterNotFound } from "./aks-errors.ts";
import { AKS_LIMITS } from "./aks-limits.ts";
import { beginAbort, beginDelete, beginStart, beginStop, checkIdle } from "./change-cluster.ts";
import { isFields, parseClusterRequest } from "./cluster-request.ts";
import { beginCreate } from "./create-cluster.ts";
import {
  clusterId,
  findCluster,
  listClusters,
  toClusterAnswer,
  updateCluster,
  type ManagedCluster,
} from "./managed-cluster.ts";
import { checkPreconditions } from "./preconditions.ts";
import { beginUpdate } from "./update-cluster.ts";

const SUBSCRIPTION = "/subscriptions/{subscriptionId}";
const GROUP_CLUSTERS = `${SUBSCRIPTION}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerService/managedClusters`;
export const CLUSTER_PATH = `${GROUP_CLUSTERS}/{resourceName}`;

/** https://learn.microsoft.com/rest/api/aks/managed-clusters */
export const clusterRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters`,
    operation: "managedClusters.list",
    limits: [AKS_LIMITS.listClusters],
    handle: (request, world) => {
      const { subscriptionId = "" } = request.params;
      return page(request, listClusters(world.resources, { subscriptionId }).map(toClusterAnswer));
    },
  },
  {
    method: "GET",
    path: GROUP_CLUSTERS,
    operation: "managedClusters.listByResourceGroup",
    limits: [AKS_LIMITS.listClustersOfGroup],
    handle: (request, world) => {
      const { subscriptionId = "", resourceGroupName: resourceGroup = "" } = request.params;
      return page(request, listClusters(world.resources, { subscriptionId, resourceGroup }).map(toClusterAnswer));
    },
  },
  {
    method: "GET",
    path: CLUSTER_PATH,
    operation: "managedClusters.get",
    limits: [AKS_LIMITS.getCluster],
    handle: (request, world) => ok(toClusterAnswer(requireCluster(request, world))),
  },
  {
    method: "PUT",
    path: CLUSTER_PATH,
    operation: "managedClusters.createOrUpdate",
    limits: [AKS_LIMITS.putCluster],
    handle: putCluster,
  },
  {
    method: "PATCH",
    path: CLUSTER_PATH,
    operation: "managedClusters.updateTags",
    limits: [AKS_LIMITS.other],
    handle: patchTags,
  },
  {
    method: "DELETE",
    path: CLUSTER_PATH,
    operation: "managedClusters.delete",
    limits: [AKS_LIMITS.other],
    handle: (request, world) => {
      const cluster = lookUp(request, world);
      if (!cluster) return noContent();
      checkPreconditions(request, cluster.etag, `managed cluster ${cluster.name}`);
      return acceptedBy(request, beginDelete(world, cluster));
    },
  },
  action("start", "managedClusters.start", beginStart),
  action("stop", "managedClusters.stop", beginStop),
  action("abort", "managedClusters.abortLatestOperation", beginAbort),
  {
    method: "POST",
    path: `${CLUSTER_PATH}/listClusterUserCredential`,
    operation: "managedClusters.listClusterUserCredentials",
    limits: [AKS_LIMITS.other],
    handle: (request, world) => {
      const { body } = requireCluster(request, world);
      const kubeconfig = `apiVersion: v1\nkind: Config\nclusters:\n- name: ${body.name}\n  cluster:\n    server: https://${body.properties.fqdn}:443\n`;
      return ok({ kubeconfigs: [{ name: "clusterUser", value: Buffer.from(kubeconfig).toString("base64") }] });
    },
  },
];

/** @throws ArmError 404 ResourceNotFound */
export function requireCluster(request: ArmRequest, world: World): ManagedCluster {
  const cluster = lookUp(request, world);
  if (cluster) return cluster;
  throw clusterNotFound(request.params["resourceName"] ?? "", request.params["resourceGroupName"] ?? "");
}

/** 202 with both headers, as AKS answers what has no body: the SDK reads the end from `Location`. */
export function acceptedBy(request: ArmRequest, operation: AsyncOperation): ArmReply {
  return accepted({ ...asyncOperationHeader(request, operation), ...locationHeader(request, operation) });
}

function lookUp(request: ArmRequest, world: World): ManagedCluster | undefined {
  const { subscriptionId = "", resourceGroupName = "", resourceName = "" } = request.params;
  return findCluster(world.resources, clusterId(subscriptionId, resourceGroupName, resourceName));
}

function action(
  verb: string,
  operation: string,
  begin: (world: World, cluster: ManagedCluster) => AsyncOperation,
): Route {
  return {
    method: "POST",
    path: `${CLUSTER_PATH}/${verb}`,
    operation,
    limits: [AKS_LIMITS.other],
    handle: (request, world) => acceptedBy(request, begin(world, requireCluster(request, world))),
  };
}

/** 201 for a new cluster, 200 for a change; the operation's URL in `Azure-AsyncOperation`, no Location, no Retry-After. */
function putCluster(request: ArmRequest, world: World): ArmReply {
  const existing = lookUp(request, world);
  checkPreconditions(request, existing?.etag, `managed cluster ${request.params["resourceName"]}`);
  const spec = parseClusterRequest(request);
  if (!existing) {
    const { cluster, operation } = beginCreate(world, spec);
    return created(toClusterAnswer(cluster), asyncOperationHeader(request, operation));
  }
  const operation = beginUpdate(world, existing, spec);
  return ok(toClusterAnswer(requireCluster(request, world)), asyncOperationHeader(request, operation));
}

function patchTags(request: ArmRequest, world: World): ArmReply {
  const cluster = requireCluster(request, world);
  checkPreconditions(request, cluster.etag, `managed cluster ${cluster.name}`);
  checkIdle(world, cluster);
  const tags = isFields(request.body) ? request.body["tags"] : undefined;
  if (!isFields(tags)) throw invalidRequestContent("The tags must be a JSON object");
  updateCluster(world, cluster.id, (body) => {
    body.tags = tags as Record<string, string>;
  });
  return ok(toClusterAnswer(requireCluster(request, world)));
}

import type { ArmRequest } from "../../provider.ts";
import type { RateLimit } from "../../throttle.ts";

/**
 * The AKS provider's own limits, on top of ARM's.
 * https://learn.microsoft.com/azure/aks/quotas-skus-regions#throttling-limits-on-aks-resource-provider-apis
 */

const bySubscription = ({ params }: ArmRequest): string => params["subscriptionId"] ?? "";
const byGroup = (request: ArmRequest): string => `${bySubscription(request)}/${request.params["resourceGroupName"]}`;
const byCluster = (request: ArmRequest): string => `${byGroup(request)}/${request.params["resourceName"]}`;
const byPool = (request: ArmRequest): string => `${byCluster(request)}/${request.params["agentPoolName"]}`;

const ONCE_A_MINUTE = 1 / 60;

export const AKS_LIMITS = {
  putCluster: { key: byCluster, burst: 20, refillPerSecond: ONCE_A_MINUTE, handler: "PutManagedClusterHandler.PUT" },
  putPool: { key: byPool, burst: 20, refillPerSecond: ONCE_A_MINUTE, handler: "PutAgentPoolHandler.PUT" },
  getCluster: { key: byCluster, burst: 60, refillPerSecond: 1, handler: "GetManagedClusterHandler.GET" },
  listClusters: {
    key: bySubscription,
    burst: 500,
    refillPerSecond: 1,
    handler: "ListManagedClustersBySubscriptionHandler.GET",
  },
  listClustersOfGroup: {
    key: byGroup,
    burst: 60,
    refillPerSecond: 1,
    handler: "ListManagedClustersByResourceGroupHandler.GET",
  },
  getOperation: { key: bySubscription, burst: 200, refillPerSecond: 2, handler: "GetOperationStatusHandler.GET" },
  // One bucket for all the rest together.
  other: { key: bySubscription, burst: 60, refillPerSecond: 1, handler: "OtherHandlers" },
} as const satisfies Record<string, RateLimit>;

import { flatError } from "../../arm-errors.ts";
import { accepted, locationHeader, noContent, ok } from "../../arm-response.ts";
import type { AsyncOperation } from "../../async-operations.ts";
import type { ArmRequest, Route, World } from "../../provider.ts";
import { AKS_LIMITS } from "./aks-limits.ts";
import { AKS_NAMESPACE } from "./managed-cluster.ts";

const LOCATION = `/subscriptions/{subscriptionId}/providers/${AKS_NAMESPACE}/locations/{location}`;

/** Where clients learn how a long operation goes. A failed one is answered 200 with `status: "Failed"`. */
export const operationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${LOCATION}/operations/{operationId}`,
    operation: "operations.get",
    limits: [AKS_LIMITS.getOperation],
    handle: (request, world) => {
      const { id, status, startMs, endMs, error } = requireOperation(request, world);
      return ok({
        name: id,
        status,
        startTime: new Date(startMs).toISOString(),
        ...(endMs !== undefined && { endTime: new Date(endMs).toISOString() }),
        ...(error && { error }),
      });
    },
  },
  {
    method: "GET",
    path: `${LOCATION}/operationresults/{operationId}`,
    operation: "operationResults.get",
    limits: [AKS_LIMITS.getOperation],
    handle: (request, world) => {
      const operation = requireOperation(request, world);
      return operation.status === "InProgress" ? accepted(locationHeader(request, operation)) : noContent();
    },
  },
];

function requireOperation(request: ArmRequest, world: World): AsyncOperation {
  const { operationId = "", subscriptionId = "" } = request.params;
  const operation = world.operations.get(operationId);
  if (
    operation?.subscriptionId.toLowerCase() === subscriptionId.toLowerCase() &&
    operation.namespace === AKS_NAMESPACE
  ) {
    return operation;
  }
  throw flatError(404, "NotFound", `The operation '${operationId}' could not be found.`);
}

import type { AgendaEntry } from "../../agenda.ts";
import { invalidRequestContent, resourceGroupNotFound, wrappedError } from "../../arm-errors.ts";
import { accepted, created, noContent, ok, page } from "../../arm-response.ts";
import { AZURE_LOCATIONS, findAzureLocation } from "../../azure-locations.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import {
  checkNotDeleting,
  findResourceGroup,
  findVisibleResourceGroup,
  putResourceGroup,
  RESOURCE_GROUP_TYPE,
  type ResourceGroup,
  type ResourceGroupBody,
  type ResourceGroupHidden,
} from "../../resource-groups.ts";
import { seededNumber } from "../../seeded-number.ts";
import { deleteClustersOfGroup } from "../containerservice/change-cluster.ts";

const GROUPS = "/subscriptions/{subscriptionId}/resourcegroups";
const GROUP = `${GROUPS}/{resourceGroupName}`;

/** A new group is not seen for so long; the `resource-group-lags` scenario makes it much longer. */
const LAG_MS = 8000;
const LONG_LAG_MS = 35_000;

/**
 * Resource groups: https://learn.microsoft.com/rest/api/resources/resource-groups
 *
 * State story: a PUT makes a group at once, but reads and providers find it only after a lag. A DELETE sets
 * `Deleting`, its clusters begin to go, and the agenda entry `resources.groupGone` takes the group and all
 * that is left in it.
 */
export const resourceGroupRoutes: readonly Route[] = [
  { method: "GET", path: GROUPS, operation: "resourceGroups.list", handle: list },
  {
    method: "HEAD",
    path: GROUP,
    operation: "resourceGroups.checkExistence",
    requiresResourceGroup: false,
    handle: (request, world) => (findVisible(request, world) ? noContent() : { status: 404 }),
  },
  {
    method: "GET",
    path: GROUP,
    operation: "resourceGroups.get",
    handle: (request, world) => ok(requireGroup(request, world).body),
  },
  { method: "PUT", path: GROUP, operation: "resourceGroups.createOrUpdate", requiresResourceGroup: false, handle: put },
  { method: "PATCH", path: GROUP, operation: "resourceGroups.update", handle: patch },
  { method: "DELETE", path: GROUP, operation: "resourceGroups.delete", handle: beginDelete },
  {
    method: "GET",
    path: "/subscriptions/{subscriptionId}/operationresults/{operationId}",
    operation: "resourceOperationResults.get",
    handle: (request, world) => {
      const operation = world.operations.get(request.params["operationId"] ?? "");
      if (!operation) throw wrappedError(404, "NotFound", "The operation could not be found.");
      return operation.status === "InProgress"
        ? accepted({ location: resultUrl(request, operation.id) })
        : { status: 200 };
    },
  },
];

/** @throws ArmError 404 ResourceGroupNotFound */
function requireGroup(request: ArmRequest, world: World): ResourceGroup {
  const group = findVisible(request, world);
  if (!group) throw resourceGroupNotFound(request.params["resourceGroupName"] ?? "");
  return group;
}

function findVisible(request: ArmRequest, world: World): ResourceGroup | undefined {
  const { subscriptionId = "", resourceGroupName = "" } = request.params;
  return findVisibleResourceGroup(world, subscriptionId, resourceGroupName);
}

function list(request: ArmRequest, world: World): ArmReply {
  const { subscriptionId = "" } = request.params;
  const groups = world.resources
    .list<ResourceGroupBody, ResourceGroupHidden>({ type: RESOURCE_GROUP_TYPE, subscriptionId })
    .filter((group) => world.now() >= group.hidden.visibleFromMs)
    .map(({ body }) => body);
  return page(request, filterByTag(groups, request.query.get("$filter") ?? ""), topOf(request));
}

function filterByTag(groups: ResourceGroupBody[], filter: string): ResourceGroupBody[] {
  const name = /tagName eq '([^']*)'/i.exec(filter)?.[1];
  const value = /tagValue eq '([^']*)'/i.exec(filter)?.[1];
  if (name === undefined) return groups;
  return groups.filter(({ tags }) => tags?.[name] !== undefined && (value === undefined || tags[name] === value));
}

function topOf(request: ArmRequest): number | undefined {
  const top = Number.parseInt(request.query.get("$top") ?? "", 10);
  return top > 0 ? top : undefined;
}

function put(request: ArmRequest, world: World): ArmReply {
  const { subscriptionId = "", resourceGroupName: name = "" } = request.params;
  const { location, tags } = toFields(request.body);
  checkName(name);
  const wanted = parseLocation(location);
  const existing = findResourceGroup(world.resources, subscriptionId, name);
  if (existing) {
    checkNotDeleting(existing);
    if (existing.body.location !== wanted) {
      throw wrappedError(
        409,
        "InvalidResourceGroupLocation",
        `Invalid resource group location '${wanted}'. The Resource group already exists in location '${existing.body.location}'.`,
      );
    }
  }
  const lagMs = existing ? 0 : world.scenarios.takeOnce("resource-group-lags") ? LONG_LAG_MS : LAG_MS;
  const group = putResourceGroup(world, {
    subscriptionId,
    name,
    location: wanted,
    ...(tags !== undefined && { tags: toFields(tags) as Record<string, string> }),
    visibleFromMs: world.now() + lagMs,
  });
  return existing ? ok(group.body) : created(group.body);
}

function checkName(name: string): void {
  if (/^[-\w.()]{1,90}$/u.test(name) && !name.endsWith(".")) return;
  throw wrappedError(
    400,
    "InvalidResourceGroupName",
    `The provided resource group name '${name}' is invalid. The name can be at most 90 characters long, contain only letters, digits, '-', '.', '(', ')' and '_', and can't end with '.'.`,
  );
}

function parseLocation(value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw wrappedError(400, "LocationRequired", "The location property is required for this definition.");
  }
  const location = findAzureLocation(value);
  if (location) return location.name;
  throw wrappedError(
    400,
    "LocationNotAvailableForResourceGroup",
    `The provided location '${value}' is not available for resource group. List of available regions is '${AZURE_LOCATIONS.map((known) => known.name).join(",")}'.`,
  );
}

function patch(request: ArmRequest, world: World): ArmReply {
  const group = requireGroup(request, world);
  checkNotDeleting(group);
  const { tags } = toFields(request.body);
  if (tags !== undefined) group.body.tags = toFields(tags) as Record<string, string>;
  return ok(world.resources.put(group).body);
}

function beginDelete(request: ArmRequest, world: World): ArmReply {
  const group = requireGroup(request, world);
  const [running] = world.operations.listRunning(group.id).filter(({ kind }) => kind === "resourceGroups.delete");
  if (running) return accepted({ location: resultUrl(request, running.id) });
  const operation = world.operations.start({
    subscriptionId: group.subscriptionId,
    location: group.body.location,
    namespace: "Microsoft.Resources",
    kind: "resourceGroups.delete",
    displayName: "Deleting",
    targetId: group.id,
    startMs: world.now(),
  });
  group.body.properties.provisioningState = "Deleting";
  world.resources.put(group);
  const clusters = deleteClustersOfGroup(world, group.subscriptionId, group.name);
  // Longer than the longest delete of a cluster: the group goes last.
  const seconds = clusters.length > 0 ? seededNumber(group.id, 250, 320) : seededNumber(group.id, 40, 90);
  world.agenda.schedule({
    dueMs: world.now() + seconds * 1000,
    kind: "resources.groupGone",
    operationId: operation.id,
    payload: { groupId: group.id },
  });
  return accepted({ location: resultUrl(request, operation.id) });
}

/** Agenda: the group and everything in it are no more. */
export function groupGone({ payload, operationId }: AgendaEntry, world: World): void {
  const groupId = String(payload["groupId"]);
  for (const { id } of world.resources.list({ under: groupId })) world.resources.delete(id);
  world.resources.delete(groupId);
  world.operations.finish(operationId, "Succeeded", world.now());
}

function resultUrl(request: ArmRequest, operationId: string): string {
  const { subscriptionId } = request.params;
  const apiVersion = request.query.get("api-version") ?? "";
  return `${request.baseUrl}/subscriptions/${subscriptionId}/operationresults/${operationId}?api-version=${apiVersion}`;
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidRequestContent("The request body must be a JSON object");
}

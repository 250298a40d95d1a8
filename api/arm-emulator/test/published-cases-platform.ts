import { DEMO } from "../seed/demo-names.ts";
import type { AlsoAnswered, Azure, CantMatch, PublishedCase, WireAnswer } from "./published-case.ts";

/** Answers about the tenant, and those of Compute, Authorization and Container Registry. */

const { subscriptionId, registry, principalId } = DEMO;
const subscription = `/subscriptions/${subscriptionId}`;
const registryPath = `${subscription}/resourceGroups/${registry.resourceGroup}/providers/Microsoft.ContainerRegistry/registries`;
const assignmentPath = (n: number): string =>
  `/${registryPath}/${registry.name}/providers/Microsoft.Authorization/roleAssignments/5a0c2c1e-0000-4000-8000-00000000000${n}?api-version=2022-04-01`;
const ACR_PULL = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`;

const onePage = (what: string): CantMatch => ({
  path: "nextLink",
  because: `${what} fit on one page, and then there is no link`,
});

const subscriptionLimits = (at: string): CantMatch[] => [
  { path: `${at}managedByTenants[]`, because: "no other tenant manages the emulated subscriptions" },
  { path: `${at}tags`, because: "the emulated subscriptions have no tags, and then there is no field" },
];

const assignmentFields = (at: string): AlsoAnswered[] =>
  Object.entries({
    condition: null,
    conditionVersion: null,
    createdOn: "2026-11-22T09:00:00.000Z",
    updatedOn: "2026-11-22T09:00:00.000Z",
    createdBy: "0d6e331f-af2e-4b30-b458-ee1cf5cbcd5e",
    updatedBy: "0d6e331f-af2e-4b30-b458-ee1cf5cbcd5e",
    delegatedManagedIdentityResourceId: null,
    description: null,
  }).map(([name, sample]) => ({
    path: `${at}properties.${name}`,
    sample,
    source: "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest, response body",
  }));

/** Each case assigns to a principal of its own, because one principal gets a role at a scope only once. */
function putAssignment(azure: Azure, n: number): Promise<WireAnswer> {
  const principal = principalId.replace(/.$/, String(n));
  const properties = { roleDefinitionId: ACR_PULL, principalId: principal, principalType: "ServicePrincipal" };
  return azure.send("PUT", assignmentPath(n), { properties });
}

export const PLATFORM_CASES: readonly PublishedCase[] = [
  {
    answer: "the list of subscriptions",
    example: "subscriptions-2022-12-01/GetSubscriptions",
    status: 200,
    alsoAnswered: [
      {
        path: "count",
        sample: { type: "Total", value: 1 },
        source:
          'recordings of GET /subscriptions in public repositories, e.g. {"type":"Total","value":18} beside `value`',
      },
    ],
    cantMatch: [onePage("two subscriptions"), ...subscriptionLimits("value[].")],
    ask: (azure) => azure.send("GET", "/subscriptions?api-version=2022-12-01"),
  },
  {
    answer: "a subscription",
    example: "subscriptions-2022-12-01/GetSubscription",
    status: 200,
    cantMatch: subscriptionLimits(""),
    ask: (azure) => azure.send("GET", `${subscription}?api-version=2022-12-01`),
  },
  {
    answer: "the locations of a subscription",
    example: "subscriptions-2022-12-01/GetLocations",
    status: 200,
    cantMatch: [
      { path: "value[].availabilityZoneMappings", because: "West US has no zones, and then there is no field" },
    ],
    ask: (azure) => azure.send("GET", `${subscription}/locations?api-version=2022-12-01`),
  },
  {
    answer: "the tenants",
    example: "subscriptions-2022-12-01/GetTenants",
    status: 200,
    cantMatch: [
      onePage("one tenant"),
      { path: "value[].tenantBrandingLogoUrl", because: "the emulated tenant has no logo" },
    ],
    ask: (azure) => azure.send("GET", "/tenants?api-version=2022-12-01"),
  },
  {
    answer: "the SKUs of a location",
    example: "compute-skus-2021-07-01/ListAvailableResourceSkusForARegion",
    status: 200,
    alsoAnswered: [
      {
        path: "value[].restrictions",
        sample: [
          {
            type: "Zone",
            values: ["westeurope"],
            restrictionInfo: { locations: ["westeurope"], zones: ["1"] },
            reasonCode: "NotAvailableForSubscription",
          },
        ],
        source: "https://learn.microsoft.com/rest/api/compute/resource-skus/list, ResourceSkuRestrictions",
      },
    ],
    cantMatch: [
      onePage("the SKUs of one location"),
      ...["tier", "size", "family"].map((name) => ({
        path: `value[].${name}`,
        because:
          "disks have no family and availability sets none of the three; the example lists virtual machines alone",
      })),
    ],
    ask: (azure) =>
      azure.send(
        "GET",
        `${subscription}/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=location%20eq%20'westeurope'`,
      ),
  },
  {
    answer: "the usages of a location",
    example: "compute-2024-07-01/Usage_List_MaximumSet_Gen",
    status: 200,
    cantMatch: [onePage("the usages of one location")],
    ask: (azure) =>
      azure.send(
        "GET",
        `${subscription}/providers/Microsoft.Compute/locations/westeurope/usages?api-version=2024-07-01`,
      ),
  },
  {
    answer: "a new role assignment",
    example: "authorization-2022-04-01/RoleAssignments_CreateForResource",
    status: 201,
    alsoAnswered: assignmentFields(""),
    ask: (azure) => putAssignment(azure, 1),
  },
  {
    answer: "a role assignment made again",
    example: "authorization-2022-04-01/RoleAssignments_CreateForResource",
    status: 200,
    alsoAnswered: assignmentFields(""),
    ask: async (azure) => {
      await putAssignment(azure, 2);
      return putAssignment(azure, 2);
    },
  },
  {
    answer: "a role assignment",
    example: "authorization-2022-04-01/RoleAssignments_Get",
    status: 200,
    alsoAnswered: assignmentFields(""),
    ask: async (azure) => {
      await putAssignment(azure, 3);
      return azure.send("GET", assignmentPath(3));
    },
  },
  {
    answer: "the role assignments of a scope",
    example: "authorization-2022-04-01/RoleAssignments_ListForScope",
    status: 200,
    alsoAnswered: assignmentFields("value[]."),
    ask: (azure) =>
      azure.send(
        "GET",
        `/${subscription}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()`,
      ),
  },
  {
    answer: "a deleted role assignment",
    example: "authorization-2022-04-01/RoleAssignments_Delete",
    status: 200,
    alsoAnswered: assignmentFields(""),
    ask: async (azure) => {
      await putAssignment(azure, 4);
      return azure.send("DELETE", assignmentPath(4));
    },
  },
  {
    answer: "the deletion of a role assignment that is not there",
    example: "authorization-2022-04-01/RoleAssignments_Delete",
    status: 204,
    ask: (azure) => azure.send("DELETE", assignmentPath(5)),
  },
  {
    answer: "a role definition",
    example: "authorization-2022-04-01/GetRoleDefinitionByName",
    status: 200,
    cantMatch: [{ path: "properties.permissions[].dataActions[]", because: "AcrPull has no data actions" }],
    ask: (azure) => azure.send("GET", `/${ACR_PULL}?api-version=2022-04-01`),
  },
  {
    answer: "a role definition asked for by its id alone",
    example: "authorization-2022-04-01/GetRoleDefinitionByName",
    status: 200,
    cantMatch: [{ path: "properties.permissions[].dataActions[]", because: "AcrPull has no data actions" }],
    ask: (azure) => azure.send("GET", `${ACR_PULL.slice(subscription.length)}?api-version=2022-04-01`),
  },
  {
    answer: "the role definitions of a scope",
    example: "authorization-2022-04-01/GetRoleDefinitionAtScope",
    status: 200,
    alsoAnswered: [
      {
        path: "value[].properties.permissions[].notActions",
        sample: ["Microsoft.Authorization/*/Write"],
        source: "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#contributor",
      },
    ],
    cantMatch: [
      {
        path: "value[].properties.permissions[].dataActions[]",
        because: "none of the emulated built-in roles has data actions",
      },
    ],
    ask: (azure) =>
      azure.send("GET", `/${subscription}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01`),
  },
  {
    answer: "the caller's permissions",
    example: "authorization-2022-04-01/GetPermissions",
    status: 200,
    alsoAnswered: [
      {
        path: "value[].actions",
        sample: ["*"],
        source: "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#owner",
      },
    ],
    cantMatch: [onePage("an Owner's permissions")],
    ask: (azure) =>
      azure.send(
        "GET",
        `${subscription}/resourcegroups/${registry.resourceGroup}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
      ),
  },
  {
    answer: "the registries of a subscription",
    example: "acr-2025-11-01/RegistryList",
    status: 200,
    ask: (azure) =>
      azure.send("GET", `${subscription}/providers/Microsoft.ContainerRegistry/registries?api-version=2025-11-01`),
  },
  {
    answer: "the registries of a resource group",
    example: "acr-2025-11-01/RegistryListByResourceGroup",
    status: 200,
    ask: (azure) => azure.send("GET", `${registryPath}?api-version=2025-11-01`),
  },
  {
    answer: "a registry",
    example: "acr-2025-11-01/RegistryGet",
    status: 200,
    ask: (azure) => azure.send("GET", `${registryPath}/${registry.name}?api-version=2025-11-01`),
  },
  {
    answer: "the Kubernetes versions of a location",
    example: "aks-2026-03-01/KubernetesVersions_List",
    status: 200,
    ask: (azure) =>
      azure.send(
        "GET",
        `${subscription}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions?api-version=2026-03-01`,
      ),
  },
];

const nameCheck = (azure: Azure, name: string): Promise<WireAnswer> =>
  azure.send(
    "POST",
    `${subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability?api-version=2025-11-01`,
    {
      name,
      type: "Microsoft.ContainerRegistry/registries",
    },
  );

/** Answers without an example, whose type is one of those that all of ARM shares. */
export const DEFINITION_CASES: readonly {
  readonly answer: string;
  readonly definition: string;
  readonly ask: PublishedCase["ask"];
}[] = [
  {
    answer: "the check of a free registry name",
    definition: "CheckNameAvailabilityResponse",
    ask: (azure) => nameCheck(azure, "freename"),
  },
  {
    answer: "the check of a taken registry name",
    definition: "CheckNameAvailabilityResponse",
    ask: (azure) => nameCheck(azure, registry.name),
  },
  { answer: "an operation that runs", definition: "OperationStatusResult", ask: (azure) => stopOperation(azure, 0) },
  {
    answer: "an operation that has succeeded",
    definition: "OperationStatusResult",
    ask: (azure) => stopOperation(azure, 3600),
  },
];

async function stopOperation(azure: Azure, seconds: number): Promise<WireAnswer> {
  const { resourceGroup, name } = DEMO.runningCluster;
  const cluster = `${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`;
  const { headers } = await azure.send("POST", `${cluster}/stop?api-version=2026-03-01`);
  azure.advance(seconds);
  const operation = new URL(headers["azure-asyncoperation"] ?? "");
  return azure.send("GET", operation.pathname + operation.search);
}

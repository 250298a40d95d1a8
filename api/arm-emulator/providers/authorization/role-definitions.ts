/** A built-in role as every tenant has it: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export type RoleDefinition = {
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
};

const AUTHORIZATION_WRITES = [
  "Microsoft.Authorization/*/Delete",
  "Microsoft.Authorization/*/Write",
  "Microsoft.Authorization/elevateAccess/Action",
];

export const ROLE_DEFINITIONS: readonly RoleDefinition[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", {
    description: "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
    actions: ["*"],
  }),
  role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", {
    description:
      "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.",
    actions: ["*"],
    notActions: [
      ...AUTHORIZATION_WRITES,
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
    ],
  }),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", {
    description: "View all resources, but does not allow you to make any changes.",
    actions: ["*/read"],
  }),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", {
    description: "Lets you manage user access to Azure resources.",
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  }),
  role("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", {
    description:
      "Manage access to Azure resources by assigning roles using Azure RBAC. This role does not allow you to manage access using other ways, such as Azure Policy.",
    actions: [
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
      "*/read",
      "Microsoft.Support/*",
    ],
  }),
  role("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", {
    description: "acr pull",
    actions: ["Microsoft.ContainerRegistry/registries/pull/read"],
  }),
  role("8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush", {
    description: "acr push",
    actions: ["Microsoft.ContainerRegistry/registries/pull/read", "Microsoft.ContainerRegistry/registries/push/write"],
  }),
  role("c2f4ef07-c644-48eb-af81-4b1b4947fb11", "AcrDelete", {
    description: "acr delete",
    actions: ["Microsoft.ContainerRegistry/registries/artifacts/delete"],
  }),
  role("ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", "Azure Kubernetes Service Contributor Role", {
    description: "Grants access to read and write Azure Kubernetes Service clusters",
    actions: [
      "Microsoft.ContainerService/locations/*",
      "Microsoft.ContainerService/managedClusters/*",
      "Microsoft.ContainerService/managedclustersnapshots/*",
      "Microsoft.ContainerService/snapshots/*",
      "Microsoft.Resources/deployments/*",
    ],
  }),
  role("4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor", {
    description: "Lets you manage networks, but not access to them.",
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Network/*",
      "Microsoft.ResourceHealth/availabilityStatuses/read",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Support/*",
    ],
  }),
  role("f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator", {
    description: "Read and Assign User Assigned Identity",
    actions: [
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
      "Microsoft.Authorization/*/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Support/*",
    ],
  }),
];

/** The role with that GUID, in any casing. */
export function findRoleDefinition(name: string): RoleDefinition | undefined {
  const wanted = name.toLowerCase();
  return ROLE_DEFINITIONS.find((definition) => definition.name === wanted);
}

/** @throws Error for a role that is no built-in one of the emulator */
export function findRoleDefinitionByRoleName(roleName: string): RoleDefinition {
  const found = ROLE_DEFINITIONS.find((definition) => definition.roleName === roleName);
  if (found === undefined)
    throw new Error(`There is no built-in role '${roleName}'; the names are those of ROLE_DEFINITIONS.`);
  return found;
}

function role(
  name: string,
  roleName: string,
  {
    description,
    actions,
    notActions = [],
    dataActions = [],
  }: Pick<RoleDefinition, "description" | "actions"> & Partial<RoleDefinition>,
): RoleDefinition {
  return { name, roleName, description, actions, notActions, dataActions };
}

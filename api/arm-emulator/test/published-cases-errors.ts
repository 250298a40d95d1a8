import { DEMO } from "../seed/demo-names.ts";
import type { Azure, PublishedCase, PublishedResponse, WireAnswer } from "./published-case.ts";
import { readPublished } from "./published-case.ts";

/** Refusals and failures, each with a published answer of the same kind. */

export type ErrorCase = Pick<PublishedCase, "alsoAnswered" | "ask"> & {
  /** Names the entry of `published-examples/errors.json`. */
  readonly situation: string;
};

export type PublishedError = PublishedResponse & {
  readonly status: number;
  /** The source doesn't show the status. */
  readonly status_unverified?: boolean;
};

export function publishedError(situation: string): PublishedError {
  const all = readPublished("errors") as (PublishedError & { readonly situation: string })[];
  const found = all.find((entry) => entry.situation === situation);
  if (found === undefined) throw new Error(`There is no published error '${situation}'.`);
  return found;
}

/** The `code` of any form: wrapped in `error`, flat, or the first of a registry's `errors`. */
export function codeOf(body: unknown): unknown {
  type Coded = { readonly code?: unknown };
  const { error, errors, code } = (body ?? {}) as Coded & { error?: Coded; errors?: readonly Coded[] };
  return (error ?? errors?.[0] ?? { code }).code;
}

const AKS = "?api-version=2026-03-01";
const AUTHORIZATION = "?api-version=2022-04-01";
const groupOf = (group: string, subscriptionId: string = DEMO.subscriptionId): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
const clusterPath = (name: string, group: string = DEMO.runningCluster.resourceGroup): string =>
  `${groupOf(group)}/providers/Microsoft.ContainerService/managedClusters/${name}`;
const running = clusterPath(DEMO.runningCluster.name);
const registry = `${groupOf(DEMO.registry.resourceGroup)}/providers/Microsoft.ContainerRegistry/registries/${DEMO.registry.name}`;
const TASKS = "?api-version=2019-06-01-preview";
const ASSIGNMENT = "6b0c2c1e-0000-4000-8000-000000000001";

type ClusterAnswer = {
  properties: { provisioningState: string; identityProfile: { kubeletidentity: { objectId: string } } };
};

type Wish = { vmSize?: string; count?: number; kubernetesVersion?: string; pool?: string };

function clusterBody({
  vmSize = "Standard_D2s_v3",
  count = 1,
  kubernetesVersion = "",
  pool = "systempool",
}: Wish = {}): object {
  const agentPoolProfiles = [{ name: pool, mode: "System", osType: "Linux", vmSize, count }];
  return { location: DEMO.location, properties: { dnsPrefix: "errors", kubernetesVersion, agentPoolProfiles } };
}

function create(azure: Azure, wish?: Wish): Promise<WireAnswer> {
  return azure.send("PUT", clusterPath("errors") + AKS, clusterBody(wish));
}

function assign(azure: Azure, role: string, principalId: string = DEMO.principalId): Promise<WireAnswer> {
  const roleDefinitionId = `/subscriptions/${DEMO.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  return azure.send(
    "PUT",
    `${registry}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENT}${AUTHORIZATION}`,
    {
      properties: { roleDefinitionId, principalId, principalType: "ServicePrincipal" },
    },
  );
}

const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const ACR_PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec";
const NO_DETAILS =
  "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/, bodies of the same provider";

export const ERROR_CASES: readonly ErrorCase[] = [
  {
    situation: "AKS create/update: regional vCPU quota preflight (ErrCode_InsufficientVCPUQuota)",
    ask: (azure) => create(azure, { count: 200 }),
  },
  {
    situation: "AKS create: VM SKU not allowed in subscription/location (BadRequest)",
    ask: (azure) => create(azure, { vmSize: "Standard_NC24ads_A100_v4" }),
  },
  {
    situation: "AKS create: Kubernetes version only under Long-Term Support",
    ask: (azure) => create(azure, { kubernetesVersion: "1.32" }),
  },
  {
    situation: "AKS create: cluster name reserved / invalid (InvalidParameter)",
    ask: (azure) => azure.send("PUT", clusterPath("azure") + AKS, clusterBody()),
  },
  {
    situation: "AKS cluster: another operation in progress",
    ask: async (azure) => {
      await create(azure);
      return create(azure, { count: 2 });
    },
  },
  {
    situation: "AKS start while the cluster is starting/updating",
    ask: (azure) => azure.send("POST", `${running}/start${AKS}`),
  },
  {
    situation: "AKS stop on a stopped cluster",
    ask: (azure) => {
      const { resourceGroup, name } = DEMO.stoppedCluster;
      return azure.send("POST", `${clusterPath(name, resourceGroup)}/stop${AKS}`);
    },
  },
  {
    situation: "AKS update: immutable property changed",
    ask: (azure) =>
      azure.send("PUT", `${running}/agentPools/apps${AKS}`, { properties: { vmSize: "Standard_D2s_v3", count: 5 } }),
  },
  {
    situation: "AKS RP throttling of one handler",
    alsoAnswered: [
      { path: "details", sample: null, source: NO_DETAILS },
      { path: "subcode", sample: "", source: NO_DETAILS },
    ],
    ask: async (azure) => {
      for (let n = 0; n < 20; n += 1) await azure.send("PUT", clusterPath("throttled") + AKS, {});
      return azure.send("PUT", clusterPath("throttled") + AKS, {});
    },
  },
  {
    situation: "AKS async: ZonalAllocationFailed",
    alsoAnswered: ["name", "startTime", "endTime"].map((path) => ({
      path,
      sample: "",
      source: "ARM's common type OperationStatusResult; the entry leaves out what doesn't concern the error",
    })),
    ask: async (azure) => {
      await azure.script("errors", "failed-then-succeeded");
      const { headers } = await create(azure);
      azure.advance(3600);
      const operation = new URL(headers["azure-asyncoperation"] ?? "");
      return azure.send("GET", operation.pathname + operation.search);
    },
  },
  {
    situation: "ARM: caller not authorised (AuthorizationFailed)",
    ask: deniedAssignment,
  },
  {
    situation: "Authorization: caller may not assign roles",
    ask: deniedAssignment,
  },
  {
    situation: "ARM: resource group not found",
    ask: (azure) => azure.send("PUT", clusterPath("errors", "nowhere") + AKS, clusterBody()),
  },
  {
    situation: "Authorization: role assignment update not permitted (same name, other principal)",
    ask: async (azure) => {
      await assign(azure, ACR_PULL);
      return assign(azure, ACR_PUSH);
    },
  },
  {
    situation: "ARM: no registered provider for location and API version",
    ask: (azure) =>
      azure.send(
        "GET",
        `/subscriptions/${DEMO.subscriptionId}/providers/Microsoft.Compute/locations/atlantis/usages?api-version=2024-07-01`,
      ),
  },
  { situation: "ACR Tasks: run refused for the subscription (TasksOperationsNotAllowed)", ask: deniedBuild },
  { situation: "ACR data plane: registry firewall denies the client IP", ask: lockedOut },
  { situation: "ACR log blob polled before it exists", ask: earlyLog },
];

async function deniedAssignment(azure: Azure): Promise<WireAnswer> {
  const { resourceGroup, name } = DEMO.stoppedCluster;
  await azure.script(name, "rbac-denied");
  const { body } = await azure.send("GET", clusterPath(name, resourceGroup) + AKS);
  return assign(azure, ACR_PULL, (body as ClusterAnswer).properties.identityProfile.kubeletidentity.objectId);
}

async function deniedBuild(azure: Azure): Promise<WireAnswer> {
  await azure.scriptRegistry(DEMO.registry.name, "tasks-not-allowed");
  return azure.send("POST", `${registry}/scheduleRun${TASKS}`, {});
}

async function lockedOut(azure: Azure): Promise<WireAnswer> {
  await azure.scriptRegistry(DEMO.registry.name, "locked");
  return azure.sendTo(`${DEMO.registry.name}.azurecr.io`, "GET", "/acr/v1/_catalog?api-version=2021-07-01");
}

async function earlyLog(azure: Azure): Promise<WireAnswer> {
  const run = `${registry}/runs/${DEMO.queuedBuild.runId}`;
  const { body } = await azure.send("POST", `${run}/listLogSasUrl${TASKS}`);
  const { host, pathname, search } = new URL((body as { logLink: string }).logLink);
  return azure.sendTo(host, "HEAD", pathname + search);
}

/** Refusals of ARM and of the providers behind it that answer in its form, and that nobody publishes an example of. */
export const WRAPPED_ERRORS: readonly {
  readonly code: string;
  readonly status: number;
  readonly ask: (azure: Azure) => Promise<WireAnswer>;
}[] = [
  {
    code: "SubscriptionNotFound",
    status: 404,
    ask: (azure) => azure.send("GET", "/subscriptions/00000000-0000-0000-0000-000000000000?api-version=2022-12-01"),
  },
  { code: "ResourceNotFound", status: 404, ask: (azure) => azure.send("GET", clusterPath("nowhere") + AKS) },
  { code: "ResourceNotFound", status: 404, ask: (azure) => azure.send("GET", `${registry}x?api-version=2025-11-01`) },
  { code: "MissingApiVersionParameter", status: 400, ask: (azure) => azure.send("GET", "/subscriptions") },
  {
    code: "InvalidResourceNamespace",
    status: 404,
    ask: (azure) =>
      azure.send("GET", `${groupOf("shared-weu")}/providers/Microsoft.Nothing/things/a?api-version=2022-12-01`),
  },
  {
    code: "InvalidParameter",
    status: 400,
    ask: (azure) =>
      azure.send(
        "GET",
        `/subscriptions/${DEMO.subscriptionId}/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=family%20eq%20'x'`,
      ),
  },
  {
    code: "InvalidRoleAssignmentId",
    status: 400,
    ask: (azure) =>
      azure.send("GET", `${registry}/providers/Microsoft.Authorization/roleAssignments/acrpull${AUTHORIZATION}`),
  },
  {
    code: "RoleAssignmentNotFound",
    status: 404,
    ask: (azure) =>
      azure.send("GET", `${registry}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENT}${AUTHORIZATION}`),
  },
  {
    code: "RoleAssignmentExists",
    status: 409,
    ask: async (azure) => {
      await assign(azure, ACR_PULL);
      const path = `${registry}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENT.replace(/1$/, "2")}${AUTHORIZATION}`;
      const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`;
      return azure.send("PUT", path, {
        properties: { roleDefinitionId, principalId: DEMO.principalId, principalType: "ServicePrincipal" },
      });
    },
  },
  { code: "RoleDefinitionDoesNotExist", status: 400, ask: (azure) => assign(azure, ASSIGNMENT) },
  {
    code: "PrincipalNotFound",
    status: 400,
    ask: async (azure) => {
      await azure.script("errors", "principal-not-found-at-first");
      await create(azure);
      azure.advance(280);
      let { body } = await azure.send("GET", clusterPath("errors") + AKS);
      const state = (): string => (body as ClusterAnswer).properties.provisioningState;
      for (let seconds = 280; state() === "Creating" && seconds < 900; seconds += 5) {
        azure.advance(5);
        ({ body } = await azure.send("GET", clusterPath("errors") + AKS));
      }
      return assign(azure, ACR_PULL, (body as ClusterAnswer).properties.identityProfile.kubeletidentity.objectId);
    },
  },
  {
    code: "InvalidRequestContent",
    status: 400,
    ask: (azure) =>
      azure.send(
        "PUT",
        `${registry}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENT}${AUTHORIZATION}`,
        [],
      ),
  },
];

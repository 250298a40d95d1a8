import { describe, expect, test } from "vitest";
import { tryParseErrorText } from "../../shared/azure-error-body.ts";
import { classifyFailure } from "./classify-failure.ts";
import type { Failure, FailureCategory, FailureFault } from "./failure.ts";

const SUBSCRIPTION = "6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11";
const ABOUT = {
  subscriptionId: SUBSCRIPTION,
  resourceGroup: "rg-blast",
  clusterName: "blast-01",
  location: "westeurope",
  nodePools: [
    { name: "systempool", vmSize: "Standard_D2s_v3", count: 1 },
    { name: "apps", vmSize: "Standard_D4s_v5", count: 3 },
  ],
};

function classify(code: string, message: string, more: object = {}): Failure {
  const body = tryParseErrorText(JSON.stringify({ error: { code, message, ...more } }));
  return classifyFailure(body ?? { code, message }, ABOUT);
}

function commandsOf({ remedies }: Failure): string {
  return remedies.map(({ command = "" }) => command).join("\n");
}

type Wording = [
  code: string,
  message: string,
  category: FailureCategory,
  fault: FailureFault,
  ...says: [string, ...string[]],
];

describe("answers as AKS, ARM and Entra word them are told with the names and numbers in them", () => {
  test.each<Wording>([
    [
      "OperationNotAllowed",
      "Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: westeurope, Current Limit: 0, Current Usage: 0, Additional Required: 12, (Minimum) New Limit Required: 12.",
      "QUOTA",
      "YOURS",
      "standardDSv5Family",
      "needs 12 vCPUs, but the limit is 0. A limit of 12 would do.",
    ],
    [
      "OperationNotAllowed",
      "Operation could not be completed as it results in exceeding approved StandardDiskCount quota. Current Limit: 50000, Current Usage: 50000, Additional Required: 1",
      "QUOTA",
      "YOURS",
      "StandardDiskCount",
      "needs 1 more, but none of 50000",
    ],
    [
      "LoadBalancersCountLimitReached",
      "Cannot create more than 1000 load balancers in this subscription.",
      "QUOTA",
      "YOURS",
      "no more load balancers in westeurope: the limit is 1000",
    ],
    [
      "IPv4BasicSkuPublicIpCountLimitReached",
      "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
      "QUOTA",
      "YOURS",
      "public IP addresses",
      "the limit is 0",
    ],
    [
      "ResourceGroupQuotaExceeded",
      "Subscription 'x' has reached the limit of 980 resource groups.",
      "QUOTA",
      "YOURS",
      "no more resource groups",
      "980",
    ],
    [
      "SkuNotAvailable",
      "The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: Standard_D4s_v5' is currently not available in location 'westeurope' zones '1,2'. Please try another size or deploy to a different location or different zone.",
      "SKU_NOT_AVAILABLE",
      "YOURS",
      "Standard_D4s_v5 can't be had in westeurope in zones 1,2",
    ],
    [
      "SystemPoolSkuTooLow",
      "The VM SKU chosen for this system pool Standard_A1_v2 is too small. The minimum SKU requirement is 2 vCPU and 4GB memory. Please see https://aka.ms/aks/restrictedSKUs for more details.",
      "SKU_NOT_AVAILABLE",
      "YOURS",
      "Standard_A1_v2 is too small",
      "2 vCPU and 4GB memory",
    ],
    [
      "AKSCapacityHeavyUsage",
      "AKS is experiencing heavy usage in region westeurope. Creating new clusters in this region is temporarily not allowed. Please try a different region.",
      "CAPACITY",
      "AZURE",
      "no new clusters in westeurope",
    ],
    [
      "RequestDisallowedByAzure",
      "Resource 'blast-01' was disallowed by Azure: This policy maintains a set of best available regions where your subscription can deploy resources.",
      "LOCATION_NOT_AVAILABLE",
      "AZURE",
      "westeurope is none of them",
    ],
    [
      "NodePoolMcVersionIncompatible",
      "Node pool version 1.33.1 and control plane version 1.32.4 are incompatible. Minor version of node pool cannot be bigger than control plane's version.",
      "VERSION_NOT_AVAILABLE",
      "YOURS",
      "1.33.1",
      "1.32.4",
    ],
    [
      "OperationNotAllowed",
      "Upgrading Kubernetes version 1.30.0 to 1.32.0 is not allowed. Available upgrades: [1.31.1 1.31.2]. Please see https://aka.ms/aks-supported-k8s-ver for version details.",
      "VERSION_NOT_AVAILABLE",
      "YOURS",
      "1.30.0 can't become 1.32.0",
      "Offered: 1.31.1 1.31.2.",
    ],
    [
      "InsufficientSubnetSize",
      "Pre-allocated IPs 93 exceeds IPs available in Subnet 59. http://aka.ms/aks/insufficientsubnetsize",
      "SUBNET_FULL",
      "YOURS",
      "The subnet has too few free addresses: 93 are needed, 59 are free.",
    ],
    [
      "InsufficientSubnetSize",
      "Pre-allocated IPs 248 exceeds IPs available: 27 in Subnet Cidr 10.1.0.0/27, Subnet Name aks-snet. If Autoscaler is enabled, the max-count from each nodepool is counted towards this total.",
      "SUBNET_FULL",
      "YOURS",
      "The subnet aks-snet (10.1.0.0/27)",
      "248 are needed, 27 are free",
    ],
    [
      "ExistingRouteTableNotAssociatedWithSubnet",
      "An existing route table has not been associated with subnet /subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/aks. Please update the route table association",
      "NETWORK",
      "YOURS",
      "subnet aks.",
    ],
    [
      "BadRequest",
      "OutboundType userDefinedRouting requires a subnet with an associated route table.",
      "NETWORK",
      "YOURS",
      "does not fit",
    ],
    [
      "DnsRecordCreateFailed",
      "Create DNS record 'blast-01-dns-1234' in zone hcp.westeurope.azmk8s.io failed. Details: Internal error",
      "AZURE_UNAVAILABLE",
      "PASSING",
      "nothing in the request is wrong",
    ],
    [
      "DnsRecordInUse",
      "DNS record blast-01-dns is already in use",
      "NAME_TAKEN",
      "YOURS",
      "'blast-01-dns' is taken already",
    ],
    ["EtcdServerError", "etcdserver: request timed out", "AZURE_UNAVAILABLE", "PASSING", "Azure itself failed"],
    [
      "OperationNotAllowed",
      "Operation is not allowed because there's an in progress update managed cluster operation on the managed cluster started. Please wait until it completes. For more details see https://aka.ms/aks-pending-operation",
      "CONFLICT",
      "PASSING",
      "Another operation (update)",
    ],
    [
      "OperationNotAllowed",
      "The operation is not allowed because the resource VMSS 'aks-apps-1-vmss' is in 'Updating' provisioning state",
      "CONFLICT",
      "PASSING",
      "Updating",
    ],
    ["OperationNotAllowed", "managed cluster is in failed state", "CONFLICT", "YOURS", "Failed"],
    [
      "OperationNotAllowed",
      "There has to be at least one system agent pool.",
      "INVALID_REQUEST",
      "YOURS",
      "system pool",
    ],
    [
      "BadRequest",
      "Cannot scale cluster autoscaler enabled node pool.",
      "INVALID_REQUEST",
      "YOURS",
      "AKS itself scales",
    ],
    [
      "InvalidParameter",
      "The value of parameter agentPoolProfile.count is invalid. Error details: System node pool must have at least one node.. Please see https://aka.ms/aks-naming-rules for more details.",
      "INVALID_REQUEST",
      "YOURS",
      "agentPoolProfile.count is invalid. System node pool must have at least one node.",
    ],
    [
      "LinkedInvalidPropertyId",
      "Property id 'xyz' at path 'properties.agentPoolProfiles[0].vnetSubnetID' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.",
      "INVALID_REQUEST",
      "YOURS",
      "'xyz' is no id of a resource",
      "vnetSubnetID",
    ],
    [
      "BadRequest",
      "The length of the node resource group name is too long. The maximum length is 80 and the length of the value provided is 91. Please see https://aka.ms/aks-naming-rules for more details.",
      "NAME_INVALID",
      "YOURS",
      "91 characters",
      "may have 80",
    ],
    [
      "InvalidParameter",
      "The value of parameter dnsPrefix is invalid. Please see https://aka.ms/aks-naming-rules for more details.",
      "NAME_INVALID",
      "YOURS",
      "The value of dnsPrefix is not allowed.",
    ],
    [
      "NodeResourceGroupAlreadyExists",
      "The node resource group 'MC_rg-blast_blast-01_westeurope' already exists. Please specify another name.",
      "NAME_TAKEN",
      "YOURS",
      "MC_rg-blast_blast-01_westeurope",
    ],
    [
      "InvalidResourceGroupLocation",
      "Invalid resource group location 'westeurope'. The Resource group already exists in location 'eastus'.",
      "RESOURCE_GROUP",
      "YOURS",
      "'rg-blast' is in eastus already",
    ],
    [
      "SubscriptionNotRegistered",
      `Subscription ${SUBSCRIPTION} is not registered with feature 'Microsoft.ContainerService/AKSWindowsPreview'.`,
      "PROVIDER_NOT_REGISTERED",
      "YOURS",
      "preview feature Microsoft.ContainerService/AKSWindowsPreview",
    ],
    [
      "FeatureNotRegistered",
      "Preview feature Microsoft.ContainerService/KataVMIsolationPreview not registered.",
      "PROVIDER_NOT_REGISTERED",
      "YOURS",
      "KataVMIsolationPreview",
    ],
    [
      "DenyAssignmentAuthorizationFailed",
      "The client 'x' with object id 'y' has permission to perform action 'Microsoft.Compute/virtualMachineScaleSets/write' on scope '/subscriptions/x/resourceGroups/MC_a'; however, the access is denied because of the deny assignment with name 'locked-by-platform' and Id '1234' at scope '/subscriptions/x/resourceGroups/MC_a'.",
      "FORBIDDEN",
      "YOURS",
      "“locked-by-platform”",
    ],
    [
      "RequestDisallowedByPolicy",
      "Resource 'blast-01' was disallowed by policy. Reasons: 'Only D-series is allowed'. See error details for policy resource IDs. Policy: 'Allowed sizes'.",
      "POLICY_DENIED",
      "YOURS",
      "“Allowed sizes”",
      "Only D-series is allowed",
    ],
    [
      "ServicePrincipalValidationClientError",
      "AADSTS700016: Application with identifier '12345678-1111-2222-3333-444455556666' was not found in the directory 'Contoso'.",
      "SIGN_IN",
      "YOURS",
      "does not know the application 12345678-1111-2222-3333-444455556666 (AADSTS700016)",
    ],
    [
      "ControlPlaneAddOnsNotReady",
      "Pods in kube-system not running: coredns-autoscaler-5655d66f64-9fp2k,konnectivity-agent-x",
      "NODES_NOT_READY",
      "YOURS",
      "coredns-autoscaler-5655d66f64-9fp2k, konnectivity-agent-x",
    ],
    [
      "CreateVMSSAgentPoolFailed",
      'VMSSAgentPoolReconciler retry failed: Category: InternalError; SubCode: VMStartTimedOut; OriginalError: Code="VMStartTimedOut" Message="VM \'aks-apps-1234-vmss_0\' did not start in the allotted time. The VM may still start successfully."',
      "NODES_NOT_READY",
      "AZURE",
      "pool apps",
      "did not start",
    ],
    [
      "UnsatisfiablePDB",
      "1 error occurred: * PDB shop/web-pdb has maxUnavailable == 0 can't proceed with put operation.",
      "DRAIN_BLOCKED",
      "YOURS",
      "shop/web-pdb",
    ],
    [
      "SubscriptionRequestsThrottled",
      "Number of 'write' requests for subscription 'x' actor 'abc' exceeded. Please try again after '17' seconds after additional tokens are available.",
      "THROTTLED",
      "PASSING",
      "in 17 seconds",
    ],
  ])("%s: %s", (code, message, category, fault, ...says) => {
    const failure = classify(code, message);
    expect(failure).toMatchObject({ category, fault });
    for (const said of says) expect(failure.summary).toContain(said);
    expect(failure.summary).toMatch(/^\S.*\.$/s);
    expect(failure.summary).not.toMatch(/undefined|null|\.\.|: ?\.|  | ,/);
  });
});

test("an offer of the Marketplace is named, though the detail within says no more than BadRequest", () => {
  const message =
    "Offer with PublisherId: 'kinvolk', OfferId: 'flatcar-container-linux' cannot be purchased due to validation errors.";
  const outer = "Marketplace purchase eligibility check returned errors. See inner errors for details.";
  const failure = classify("MarketplacePurchaseEligibilityFailed", outer, {
    details: [{ code: "BadRequest", message }],
  });
  expect(failure).toMatchObject({ category: "SUBSCRIPTION", fault: "YOURS" });
  expect(failure.summary).toContain("'flatcar-container-linux' of kinvolk");
});

test("a secret that a cluster signs in with is told as that, also where Entra says no more than invalid_client", () => {
  const entra = {
    error: "invalid_client",
    error_description:
      "AADSTS7000215: Invalid client secret provided for a secret added to app '12345678-1111-2222-3333-444455556666'.",
  };
  const failure = classify(
    "ServicePrincipalValidationClientError",
    `adal: Refresh request failed. Status Code = '401'. Response body: ${JSON.stringify(entra)}`,
  );
  expect(failure.summary).toContain("secret of the application 12345678-1111-2222-3333-444455556666");
});

test.each([
  ["agentPoolProfile.count", "nodePools.1.count"],
  ["agentPoolProfile.minCount", "nodePools.1.autoscale.minCount"],
  ["agentPoolProfile.name", "nodePools.1.name"],
])("the parameter %s of pool apps is the field %s, not one of the first pool", (parameter, field) => {
  const message = `The value of parameter ${parameter} is invalid. Error details: agent pool 'apps' is odd.`;
  expect(classify("InvalidParameter", message).remedies).toContainEqual(expect.objectContaining({ field }));
});

test("a parameter of a pool that nobody names points at the pools, not at the first one", () => {
  const { remedies } = classify("InvalidParameter", "The value of parameter agentPoolProfile.count is invalid.");
  expect(remedies).toContainEqual(expect.objectContaining({ kind: "EDIT", field: "nodePools" }));
});

test("a zone that can't be had points at the zones of its pool", () => {
  const message =
    "The zone(s) '2' for resource 'apps' is not supported. The supported zones for location 'westeurope' are '1,3'";
  expect(classify("AvailabilityZoneNotSupported", message).remedies).toContainEqual(
    expect.objectContaining({ field: "nodePools.1.availabilityZones" }),
  );
});

test("commands name the cluster when it is known", () => {
  const stopped = classify("OperationNotAllowed", "managed cluster is in stopped state");
  expect(commandsOf(stopped)).toContain("--name blast-01");
  expect(commandsOf(classify("CreateVMSSAgentPoolFailed", "It failed."))).toContain("--cluster-name blast-01");
});

test("a feature that is not registered has the command that registers it", () => {
  const failure = classify("FeatureNotRegistered", "Preview feature Microsoft.ContainerService/Novel not registered.");
  expect(commandsOf(failure)).toContain("az feature register --namespace Microsoft.ContainerService --name Novel");
});

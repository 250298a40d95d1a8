import { RETRY, command, link } from "../../../shared/remedy.ts";
import type { Facts, FailureAbout } from "../failure-facts.ts";
import { aksGuide, armGuide, withValue, type FailureRule } from "../failure-rule.ts";
import { type FailureCategory, type FailureFault } from "../failure.ts";
import { subscriptionOption } from "../remedies.ts";

const REQUIRED_ADDRESSES = link("What nodes must reach", "https://aka.ms/aks-required-ports-and-addresses");
const EXIT_CODES = "https://github.com/Azure/AgentBaker/blob/master/parts/linux/cloud-init/artifacts/cse_helpers.sh";

interface ExitMeaning {
  readonly category: FailureCategory;
  readonly fault: FailureFault;
  readonly happened: string;
}

const outbound = (happened: string): ExitMeaning => ({ category: "OUTBOUND_CONNECTIVITY", fault: "YOURS", happened });
const notReady = (happened: string, fault: FailureFault = "AZURE"): ExitMeaning => ({
  category: "NODES_NOT_READY",
  fault,
  happened,
});

/** How the script that makes a machine a node ends, by its exit code. {@link EXIT_CODES} */
const EXIT_MEANINGS: ReadonlyMap<number, ExitMeaning> = new Map([
  [5, notReady("the machine's first start (cloud-init) took too long")],
  [9, outbound("installing packages took too long: their server can't be reached")],
  [25, outbound("the list of packages of packages.microsoft.com can't be read")],
  [26, outbound("the signing key of packages.microsoft.com can't be read")],
  [30, notReady("Kubernetes did not come up on the machine in time")],
  [31, outbound("Kubernetes can't be downloaded (acs-mirror.azureedge.net, packages.aks.azure.com)")],
  [33, outbound("a container image can't be downloaded in time (mcr.microsoft.com)")],
  [34, notReady("the kubelet could not be started")],
  [35, outbound("a container image can't be pulled in time (mcr.microsoft.com)")],
  [36, outbound("a container image can't be pulled in time (mcr.microsoft.com)")],
  [37, outbound("a container image can't be pulled in time (mcr.microsoft.com)")],
  [
    41,
    outbound("the network plugin (CNI) can't be downloaded in time (acs-mirror.azureedge.net, packages.aks.azure.com)"),
  ],
  [42, outbound("packages.microsoft.com can't be reached")],
  [50, outbound("they can't reach the internet, mcr.microsoft.com for one")],
  [
    51,
    {
      category: "API_SERVER_UNREACHABLE",
      fault: "YOURS",
      happened: "they can't connect to the cluster's API server on port 443",
    },
  ],
  [
    52,
    { category: "DNS_RESOLUTION", fault: "YOURS", happened: "the name of the cluster's API server can't be resolved" },
  ],
  [
    53,
    {
      category: "DNS_RESOLUTION",
      fault: "AZURE",
      happened: "Azure's DNS does not resolve the name of the cluster's API server",
    },
  ],
  [65, notReady("the machine's image lacks a file that it must have")],
  [70, outbound("containerd can't be downloaded in time")],
  [80, notReady("the custom search domains can't be set", "YOURS")],
  [84, notReady("the GPU's driver can't be started")],
  [85, outbound("the GPU's driver can't be installed in time")],
  [98, notReady("the machine's daily updates did not end in time")],
  [99, outbound("the lists of packages can't be updated in time")],
  [124, notReady("setting them up took too long, or the machine's image lacks a file")],
  [211, outbound("the registry's sign-in did not answer in time")],
  [212, { category: "REGISTRY", fault: "YOURS", happened: "the registry refuses the identity of the nodes" }],
]);

/** AKS's own script; an extension of somebody else has exit codes of its own. */
function exitMeaning({ exitCode, extension }: Facts): ExitMeaning | undefined {
  const isAks = extension === undefined || /vmsscse|aks/i.test(extension);
  return isAks && exitCode !== undefined ? EXIT_MEANINGS.get(Number(exitCode)) : undefined;
}

function whichNodes({ pool }: Facts): string {
  return withValue("The machines of pool ", pool, "", "The machines of a node pool");
}

function inspect(facts: Facts, { clusterName = "<cluster>" }: FailureAbout) {
  return command(
    "See the state of the node pools",
    ...["az", "aks", "nodepool", "list", ...subscriptionOption(facts)],
    ...[
      "--resource-group",
      facts.resourceGroup ?? "<resource group>",
      "--cluster-name",
      clusterName,
      "--output",
      "table",
    ],
  );
}

/** One rule for each kind of end that an exit code of AKS's script can mean. */
function exitCodeRules(): FailureRule[] {
  const kinds = [
    ...new Map(
      [...EXIT_MEANINGS.values()].map((meaning) => [`${meaning.category} ${meaning.fault}`, meaning]),
    ).values(),
  ];
  return kinds.map(({ category, fault }) => ({
    name: `exit-code-${category.toLowerCase().replaceAll("_", "-")}-${fault.toLowerCase()}`,
    category,
    fault,
    codes: SCRIPT_CODES,
    words: /processing extension|failed to execute command|\bCSE\b/i,
    when: (facts) => {
      const meaning = exitMeaning(facts);
      return meaning?.category === category && meaning.fault === fault;
    },
    tell: (facts) =>
      `${whichNodes(facts)} were made, but did not become nodes: ${exitMeaning(facts)?.happened ?? "the script that sets them up failed"} (exit code ${facts.exitCode ?? "unknown"}).`,
    remedies: () => [
      REQUIRED_ADDRESSES,
      link("When nodes don't become ready", aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues")),
      RETRY,
    ],
    source: EXIT_CODES,
  }));
}

const SCRIPT_CODES = [
  "VMExtensionProvisioningError",
  "VMExtensionHandlerNonTransientError",
  "VMExtensionError",
  "CreateVMSSAgentPoolFailed",
  "VMExtensionProvisioningTimeout",
  "NodesNotReady",
  "CSEError",
];

/** From machine to node: set-up scripts, connections, drains. */
export const NODE_RULES: readonly FailureRule[] = [
  ...exitCodeRules(),
  {
    name: "outbound",
    category: "OUTBOUND_CONNECTIVITY",
    fault: "YOURS",
    codes: [
      "OutboundConnFail",
      "OutboundConnFailVMExtensionError",
      "VMExtensionErrorOutboundConnFail",
      "CniDownloadTimeoutVMExtensionError",
      "CniDownloadTimeout",
      "K8SDownloadTimeout",
    ],
    words:
      /unable to establish outbound connection|outbound connection(?:s|ivity)? from (?:the )?(?:agents|nodes|machines)/i,
    tell: (facts) =>
      `${whichNodes(facts)} can't reach the internet, so they could not become nodes${withValue(" (exit code ", facts.exitCode, ")")}. A firewall, a route or a network security group stands in the way.`,
    remedies: () => [
      REQUIRED_ADDRESSES,
      link("Check the outbound connection", aksGuide("error-codes/vmextensionerror-outboundconnfail")),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/error-code-outboundconnfailvmextensionerror"),
  },
  {
    name: "api-server-dns",
    category: "DNS_RESOLUTION",
    fault: "YOURS",
    codes: ["K8SAPIServerDNSLookupFail", "K8SAPIServerDNSLookupFailVMExtensionError", "K8SAPIServerAzureDNSLookupFail"],
    words:
      /unable to resolve (?:the )?(?:k8s|kubernetes|cluster).{0,40}api ?server|agents are unable to resolve|\bno such host\b|could not resolve host|name resolution fail|temporary failure in name resolution|NXDOMAIN/i,
    tell: (facts) =>
      `A name can't be resolved${withValue(": ", facts.host, "", ", that of the cluster's API server for one")}${withValue(" (exit code ", facts.exitCode, ")")}. The network's DNS servers don't know it, or can't be reached.`,
    remedies: () => [link("DNS of nodes", aksGuide("error-codes/vmextensionerror-k8sapiserverdnslookupfail")), RETRY],
    source: aksGuide("create-upgrade-delete/error-code-k8sapiserverdnslookupfailvmextensionerror"),
  },
  {
    name: "api-server-unreachable",
    category: "API_SERVER_UNREACHABLE",
    fault: "YOURS",
    codes: [
      "K8SAPIServerConnFail",
      "K8SAPIServerConnFailVMExtensionError",
      "APIServerNotReachable",
      "ControlPlaneNotReachable",
    ],
    words:
      /unable to (?:establish (?:a )?connection|connect) (?:to|with) (?:the )?(?:kubernetes|k8s|cluster'?s?).{0,20}api ?server|agents are unable to establish connection to kubernetes api|kubernetes api call failed|api ?server.{0,60}(?:unreachable|can ?not be reached|is not reachable|connection refused)/i,
    tell: (facts) =>
      `${whichNodes(facts)} can't connect to the cluster's API server on port 443. A firewall, a route or authorized IP ranges stand in the way.`,
    remedies: () => [
      link("Connect nodes to the API server", aksGuide("error-codes/vmextensionerror-k8sapiserverconnfail")),
      REQUIRED_ADDRESSES,
      RETRY,
    ],
    source: aksGuide("error-codes/vmextensionerror-k8sapiserverconnfail"),
  },
  {
    name: "extension-timed-out",
    category: "NODES_NOT_READY",
    fault: "PASSING",
    codes: ["VMExtensionProvisioningTimeout"],
    words: /provisioning of VM extension .{1,80}has timed out|extension provisioning has taken too long/i,
    tell: (facts) =>
      `${whichNodes(facts)} were made, but setting them up${withValue(" (extension ", facts.extension, ")")} timed out. Another try often works; if not, look at what the nodes can reach.`,
    remedies: () => [
      RETRY,
      REQUIRED_ADDRESSES,
      link("When setting up times out", aksGuide("create-upgrade-delete/error-code-vmextensionprovisioningtimeout")),
    ],
    source: aksGuide("create-upgrade-delete/error-code-vmextensionprovisioningtimeout"),
  },
  {
    name: "drain-blocked",
    category: "DRAIN_BLOCKED",
    fault: "YOURS",
    codes: ["PodDrainFailure", "UnsatisfiablePDB", "DrainNodeFailed"],
    words:
      /cannot evict pod|violate the pod'?s disruption budget|drain(?:ing)? (?:of )?(?:the )?node.{0,200}(?:failed|did not)|evicting pod.{0,200}(?:failed|timed out)/i,
    tell: (facts) =>
      `A node could not be emptied: the disruption budget ${facts.pod === undefined && facts.budget !== undefined ? facts.budget : `of ${withValue("pod ", facts.pod, "", "one of its pods")}`} allows no eviction now.`,
    remedies: () => [
      command("See the disruption budgets", "kubectl", "get", "poddisruptionbudgets", "--all-namespaces"),
      link("When a drain fails", aksGuide("create-upgrade-delete/error-code-poddrainfailure")),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/error-code-poddrainfailure"),
  },
  {
    name: "own-pods-not-ready",
    category: "NODES_NOT_READY",
    fault: "YOURS",
    codes: ["ControlPlaneAddOnsNotReady", "AddonsNotReady"],
    words: /control plane add-?ons are not ready|pods in kube-system not running/i,
    tell: (facts) =>
      `Pods that the cluster itself needs do not run${withValue(": ", facts.pods?.replace(/,\s*/g, ", "))}. Mostly the nodes can't reach what these need, or have no room for them.`,
    remedies: () => [
      command("See the cluster's own pods", "kubectl", "get", "pods", "--namespace", "kube-system", "--output", "wide"),
      REQUIRED_ADDRESSES,
      link("When nodes don't become ready", aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues")),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues"),
  },
  {
    name: "upgrade-blocked",
    category: "UPGRADE_BLOCKED",
    fault: "YOURS",
    codes: ["UpgradeBlockedOnDeprecatedAPIUsage", "UpgradeBlocked"],
    words: /upgrade is blocked|recent usage of a kubernetes api deprecated/i,
    tell: (facts) =>
      `Something in the cluster still uses ${withValue("the API ", facts.apiInUse, "", "an API")} that ${withValue("Kubernetes ", facts.removedIn, "", "the new version")} no longer has, so AKS does not upgrade.`,
    remedies: () => [
      link("Which APIs go when", "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"),
      link("Upgrade all the same", "https://learn.microsoft.com/azure/aks/stop-cluster-upgrade-api-breaking-changes"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/aks/stop-cluster-upgrade-api-breaking-changes",
  },
];

/** What Azure wraps around a cause; on its own it says no more than that. */
export const NODE_SYMPTOMS: readonly FailureRule[] = [
  {
    name: "machines-did-not-start",
    category: "NODES_NOT_READY",
    fault: "AZURE",
    codes: [
      "VMStartTimedOut",
      "OSProvisioningTimedOut",
      "OSProvisioningClientError",
      "OSProvisioningInternalError",
      "VMAgentStatusCommunicationError",
    ],
    words: /did not start in the allotted time|OS provisioning .{0,80}did not finish in the allotted time/i,
    tell: (facts) =>
      `${whichNodes(facts)} were made, but did not start in the time that Azure allows. Another try often works.`,
    remedies: (facts, about) => [
      RETRY,
      inspect(facts, about),
      link("When nodes don't become ready", aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues")),
    ],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
  {
    name: "extension-failed",
    category: "NODES_NOT_READY",
    fault: "YOURS",
    codes: ["VMExtensionProvisioningError", "VMExtensionHandlerNonTransientError", "VMExtensionError"],
    words: /failure when processing extension|extension failed to/i,
    tell: (facts) =>
      `${whichNodes(facts)} were made, but setting them up failed${withValue(" in the extension '", facts.extension, "'")}${withValue(" with exit code ", facts.exitCode)}${withValue(": ", facts.lastWords)}`.replace(
        /\.*$/,
        ".",
      ),
    remedies: (facts, about) => [
      link("When nodes don't become ready", aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues")),
      REQUIRED_ADDRESSES,
      inspect(facts, about),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/virtual-machines/extensions/troubleshoot",
  },
  {
    name: "pool-failed",
    category: "NODES_NOT_READY",
    fault: "AZURE",
    codes: [
      "CreateVMSSAgentPoolFailed",
      "ReconcileVMSSAgentPoolFailed",
      "UpdateVMSSAgentPoolFailed",
      "NodesNotReady",
      "AgentPoolFailed",
      "ReconcileAgentPoolFailed",
      "VMSSAgentPoolReconcilerFailed",
    ],
    words: /nodes? (?:\S+ )?(?:did|do|are|is) not (?:become |get |in )?ready/i,
    tell: (facts) => `${whichNodes(facts)} could not be made or did not become ready nodes.`,
    remedies: (facts, about) => [
      link("When nodes don't become ready", aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues")),
      inspect(facts, about),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues"),
  },
];

import { RETRY, type Remedy, edit, link } from "../../../shared/remedy.ts";
import type { Facts, FailureAbout } from "../failure-facts.ts";
import { armGuide, withValue, type FailureRule } from "../failure-rule.ts";
import { poolField } from "../remedies.ts";

const NAMING = link("Rules for names", "https://aka.ms/aks-naming-rules");

/** Azure's name of a parameter, as the path of the field that it was given by. */
function fieldOf(facts: Facts, about: FailureAbout): string | undefined {
  const asked = `${facts.parameter ?? ""} ${facts.property ?? ""}`.toLowerCase();
  if (/agentpool.*name/.test(asked)) return poolField(facts, about, "name");
  if (/vmsize/.test(asked)) return poolField(facts, about, "vmSize");
  if (/mincount/.test(asked)) return poolField(facts, about, "autoscale.minCount");
  if (/maxcount/.test(asked)) return poolField(facts, about, "autoscale.maxCount");
  if (/count/.test(asked)) return poolField(facts, about, "count");
  if (/agentpool/.test(asked)) return "nodePools";
  if (/kubernetesversion|orchestratorversion/.test(asked)) return "kubernetesVersion";
  if (/resourcegroup/.test(asked)) return "resourceGroup";
  if (/location/.test(asked)) return "location";
  if (/tags/.test(asked)) return "tags";
  if (/\bname|dns|fqdn/.test(asked)) return "clusterName";
  return undefined;
}

function change(facts: Facts, about: FailureAbout): Remedy {
  return edit("Change the input", fieldOf(facts, about));
}

/** What Azure has written after `Error details:`. */
function asSentence(reason: string | undefined): string | undefined {
  return reason?.replace(/^[a-z](?=[a-z]+ )/, (first) => first.toUpperCase()).concat(".");
}

/** What is wrong with the request itself, by words that say it for sure. */
export const REQUEST_RULES: readonly FailureRule[] = [
  {
    name: "name-invalid",
    category: "NAME_INVALID",
    fault: "YOURS",
    codes: [
      "InvalidResourceName",
      "ReservedResourceName",
      "InvalidDNSPrefix",
      "InvalidDnsPrefix",
      "InvalidManagedClusterName",
      "InvalidAgentPoolName",
      "InvalidResourceGroupName",
      "InvalidDomainNameLabel",
    ],
    words:
      /value of parameter (?:\S+\.)?(?:name|dnsPrefix|fqdnSubdomain|nodeResourceGroup) is invalid|name is invalid|is not a valid (?:\w+ )?name|(?:dns|domain) ?(?:prefix|name label|name) .{0,80}(?:invalid|not valid)|names? must (?:start|begin|only|contain|consist|be)/i,
    tell: (facts) =>
      `${withValue("The value of ", facts.parameter, "", "A name")} is not allowed${facts.reason === undefined ? withValue(": '", facts.name, "'") : `: ${facts.reason}`}.`,
    remedies: (facts, about) => [change(facts, about), NAMING],
    source: "https://aka.ms/aks-naming-rules",
  },
  {
    name: "group-name-too-long",
    category: "NAME_INVALID",
    fault: "YOURS",
    codes: ["NodeResourceGroupNameTooLong"],
    words: /length of the node resource group name is too long/i,
    tell: (facts) =>
      `The name of the cluster's own resource group, made of the names of its group, itself and its location, is too long${withValue(": it has ", facts.length, " characters")}${withValue(", and may have ", facts.longest)}. Choose a shorter one.`,
    remedies: () => [
      edit("Choose a shorter name", "clusterName"),
      edit("Choose another resource group", "resourceGroup"),
      NAMING,
    ],
    source: "https://aka.ms/aks-naming-rules",
  },
  {
    name: "last-system-pool",
    category: "INVALID_REQUEST",
    fault: "YOURS",
    words: /has to be at least one system (?:agent|node) ?pool|must have at least one system (?:agent|node) ?pool/i,
    tell: () => "A cluster can't be without a system pool, and this one has no other. Add another system pool first.",
    remedies: () => [
      link("System pools", "https://learn.microsoft.com/azure/aks/use-system-pools"),
      edit("Change the node pools", "nodePools"),
    ],
    source: "https://learn.microsoft.com/azure/aks/use-system-pools",
  },
  {
    name: "scaled-by-aks",
    category: "INVALID_REQUEST",
    fault: "YOURS",
    words: /cannot scale cluster autoscaler enabled node pool/i,
    tell: (facts) =>
      `AKS itself scales ${withValue("node pool '", facts.pool, "'", "that node pool")}, between bounds, so its count can't be set by hand.`,
    remedies: () => [link("Autoscaling", "https://learn.microsoft.com/azure/aks/cluster-autoscaler")],
    source: "https://learn.microsoft.com/azure/aks/cluster-autoscaler",
  },
  {
    name: "immutable",
    category: "INVALID_REQUEST",
    fault: "YOURS",
    codes: ["PropertyChangeNotAllowed"],
    words: /changing property \S+ is not allowed|property .{1,100} (?:can ?not|can't) be (?:changed|updated|modified)/i,
    tell: (facts) =>
      `${withValue("", facts.property, "", "One of the values")} can't be changed after it has been created. Make a new one with the other value.`,
    remedies: (facts, about) => [change(facts, about)],
    source: "https://learn.microsoft.com/azure/aks/faq",
  },
  {
    name: "resource-id-invalid",
    category: "INVALID_REQUEST",
    fault: "YOURS",
    codes: ["LinkedInvalidPropertyId"],
    words: /expect fully qualified resource id/i,
    tell: (facts) =>
      `${withValue("'", facts.resourceId, "'", "A value")} is no id of a resource${withValue(", which ", facts.path, " has to be")}: those begin with /subscriptions/.`,
    remedies: (facts, about) => [change(facts, about)],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
];

/** Codes that say no more than "no", and the words around the causes of others. */
export const REQUEST_SYMPTOMS: readonly FailureRule[] = [
  {
    name: "refused-forbidden",
    category: "FORBIDDEN",
    fault: "YOURS",
    codes: ["Forbidden", "Unauthorized", "DENIED", "Http401", "Http403", "AccessDenied"],
    tell: () => "Azure does not allow this to Slipway's identity.",
    remedies: () => [
      link("Troubleshoot roles", "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
  },
  {
    name: "refused-conflict",
    category: "CONFLICT",
    fault: "PASSING",
    codes: ["Conflict", "Http409", "Http412"],
    tell: () => "Something else is going on with the same thing at Azure.",
    remedies: () => [RETRY],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
  {
    name: "refused-invalid",
    category: "INVALID_REQUEST",
    fault: "YOURS",
    codes: [
      "BadRequest",
      "InvalidParameter",
      "InvalidParameters",
      "InvalidTemplate",
      "InvalidTemplateDeployment",
      "InvalidRequestContent",
      "InvalidRequest",
      "ValidationError",
      "InvalidRequestFormat",
      "LinkedResourceInvalid",
      "OperationNotAllowed",
      "RequestContentInvalid",
      "InvalidResource",
      "InvalidPropertyValue",
      "PropertyNotAllowed",
      "Http400",
      "InvalidApiVersionParameter",
      "InvalidResourceType",
      "MissingRequiredParameter",
      "InvalidValue",
      "UnprocessableEntity",
      "InvalidTagNameCharacters",
      "InvalidTagName",
      "ReservedTagName",
    ],
    words: /exceeds the maximum (?:allowed )?(?:number )?(?:of )?\d/i,
    tell: (facts) =>
      `Azure refuses the request as it is${withValue(": the value of ", facts.parameter, " is invalid")}.${withValue(" ", asSentence(facts.reason), "", " Its own words say what is wrong.")}`,
    remedies: (facts, about) => [change(facts, about)],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
];

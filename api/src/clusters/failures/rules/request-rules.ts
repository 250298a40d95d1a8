import { RETRY, type Remedy, edit, link } from "../../../shared/remedy.ts";
import type { Facts } from "../failure-facts.ts";
import { armGuide, withValue, type FailureRule } from "../failure-rule.ts";

const NAMING = link("Rules for names", "https://aka.ms/aks-naming-rules");

/** Azure's name of a parameter, as the path of the field that it was given by. */
function fieldOf({ parameter = "", property = "" }: Facts): string | undefined {
  const asked = `${parameter} ${property}`.toLowerCase();
  if (/agentpool.*name/.test(asked)) return "nodePools.0.name";
  if (/vmsize/.test(asked)) return "nodePools.0.vmSize";
  if (/count/.test(asked)) return "nodePools.0.count";
  if (/agentpool/.test(asked)) return "nodePools";
  if (/kubernetesversion|orchestratorversion/.test(asked)) return "kubernetesVersion";
  if (/resourcegroup/.test(asked)) return "resourceGroup";
  if (/location/.test(asked)) return "location";
  if (/tags/.test(asked)) return "tags";
  if (/\bname|dns|fqdn/.test(asked)) return "clusterName";
  return undefined;
}

function change(facts: Facts): Remedy {
  return edit("Change the input", fieldOf(facts));
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
      `${withValue("The value of ", facts.parameter, "", "A name")} is not allowed${withValue(": ", facts.reason ?? withValue("'", facts.name, "'", undefined))}.`,
    remedies: (facts) => [change(facts), NAMING],
    source: "https://aka.ms/aks-naming-rules",
  },
  {
    name: "immutable",
    category: "INVALID_REQUEST",
    fault: "YOURS",
    codes: ["PropertyChangeNotAllowed"],
    words: /changing property \S+ is not allowed|property .{1,100} (?:can ?not|can't) be (?:changed|updated|modified)/i,
    tell: (facts) =>
      `${withValue("", facts.property, "", "One of the values")} can't be changed after it has been created. Make a new one with the other value.`,
    remedies: (facts) => [change(facts)],
    source: "https://learn.microsoft.com/azure/aks/faq",
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
    ],
    tell: (facts) =>
      `Azure refuses the request as it is${withValue(": the value of ", facts.parameter, " is invalid")}. Its own words say what is wrong.`,
    remedies: (facts) => [change(facts)],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
];

import type { ErrorPart } from "./error-parts.ts";
import { policyName } from "./policy-violation.ts";

/** What the failing thing was asked for, as far as is known: fills in what Azure's words leave out. */
export interface FailureAbout {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly clusterName?: string;
  readonly location?: string;
  readonly kubernetesVersion?: string | undefined;
  /** Name of the node pool that it is about, when it is about one. */
  readonly pool?: string;
  readonly nodePools?: readonly { readonly name: string; readonly vmSize: string; readonly count: number }[];
  /** Of the request that asked for it. */
  readonly correlationId?: string | undefined;
  readonly operationId?: string | undefined;
}

/** Names and numbers found in Azure's words. Numbers have no separators. */
export type Facts = { readonly [Name in FactName]?: string };
export type FactName = keyof typeof PATTERNS | "policy" | "left" | "newLimit";

const SIZE = String.raw`(?:Standard|Basic)_[A-Za-z]\w*(?:-\w+)?`;
const COUNT = String.raw`\d{1,3}(?:[,.'\u00a0\u202f ]\d{3})+(?!\d)|\d+`;
const GUID = String.raw`[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}`;
const NAMED = String.raw`['"\u2018\u201c]([^'"\u2019\u201d]+)['"\u2019\u201d]`;
const CIDR = String.raw`(?:\d{1,3}\.){3}\d{1,3}/\d{1,2}`;

const any = (...sources: string[]): RegExp[] => sources.map((source) => new RegExp(source, "i"));
const counted = (...labels: string[]): RegExp[] => labels.map((label) => new RegExp(`${label}(${COUNT})`, "i"));

/** In order: the first pattern that finds something, in the innermost text that has it, decides. */
const PATTERNS = {
  location: any(
    String.raw`\b(?:location|region):?\s*${NAMED}`,
    String.raw`\b(?:location|region):?\s+([{<][\w -]+[}>])`,
    String.raw`\b(?:location|region):?\s+(?!(?:and|is|or|for|not|was|has|does|of|with|to|in|the|that|which|by|you|please|where|when)\b)([a-z]{2,}[a-z0-9]*)\b`,
  ),
  limit: counted(
    String.raw`Current Limit:?\s*`,
    String.raw`Maximum allowed:?\s*`,
    String.raw`\b(?:limit|maximum)(?: number of [\w ]{3,60}?)?(?: allowed)?(?: is| of)?:? \(?`,
    String.raw`\bquota (?:is|of) `,
    String.raw`\bmore than `,
  ),
  used: counted(
    String.raw`Current Usage:?\s*`,
    String.raw`Current(?:ly)? in use:?\s*`,
    String.raw`\bcurrent(?:ly)?(?: used| usage| count)?(?: is)?:? `,
  ),
  needed: counted(
    String.raw`Additional (?:Required|requested):?\s*`,
    String.raw`requested(?: (?:regional )?(?:vcpu )?quota)?:?\s*`,
  ),
  remaining: counted(
    String.raw`left (?:regional )?(?:vcpu )?quota:?\s*`,
    String.raw`remaining(?: quota)?:?\s*`,
    String.raw`quota left:?\s*`,
  ),
  limitNeeded: counted(String.raw`New Limit Required:?\s*`),
  quota: any(
    String.raw`exceeding approved (?:quota for )?(.{1,60}?) quota\b`,
    String.raw`quota limits? (?:of|for) ([\w ]{2,50}?)(?:[.,:]|$)`,
    String.raw`for family (\w+)`,
  ),
  vmSize: any(String.raw`VM size of '?([\w-]+)'? is not`, String.raw`\b(${SIZE})`),
  zone: any(
    String.raw`zone\(s\) '([\d, ]+)'`,
    String.raw`Edge zone ${NAMED}`,
    String.raw`\bzones? '?(\d(?:\s*,\s*\d)*)\b`,
    String.raw`zones ${NAMED}`,
  ),
  zonesOffered: any(
    String.raw`supported zones for [^']*'[^']*' are '([\d, ]+)'`,
    String.raw`available edge zones [^']*'[^']*' are '([^']+)'`,
  ),
  version: any(
    String.raw`\bversion:? ['"]?v?(\d+\.\d+(?:\.\d+)?)\b`,
    String.raw`['"]v?(1\.\d{2}(?:\.\d+)?)['"]`,
    String.raw`\bv?(1\.\d{2}(?:\.\d+)?)\b`,
  ),
  action: any(
    String.raw`does not have (?:permission|authorization)[^'"]{0,80}perform actions?(?:\(s\))? ${NAMED}`,
    String.raw`perform(?:ing)? (?:the )?actions?(?:\(s\))?:? ['"]?([\w.]+/[\w./*-]+)`,
    String.raw`permissions? ['"]?([\w.]+/[\w./*-]+/(?:read|write|delete|action))`,
  ),
  scope: any(
    String.raw`linked scope\(s\) ${NAMED}`,
    String.raw`(?:over|on|at|in)(?: the)? scope:? ${NAMED}`,
    String.raw`(?:over|on|at|in)(?: the)? scope:? (/\S+[\w}])`,
    String.raw`The scope ${NAMED}`,
  ),
  objectId: any(
    String.raw`object ?id:? ${NAMED}`,
    String.raw`object ?id:? (${GUID})`,
    String.raw`principals? ${NAMED}`,
  ),
  client: any(String.raw`\bclient ${NAMED}`),
  locks: any(String.raw`are locked:? ${NAMED}`, String.raw`lock(?:s|ed)?(?: by)?(?: named)?:? ${NAMED}`),
  resource: any(
    String.raw`The resource write operation failed[^']*'(/[^']+)'`,
    String.raw`\bResources? (?:with identifiers? )?${NAMED}`,
    String.raw`because resource (/\S+?)[.,]? `,
    String.raw`\bid:? ['"](/subscriptions/[^'"]+)['"]`,
  ),
  resourceGroup: any(String.raw`resource ?group:? ${NAMED}`, String.raw`resourceGroups/([^/\s'",.;]+)`),
  subscriptionId: any(
    String.raw`SubID='?(${GUID})`,
    String.raw`subscriptions?/(${GUID})`,
    String.raw`subscription:? '?(${GUID})`,
    String.raw`subscription ${NAMED}`,
  ),
  provider: any(
    String.raw`namespaces? ${NAMED}`,
    String.raw`\b(Microsoft\.\w+)(?:/[\w/]+)?['"]? (?:is|are) not registered`,
    String.raw`for type ['"]?(Microsoft\.\w+)`,
    String.raw`register[^.]{0,60}\b(Microsoft\.\w+)`,
  ),
  subnet: any(
    String.raw`subnets/([^/\s'",;]*[^/\s'",;.])`,
    String.raw`\bsubnet(?: name)?:? ${NAMED}`,
    String.raw`\bsubnet name:? (\w[\w.-]*\w)`,
    String.raw`\bSubnet (?!(?:with|is|of|has|does|which|size|for|cidr|name|in|because|and|or|that|can(?:not)?)\b|\d+\b(?![\w-]))(<[\w -]+>|\w[\w.-]*\w|\w)`,
  ),
  prefix: any(String.raw`address prefix ['"]?(\S+?)['"]? `, String.raw`(?:address space|cidr):? ['"]?(${CIDR})`),
  ipsNeeded: any(
    String.raw`capacity for (\S+) IP`,
    String.raw`Pre-allocated IPs (\d+)`,
    String.raw`\b(\d{1,9}) (?:additional )?IP addresses (?:are )?(?:needed|required)`,
  ),
  ipsLeft: any(String.raw`IPs available:? (\d+)`, String.raw`exceeds IPs available in Subnet (\d+)`),
  cidr: any(`(${CIDR})`),
  otherCidr: any(String.raw`${CIDR}[^]*?\b(${CIDR})`),
  operation: any(
    String.raw`Another (?:agent ?pool )?operation \(([^)]+)\)`,
    String.raw`last operation that updated/is updating the resource is (\w+)`,
    String.raw`operation ${NAMED} is in progress`,
    String.raw`\bin[- ]progress (\w{3,40}(?: \w{3,40})?) (?:managed ?cluster|agent ?pool) operation`,
    String.raw`in progress:? ${NAMED}`,
  ),
  provisioningState: any(
    String.raw`Provisioning ?State\s*[(:=]\s*'?(\w+)`,
    String.raw`is in (?:the )?'?(\w+)'? (?:provisioning )?state`,
  ),
  powerState: any(String.raw`Power ?State\s*[(:=]\s*'?(\w+)`),
  constraints: any(String.raw`Constraints applied are:\s*((?:[\s\\n]*- [^\n"\\]+)+)`),
  groupToDelete: any(String.raw`Deletion of resource group ${NAMED} failed`),
  apiVersion: any(String.raw`API version ['"]?([\w.{}<>-]+)`),
  resourceType: any(String.raw`for type ['"]?([\w./{}<>-]+?)['"]?\.?(?:\s|$)`),
  attempted: any(String.raw`\b(\w{1,40}) cannot be performed`),
  pool: any(
    String.raw`\b(?:agent|node) ?pools?:? ['"]?([a-z][a-z0-9]{0,11})\b['"]?(?!\s+(?:name|operation|error|has|have|is|are|can)\b)`,
    String.raw`\baks-([a-z0-9]+)-\d+-vmss`,
  ),
  retryAfterSeconds: counted(String.raw`(?:retry|try)(?: again)? (?:after|in):? '?`),
  handler: any(String.raw`The (\w+Handler\.\w+) request limit`, String.raw`"operationGroup"\s*:\s*"(\w+)"`),
  exitCode: any(
    String.raw`exit ?(?:status|code)\\*["']?\s*[=:]?\s*\\*["']?(\d{1,3})\b`,
    String.raw`\(ERR_\w+, ?(\d{1,3})\)`,
  ),
  extension: any(String.raw`extension ${NAMED}`, String.raw`VM extension (\S+) has`),
  lastWords: any(String.raw`\[stderr\]\s*(?:\\n)*\s*(\S[^\n]{3,160})`),
  clientIp: any(String.raw`client with IP ${NAMED}`),
  registry: any(
    String.raw`\b([a-z0-9]{5,50}\.azurecr\.(?:io|cn|us))\b`,
    String.raw`requests for the registry (\S+) and`,
    String.raw`registries/([^/\s'",;]+)`,
  ),
  otherLocation: any(String.raw`already exists in (?:the )?location ${NAMED}`),
  nodeResourceGroup: any(String.raw`node resource group ${NAMED}`, String.raw`\b(MC_[\w.()-]*[\w()-])`),
  longest: counted(String.raw`maximum length is `),
  length: counted(String.raw`length of the value provided is `),
  leastSize: any(String.raw`minimum SKU requirement is (.{3,80}?)\.(?:\s|$)`),
  limitedThing: any(
    String.raw`cannot create more than \S+ (.{3,60}?) (?:for|in|with|per)\b`,
    String.raw`reached the limit of \S+ (.{3,60}?)[.,]`,
  ),
  feature: any(String.raw`feature ['"]?(Microsoft\.\w+/\w+)`),
  denyAssignment: any(String.raw`deny assignment with name ${NAMED}`),
  policyReasons: any(String.raw`\bReasons: '([^']{3,300}?)\.?'`),
  offer: any(String.raw`OfferId: ${NAMED}`),
  publisher: any(String.raw`PublisherId: ${NAMED}`),
  budget: any(String.raw`\bPDBs? ['"]?([\w.-]+/[\w.-]*\w)`, String.raw`blocked by pdb ['"]?([\w.-]*\w)`),
  pods: any(String.raw`pods? (?:\S+ ){0,4}not (?:in )?running(?: status)?:\s*([\w.-]+(?:,\s*[\w.-]*\w)*)`),
  poolVersion: any(String.raw`node pool version v?(\d+\.\d+(?:\.\d+)?)`),
  planeVersion: any(String.raw`control plane version v?(\d+\.\d+(?:\.\d+)?)`),
  wantedVersion: any(String.raw`version \S+ to v?(\d+\.\d+(?:\.\d+)?) is not allowed`),
  versionsOffered: any(String.raw`available upgrades: \[([\d. ,]+)\]`),
  resourceId: any(String.raw`property id ${NAMED}`),
  path: any(String.raw`at path ${NAMED}`),
  image: any(
    String.raw`pull access denied for ([\w./:@-]+)`,
    String.raw`pull(?:ing)? image:? ['"]?([\w./:@-]+)`,
    String.raw`image ${NAMED}`,
  ),
  property: any(String.raw`property ${NAMED}`),
  parameter: any(String.raw`value of parameter (\S+) is invalid`, String.raw`parameter ${NAMED}`),
  reason: any(String.raw`Error details: (.{3,300}?)\.*\s*(?:Please see|For more|$)`),
  name: any(
    String.raw`The (?:resource|dns record|dns prefix|dnsPrefix|name|record) ${NAMED}`,
    String.raw`\bname:? ${NAMED}`,
    String.raw`\bDNS record (\w[\w.-]*\w) is`,
    String.raw`${NAMED} (?:managed cluster )?name is invalid`,
  ),
  apiInUse: any(String.raw`detected on API ([\w.-]+)`),
  removedIn: any(String.raw`removed in v?(\d+\.\d+)`),
  pod: any(String.raw`evicting pod:? ['"]?([\w./-]*[\w])['"]?(?=\s)`, String.raw`Cannot evict pod ['"]([\w./-]+)['"]`),
  host: any(
    String.raw`lookup:? ([\w.-]+\.\w+)`,
    String.raw`resolve(?: host| the name| name)?:? ['"]?([\w-]+(?:\.[\w-]+)+)`,
  ),
  entraCode: any(String.raw`\b(AADSTS\d{4,})`),
  application: any(String.raw`\bapp(?:lication)?:? ['"]?(${GUID})`, String.raw`identifier ['"](${GUID})['"]`),
  identity: any(
    String.raw`userAssignedIdentities/([^/\s'",;]*[^/\s'",;.])`,
    String.raw`(?:managed )?identity ${NAMED}`,
  ),
  runId: any(String.raw`run with ID ${NAMED}`),
} satisfies Record<string, readonly RegExp[]>;

const NUMBERS = new Set<string>([
  ...["limit", "used", "needed", "remaining", "limitNeeded"],
  ...["retryAfterSeconds", "longest", "length"],
]);

/** Names and numbers of `parts`, the deciding one first, then of what was asked for. */
export function findFacts(parts: readonly ErrorPart[], about: FailureAbout): Facts {
  // Lines tell some things apart; a text that is broken into lines elsewhere must not hide the others.
  const texts = [...new Set(parts.flatMap(({ text }) => [text, text.replace(/\s+/g, " ")]))];
  const facts: Record<string, string> = {};
  for (const [name, patterns] of Object.entries(PATTERNS)) {
    const found = firstMatch(texts, patterns);
    if (found !== undefined) facts[name] = NUMBERS.has(name) ? found.replace(/\D/g, "") : found;
  }
  const policy = policyName(parts.map(({ body }) => body));
  return {
    ...(about.location === undefined ? {} : { location: about.location }),
    ...(about.subscriptionId === undefined ? {} : { subscriptionId: about.subscriptionId }),
    ...(about.pool === undefined ? {} : { pool: about.pool }),
    ...(about.resourceGroup === undefined ? {} : { resourceGroup: about.resourceGroup }),
    ...facts,
    ...(policy === undefined ? {} : { policy }),
    ...sums(facts),
  };
}

function firstMatch(texts: readonly string[], patterns: readonly RegExp[]): string | undefined {
  for (const text of texts) {
    for (const pattern of patterns) {
      const found = pattern.exec(text)?.[1]?.replace(/\s+/g, " ").trim();
      if (found !== undefined && found !== "") return found;
    }
  }
  return undefined;
}

/** What is left and what limit would do, when Azure gives only two of the three numbers. */
function sums({ limit, used, needed, remaining, limitNeeded }: Record<string, string | undefined>): Facts {
  const left = remaining ?? (limit !== undefined && used !== undefined ? Math.max(0, +limit - +used) : undefined);
  const newLimit = limitNeeded ?? (used !== undefined && needed !== undefined ? +used + +needed : undefined);
  return {
    ...(left === undefined ? {} : { left: String(left) }),
    ...(newLimit === undefined ? {} : { newLimit: String(newLimit) }),
  };
}

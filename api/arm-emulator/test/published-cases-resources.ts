import { DEMO } from "../seed/demo-names.ts";
import type { AlsoAnswered, Azure, CantMatch, PublishedCase, WireAnswer } from "./published-case.ts";

/** Answers of Microsoft.Resources: groups, tags, registrations of providers, lists over all of them. */

const VERSION = "?api-version=2024-07-01";
const subscription = `/subscriptions/${DEMO.subscriptionId}`;
const group = `${subscription}/resourcegroups/${DEMO.registry.resourceGroup}`;
const tags = `/${group}/providers/Microsoft.ContainerRegistry/registries/${DEMO.registry.name}/providers/Microsoft.Resources/tags/default${VERSION}`;

const GROUP_SOURCE = "https://learn.microsoft.com/rest/api/resources/resource-groups/get, ResourceGroup";
const groupType: AlsoAnswered = { path: "type", sample: "Microsoft.Resources/resourceGroups", source: GROUP_SOURCE };
const groupTags: AlsoAnswered = { path: "tags", sample: { team: "" }, source: GROUP_SOURCE };

const tagFields: AlsoAnswered[] = ["name", "type"].map((path) => ({
  path,
  sample: "",
  source: "https://learn.microsoft.com/rest/api/resources/tags/get-at-scope, TagsResource",
}));

const providerLimits = (at: string): CantMatch[] => [
  { path: `${at}resourceTypes[].apiVersions[]`, because: "the emulator answers any api-version and lists none" },
  { path: `${at}resourceTypes[].locationMappings`, because: "there are no edge zones" },
];

const newTags = { properties: { tags: { tagKey1: "tag-value-1", tagKey2: "tag-value-2" } } };

/** The answer of a list cut down to what is in it, for lists of what only has an example of its own. */
function items(answer: WireAnswer): WireAnswer[] {
  return (answer.body as { value: unknown[] }).value.map((body) => ({ ...answer, body }));
}

async function firstItem(
  answer: Promise<WireAnswer>,
  wanted: (item: Record<string, unknown>) => boolean,
): Promise<WireAnswer> {
  const found = items(await answer).find(({ body }) => wanted(body as Record<string, unknown>));
  if (found === undefined) throw new Error("The list has no such item.");
  return found;
}

const listGroups = (azure: Azure): Promise<WireAnswer> => azure.send("GET", `${subscription}/resourcegroups${VERSION}`);

export const RESOURCE_CASES: readonly PublishedCase[] = [
  {
    answer: "a new resource group",
    example: "resources-2024-07-01/CreateResourceGroup",
    status: 201,
    alsoAnswered: [groupType],
    ask: (azure) => azure.send("PUT", `${subscription}/resourcegroups/published${VERSION}`, { location: "westeurope" }),
  },
  {
    answer: "a resource group that is made again",
    example: "resources-2024-07-01/CreateResourceGroup",
    status: 200,
    alsoAnswered: [groupType, groupTags],
    ask: (azure) => azure.send("PUT", group + VERSION, { location: "westeurope", tags: { team: "platform" } }),
  },
  {
    answer: "a resource group",
    example: "resources-2024-07-01/CreateResourceGroup",
    status: 200,
    alsoAnswered: [groupType, groupTags],
    ask: (azure) => azure.send("GET", group + VERSION),
  },
  {
    answer: "a resource group whose tags change",
    example: "resources-2024-07-01/CreateResourceGroup",
    status: 200,
    alsoAnswered: [groupType, groupTags],
    ask: (azure) => azure.send("PATCH", group + VERSION, { tags: { team: "x" } }),
  },
  {
    answer: "a resource group in the list",
    example: "resources-2024-07-01/CreateResourceGroup",
    status: 200,
    alsoAnswered: [groupType, groupTags],
    ask: (azure) => firstItem(listGroups(azure), ({ name }) => name === DEMO.registry.resourceGroup),
  },
  {
    answer: "the resource group of a cluster's nodes in the list",
    example: "resources-2024-07-01/CreateResourceGroup",
    status: 200,
    alsoAnswered: [groupType, groupTags, { path: "managedBy", sample: "", source: GROUP_SOURCE }],
    ask: (azure) => firstItem(listGroups(azure), ({ managedBy }) => managedBy !== undefined),
  },
  {
    answer: "the deletion of a resource group",
    example: "resources-2024-07-01/ForceDeleteVMsInResourceGroup",
    status: 202,
    ask: (azure) => azure.send("DELETE", group + VERSION),
  },
  {
    answer: "the tags of a resource",
    example: "resources-2024-07-01/GetTagsResource",
    status: 200,
    alsoAnswered: tagFields,
    ask: (azure) => azure.send("GET", tags),
  },
  {
    answer: "new tags of a resource",
    example: "resources-2024-07-01/PutTagsResource",
    status: 200,
    alsoAnswered: tagFields,
    ask: (azure) => azure.send("PUT", tags, newTags),
  },
  {
    answer: "changed tags of a resource",
    example: "resources-2024-07-01/PatchTagsResource",
    status: 200,
    alsoAnswered: tagFields,
    ask: (azure) => azure.send("PATCH", tags, { operation: "Replace", ...newTags }),
  },
  {
    answer: "the deletion of a resource's tags",
    example: "resources-2024-07-01/DeleteTagsResource",
    status: 200,
    ask: (azure) => azure.send("DELETE", tags),
  },
  {
    answer: "the resource providers",
    example: "resources-2024-07-01/GetProviders",
    status: 200,
    cantMatch: [
      ...providerLimits("value[]."),
      {
        path: "value[].resourceTypes[].aliases",
        because: "the example shows it in one of its three types; aliases are for policies",
      },
    ],
    ask: (azure) => azure.send("GET", `${subscription}/providers${VERSION}`),
  },
  {
    answer: "a resource provider",
    example: "resources-2024-07-01/GetProvider",
    status: 200,
    cantMatch: providerLimits(""),
    ask: (azure) => azure.send("GET", `${subscription}/providers/Microsoft.ContainerService${VERSION}`),
  },
  {
    answer: "the registration of a resource provider",
    example: "resources-2024-07-01/GetProvider",
    status: 200,
    cantMatch: providerLimits(""),
    ask: (azure) => azure.send("POST", `${subscription}/providers/Microsoft.ContainerService/register${VERSION}`),
  },
];

/** Lists over all providers: their items are cut down to what every resource has. */
export const RESOURCE_LIST_CASES = [
  { answer: "a resource in the list of a subscription", path: `${subscription}/resources${VERSION}` },
  { answer: "a resource in the list of a resource group", path: `${group}/resources${VERSION}` },
].map(({ answer, path }) => ({
  answer,
  definition: "ResourceModelWithAllowedPropertySet",
  ask: (azure: Azure): Promise<WireAnswer> => firstItem(azure.send("GET", path), () => true),
}));

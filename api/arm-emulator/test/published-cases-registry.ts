import { DEMO } from "../seed/demo-names.ts";
import type { AlsoAnswered, Azure, CantMatch, PublishedCase, WireAnswer } from "./published-case.ts";

/** Answers of Container Registry about one registry, and of ACR Tasks. */

const { subscriptionId, registry, runningBuilds, queuedBuild } = DEMO;
const path = `/subscriptions/${subscriptionId}/resourceGroups/${registry.resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${registry.name}`;
const TASKS = "?api-version=2019-06-01-preview";
const CONTROL = "?api-version=2025-11-01";
const SUCCEEDED_RUN = `${path}/runs/cf4`;
const WEBHOOK = `${path}/webhooks/slipwayhook`;

/** Operations that no published example is kept of, or none exists, and what holds them instead. */
export const WITHOUT_REGISTRY_CASE: Readonly<Record<string, string>> = {
  "webhooks.getCallbackConfig": "is read by the SDK in webhooks.test.ts",
  "webhooks.getOperationStatus": "has no example; the SDK's poller reads it in webhooks.test.ts",
  "webhooks.ping": "is read by the SDK in webhooks.test.ts",
  ...Object.fromEntries(
    ["buildSources.upload", "runLogs.get", "runLogs.head"].map((name) => [name, "is Azure Storage's, not ARM's"]),
  ),
  ...Object.fromEntries(
    [
      ...["registryTokens.challenge", "registryTokens.exchange", "registryTokens.get"],
      ...["list", "get", "update", "delete"].flatMap((verb) => [
        `repositories.${verb}`,
        `artifactTags.${verb}`,
        `artifactManifests.${verb}`,
      ]),
    ].map((name) => [name, "is a registry's own, read by its SDK in data-plane.test.ts"]),
  ),
};

const inputsUnknown = (at: string): CantMatch[] => [
  { path: `${at}properties.task`, because: "no run of the emulator belongs to a task" },
  { path: `${at}properties.imageUpdateTrigger`, because: "no run of the emulator is set off by a base image" },
  { path: `${at}properties.logArtifact`, because: "no log of the emulator is kept as an artifact" },
];

const runErrorMessage: AlsoAnswered = {
  path: "value[].properties.runErrorMessage",
  sample: "failed during run, err: exit status 1",
  source: "https://learn.microsoft.com/rest/api/container-registry/runs/get, RunProperties",
};

const scheduled = (kind: string, example: string, request: object): PublishedCase => ({
  answer: `a scheduled ${kind}`,
  example: `acr-tasks-2019-06-01-preview/${example}`,
  status: 200,
  alsoAnswered: [
    {
      path: "properties.isArchiveEnabled",
      sample: false,
      source: "recording of scheduleRun in Azure/azure-cli, test_acr_abac_build",
    },
  ],
  ask: (azure) => azure.send("POST", `${path}/scheduleRun${TASKS}`, request),
});

async function createWebhook(azure: Azure): Promise<WireAnswer> {
  return azure.send("PUT", WEBHOOK + CONTROL, {
    location: "westeurope",
    tags: { team: "platform" },
    properties: { serviceUri: "http://192.0.2.1/acr", customHeaders: { Authorization: "secret" }, actions: ["push"] },
  });
}

/** A webhook's answer is the same by every call that answers with it. */
const webhookCase = (answer: string, method: string, body?: object): PublishedCase => ({
  answer,
  example: "acr-2025-11-01/WebhookCreate",
  status: 200,
  ask: async (azure) => {
    await createWebhook(azure);
    return azure.send(method, WEBHOOK + CONTROL, body);
  },
});

export const REGISTRY_CASES: readonly PublishedCase[] = [
  {
    answer: "a registry's usage",
    example: "acr-2025-11-01/RegistryListUsages",
    status: 200,
    ask: (azure) => azure.send("GET", `${path}/listUsages${CONTROL}`),
  },
  { answer: "a new webhook", example: "acr-2025-11-01/WebhookCreate", status: 201, ask: createWebhook },
  webhookCase("a webhook", "GET"),
  webhookCase("a changed webhook", "PATCH", { properties: { scope: "shop/web" } }),
  {
    answer: "the list of webhooks, one by one",
    example: "acr-2025-11-01/WebhookCreate",
    status: 200,
    ask: async (azure) => {
      await createWebhook(azure);
      const answer = await azure.send("GET", `${path}/webhooks${CONTROL}`);
      const [first] = (answer.body as { value: unknown[] }).value;
      return { ...answer, body: first };
    },
  },
  {
    answer: "the deletion of a webhook",
    example: "acr-tasks-2019-06-01-preview/RunsCancel",
    status: 200,
    ask: async (azure) => {
      await createWebhook(azure);
      return azure.send("DELETE", WEBHOOK + CONTROL);
    },
  },
  {
    answer: "a webhook's events",
    example: "acr-2025-11-01/WebhookListEvents",
    status: 200,
    alsoAnswered: [
      {
        path: "value[].eventResponseMessage.reasonPhrase",
        sample: "Accepted",
        source: "https://learn.microsoft.com/rest/api/container-registry/webhooks/list-events, EventResponseMessage",
      },
    ],
    cantMatch: [
      {
        path: "value[].eventRequestMessage.content.target.url",
        because: "the webhook reference of ACR shows no address",
      },
      ...["request.addr", "actor", "source"].map((name) => ({
        path: `value[].eventRequestMessage.content.${name}`,
        because: "the webhook reference of ACR shows none; the example is of another registry",
      })),
    ],
    ask: async (azure) => {
      await createWebhook(azure);
      azure.advance(3600);
      return settledEvents(azure);
    },
  },
  scheduled("build", "RegistriesScheduleRun", {
    type: "DockerBuildRequest",
    imageNames: ["shop/web:3.0.0"],
    sourceLocation: "https://github.com/contoso/shop.git",
    dockerFilePath: "Dockerfile",
    platform: { os: "Linux" },
  }),
  scheduled("encoded task", "RegistriesScheduleRun_EncodedTaskRun", {
    type: "EncodedTaskRunRequest",
    encodedTaskContent: Buffer.from("steps: []").toString("base64"),
    platform: { os: "Linux" },
  }),
  scheduled("task of a file", "RegistriesScheduleRun_FileTaskRun", {
    type: "FileTaskRunRequest",
    sourceLocation: "https://github.com/contoso/shop.git",
    taskFilePath: "acb.yaml",
    platform: { os: "Linux" },
  }),
  {
    answer: "an address to upload a build's source to",
    example: "acr-tasks-2019-06-01-preview/RegistriesGetBuildSourceUploadUrl",
    status: 200,
    ask: (azure) => azure.send("POST", `${path}/listBuildSourceUploadUrl${TASKS}`),
  },
  {
    answer: "a run",
    example: "acr-tasks-2019-06-01-preview/RunsGet",
    status: 200,
    cantMatch: inputsUnknown(""),
    ask: (azure) => azure.send("GET", SUCCEEDED_RUN + TASKS),
  },
  {
    answer: "a changed run",
    example: "acr-tasks-2019-06-01-preview/RunsUpdate",
    status: 200,
    cantMatch: inputsUnknown(""),
    ask: (azure) => azure.send("PATCH", SUCCEEDED_RUN + TASKS, { isArchiveEnabled: true }),
  },
  {
    answer: "the list of runs",
    example: "acr-tasks-2019-06-01-preview/RunsList",
    status: 200,
    alsoAnswered: [runErrorMessage],
    cantMatch: [
      ...inputsUnknown("value[]."),
      { path: "value[].properties.startTime", because: `the run ${queuedBuild.runId} waits` },
      { path: "value[].properties.finishTime", because: "some runs are in flight" },
      { path: "value[].properties.outputImages", because: "only runs that have succeeded tell their images" },
    ],
    ask: (azure) => azure.send("GET", `${path}/runs${TASKS}&$top=10`),
  },
  {
    answer: "a canceled run",
    example: "acr-tasks-2019-06-01-preview/RunsCancel",
    status: 200,
    ask: (azure) => azure.send("POST", `${path}/runs/${runningBuilds[0].runId}/cancel${TASKS}`),
  },
  {
    answer: "the address of a run's log",
    example: "acr-tasks-2019-06-01-preview/RunsGetLogSasUrl",
    status: 200,
    ask: (azure) => azure.send("POST", `${SUCCEEDED_RUN}/listLogSasUrl${TASKS}`),
  },
];

/** Delivery is real time: asked again until every event has its answer, which comes at once for a foreign address. */
async function settledEvents(azure: Azure): Promise<WireAnswer> {
  for (;;) {
    const answer = await azure.send("POST", `${WEBHOOK}/listEvents${CONTROL}`);
    const { value } = answer.body as { value: { eventResponseMessage?: object }[] };
    if (value.length > 0 && value.every((event) => event.eventResponseMessage !== undefined)) return answer;
  }
}

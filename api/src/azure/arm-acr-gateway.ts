import type { Registry as ArmRegistry, RunGetLogResult } from "@azure/arm-containerregistry";
import type { AcrGateway } from "../registry/acr-gateway.ts";
import type { Registry } from "../registry/registry.ts";
import { tryParseArmId } from "../shared/arm-id.ts";
import { AzureError } from "../shared/azure-error.ts";
import { abortable } from "./abortable.ts";
import { createAcrDataPlane } from "./acr-data-plane.ts";
import type { AcrLogBlobs } from "./acr-log-blobs.ts";
import { toAcrRun, toRunRequestBody } from "./acr-run-mapping.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";
import { undefinedWhenNotFound } from "./arm-not-found.ts";

const LARGEST_RUN_PAGE = 100;

export function createArmAcrGateway(clients: ArmClients, logBlobs: AcrLogBlobs): AcrGateway {
  return {
    listRegistries: (subscriptionId, signal) =>
      callAzure(async () => {
        const registries: Registry[] = [];
        for await (const found of clients.registries(subscriptionId).registries.list(abortable(signal))) {
          const registry = toRegistry(subscriptionId, found);
          if (registry) registries.push(registry);
        }
        return registries;
      }),

    scheduleRun: (registry, request, signal) =>
      callAzure(async () => {
        const { subscriptionId, resourceGroup, name } = registry;
        const { registries } = clients.registries(subscriptionId);
        const poller = await untilAccepted((onResponse) =>
          registries.beginScheduleRun(resourceGroup, name, toRunRequestBody(request), {
            onResponse,
            ...abortable(signal),
          }),
        );
        const run = poller?.getResult();
        return run?.runId ?? run?.name;
      }),

    listRuns: ({ subscriptionId, resourceGroup, name }, limit, signal) =>
      callAzure(async () => {
        const top = Math.min(limit, LARGEST_RUN_PAGE);
        const pages = clients
          .registries(subscriptionId)
          .runs.list(resourceGroup, name, { top, ...abortable(signal) })
          .byPage();
        const page = await pages.next();
        return page.done === true ? [] : page.value.flatMap((run) => toAcrRun(run) ?? []).slice(0, top);
      }),

    getRun: ({ subscriptionId, resourceGroup, name }, runId, signal) =>
      undefinedWhenNotFound(async () =>
        toAcrRun(await clients.registries(subscriptionId).runs.get(resourceGroup, name, runId, abortable(signal))),
      ),

    cancelRun: ({ subscriptionId, resourceGroup, name }, runId, signal) =>
      callAzure(async () => {
        const { runs } = clients.registries(subscriptionId);
        await untilAccepted((onResponse) =>
          runs.beginCancel(resourceGroup, name, runId, { onResponse, ...abortable(signal) }),
        );
      }),

    getLogUrl: ({ subscriptionId, resourceGroup, name }, runId, signal) =>
      withoutSecrets(
        callAzure(async () =>
          logUrlOf(
            await clients.registries(subscriptionId).runs.getLogSasUrl(resourceGroup, name, runId, abortable(signal)),
            runId,
          ),
        ),
      ),

    readLog: (logUrl, fromByte, maxBytes, signal) => logBlobs.read(logUrl, fromByte, maxBytes, signal),

    ...createAcrDataPlane(clients),
  };
}

/**
 * Sends a request that the SDK follows up with a look at how it is getting on. From Azure's acceptance on nothing that goes
 * wrong can be told as a refusal: what was asked for happens. Undefined then, as when Azure says nothing about the result.
 */
async function untilAccepted<T>(
  send: (onResponse: (response: { readonly status: number }) => void) => Promise<T>,
): Promise<T | undefined> {
  let isAccepted = false;
  try {
    return await send(({ status }) => {
      isAccepted ||= status < 300;
    });
  } catch (error) {
    if (isAccepted) return undefined;
    throw error;
  }
}

function logUrlOf(found: RunGetLogResult, runId: string): string {
  const url = found.logLink ?? found.logArtifactLink;
  if (url !== undefined && url !== "") return url;
  throw new AzureError({
    kind: "unknown",
    body: { code: "NoLogLink", message: `Azure gave no address for the log of run ${runId}.` },
  });
}

/** An answer that can't be read is quoted by the SDK, and this one holds a signed address. */
async function withoutSecrets<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AzureError) || error.status !== undefined || !error.message.includes("sig=")) throw error;
    const message = "Azure's answer with the address of a build's log can't be read.";
    // The cause is left out on purpose: it is what quotes the answer.
    throw new AzureError({ kind: error.kind, body: { code: error.code, message } });
  }
}

/** Undefined for what has no name, which no answer should hold. */
function toRegistry(subscriptionId: string, found: ArmRegistry): Registry | undefined {
  const id = tryParseArmId(found.id ?? "");
  if (!id || found.id === undefined) return undefined;
  const name = found.name ?? id.name;
  return {
    armId: found.id,
    subscriptionId,
    resourceGroup: id.resourceGroup,
    name,
    location: found.location,
    loginServer: found.loginServer ?? `${name.toLowerCase()}.azurecr.io`,
    sku: found.sku.name,
  };
}

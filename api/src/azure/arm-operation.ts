import type { ArmOperationLook, ArmOperationState, SubmittedArmOperation } from "../clusters/aks-gateway.ts";
import { tryParseErrorText, withoutSecrets } from "../shared/azure-error-body.ts";
import { UntrustedOperationError } from "../shared/azure-error.ts";
import type { AzureErrorBody } from "../shared/azure-error.ts";
import { correlationIdOf, toAzureError } from "./arm-errors.ts";
import { withExchanges } from "./exchange-recording.ts";
import type { Exchange } from "./exchange-recording.ts";
import { assertTrustedUrl } from "./trusted-host.ts";

/**
 * What is used of the SDK's pollers. A poller is a thenable: awaiting it, or returning it from an async function, polls until
 * the operation has ended. So it is passed on by functions that return it as it is, and by nothing else.
 */
export interface ArmPoller {
  submitted(): Promise<void>;
  serialize(): Promise<string>;
  poll(options?: { abortSignal?: AbortSignal }): Promise<unknown>;
  readonly operationState: { readonly status: string } | undefined;
}

/** Sends the request that starts an operation, and returns once Azure has accepted it. */
export function submitOperation(start: () => ArmPoller): Promise<SubmittedArmOperation> {
  return withExchanges(async (exchanges) => {
    try {
      const poller = start();
      await poller.submitted();
      const accepted = exchanges.at(-1);
      const correlationId = correlationIdOf(accepted);
      const operationId = operationIdOf(accepted);
      return {
        state: await poller.serialize(),
        ...(correlationId !== undefined && { correlationId }),
        ...(operationId !== undefined && { operationId }),
      };
    } catch (error) {
      throw toAzureError(error, exchanges.at(-1));
    }
  });
}

/** The last segment of the address at which an operation can be asked, `…/operations/<id>` or `…/operationresults/<id>`. */
function operationIdOf(accepted: Exchange | undefined): string | undefined {
  const address = accepted?.headers?.get("azure-asyncoperation") ?? accepted?.headers?.get("location");
  if (address === undefined || !URL.canParse(address)) return undefined;
  return /\/operation[a-z]*\/([^/]+)$/i.exec(new URL(address).pathname)?.[1];
}

/**
 * One look. A poller that has met an error is dead and one that is aborted as well, so each look restores its own from the
 * stored state, which stays good whatever becomes of the look.
 */
export async function lookAtOperation(
  state: ArmOperationState,
  restore: (state: ArmOperationState) => ArmPoller,
  signal?: AbortSignal,
): Promise<ArmOperationLook> {
  const stored = parseState(state);
  // Azure had already said so when the operation was submitted: there is nothing to poll.
  if (stored.status === "succeeded" || stored.status === "canceled") return { status: stored.status };

  return withExchanges(async (exchanges) => {
    const poller = restore(state);
    let pollError: unknown;
    try {
      await poll(poller, signal);
    } catch (error) {
      pollError = error;
    }
    const verdict = verdictOf(poller, exchanges[0], pollError);
    if (verdict) return verdict;
    if (pollError !== undefined) throw toAzureError(pollError, exchanges.at(-1));
    const next = await poller.serialize();
    // Azure's answer may have moved the operation to another address: a bad one must not replace the good one that is stored.
    parseState(next);
    return { status: "running", state: next };
  });
}

async function poll(poller: ArmPoller, signal: AbortSignal | undefined): Promise<void> {
  await poller.poll(signal ? { abortSignal: signal } : {});
}

/** What Azure said of the operation, also where the SDK failed later (it reads the finished resource) or said less. */
function verdictOf(
  poller: ArmPoller,
  exchange: Exchange | undefined,
  pollError: unknown,
): ArmOperationLook | undefined {
  if (exchange?.status === undefined || exchange.status >= 400) return undefined;
  // A poller that has met an error calls the operation failed, whatever the error was.
  const pollerStatus = pollError === undefined ? poller.operationState?.status : undefined;
  switch (statusIn(exchange.bodyText) ?? pollerStatus) {
    case "succeeded":
      return { status: "succeeded" };
    case "canceled":
      return { status: "canceled" };
    case "failed":
      return { status: "failed", error: causeOf(exchange.bodyText, pollError) };
    default:
      return undefined;
  }
}

/**
 * The status of an operation, or of a resource that is polled itself because Azure named no operation.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations#azure-asyncoperation-request-and-response
 */
function statusIn(bodyText: string | undefined): string | undefined {
  try {
    const body = JSON.parse(bodyText ?? "null") as {
      status?: unknown;
      properties?: { provisioningState?: unknown };
    } | null;
    const status = body?.status ?? body?.properties?.provisioningState;
    return typeof status === "string" ? status.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}

function causeOf(bodyText: string | undefined, pollError: unknown): AzureErrorBody {
  const body = bodyText === undefined ? undefined : tryParseErrorText(bodyText);
  if (body) return body;
  const message = pollError instanceof Error ? pollError.message : "The operation failed and Azure gives no reason.";
  return withoutSecrets({ code: "OperationFailed", message });
}

interface StoredState {
  readonly status: unknown;
}

/** @throws UntrustedOperationError when the state names an address that is not Azure's, or none at all. */
function parseState(state: ArmOperationState): StoredState {
  let parsed: { state?: { status?: unknown; config?: Record<string, unknown> } };
  try {
    parsed = JSON.parse(state) as typeof parsed;
  } catch (error) {
    throw new UntrustedOperationError("The stored state of an Azure operation can't be read.", { cause: error });
  }
  const config = parsed?.state?.config;
  // What Azure has done at once (204) has no address, and nothing is going to be asked of one.
  if (parsed?.state?.status === "succeeded" && config?.["initialRequestUrl"] === undefined)
    return { status: "succeeded" };
  if (typeof config !== "object" || config === null || typeof config["initialRequestUrl"] !== "string") {
    throw new UntrustedOperationError("The stored state of an Azure operation names no address.");
  }
  for (const name of ["initialRequestUrl", "operationLocation", "resourceLocation"]) {
    const url = config[name];
    if (url !== undefined && url !== null) assertTrustedUrl(String(url));
  }
  return { status: parsed.state?.status };
}

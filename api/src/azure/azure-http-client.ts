import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { recordExchange } from "./exchange-recording.ts";
import type { RateLimits } from "./rate-limits.ts";
import { requestOperation } from "./request-operation.ts";
import { assertTrustedUrl } from "./trusted-host.ts";

/** One request to Azure, for metrics. */
export interface AzureRequestFacts {
  /** `GET microsoft.containerservice/managedclusters`; nobody's names in it. */
  readonly operation: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly durationMs: number;
  /** `x-ms-request-id` and `x-ms-correlation-request-id`, what Azure support asks for; undefined when none came. */
  readonly requestId?: string | undefined;
  readonly correlationId?: string | undefined;
}

export interface AzureHttpClientDeps {
  /** Makes the connection. */
  readonly transport: HttpClient;
  readonly rateLimits: RateLimits;
  readonly onRequest: (facts: AzureRequestFacts) => void;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}

// ARM itself answers within 60 s or gives up; without a bound a silent connection would hold its caller for ever.
const REQUEST_TIMEOUT_MS = 90_000;
const LONGEST_KEPT_BODY = 64 * 1024;

/**
 * The end of each client's pipeline, after sign-in, redirects and retries, where nothing can add a request behind our back:
 * refuses foreign hosts, counts, and records what the SDK is going to lose.
 */
export function createAzureHttpClient(deps: AzureHttpClientDeps): HttpClient {
  return {
    async sendRequest(request) {
      assertTrustedUrl(request.url);
      if (request.timeout === 0) request.timeout = REQUEST_TIMEOUT_MS;
      const { method, url } = request;
      const startMs = deps.monotonicMs();
      let status: number | undefined;
      let ids: Pick<AzureRequestFacts, "requestId" | "correlationId"> = {};
      try {
        const response = await deps.transport.sendRequest(request);
        status = response.status;
        const headers = new Map(response.headers);
        ids = idsOf(response);
        deps.rateLimits.observe(url, headers);
        recordExchange({ method, url, status, headers, ...keptBody(response) });
        return response;
      } catch (failure) {
        recordExchange({ method, url, failure, timedOut: isTimeout(request, failure) });
        throw failure;
      } finally {
        deps.onRequest({
          operation: `${method} ${requestOperation(url)}`,
          status,
          durationMs: deps.monotonicMs() - startMs,
          ...ids,
        });
      }
    },
  };
}

function idsOf({ headers }: PipelineResponse): Pick<AzureRequestFacts, "requestId" | "correlationId"> {
  return {
    requestId: idIn(headers.get("x-ms-request-id")),
    correlationId: idIn(headers.get("x-ms-correlation-request-id")),
  };
}

/** Ids go into logs and traces as they are: whatever else stands there does not. */
function idIn(value: string | undefined): string | undefined {
  return value !== undefined && /^[-\w.:]{1,128}$/.test(value) ? value : undefined;
}

function keptBody(response: PipelineResponse): { bodyText?: string } {
  const text = response.bodyAsText;
  if (!text || (response.status < 400 && text.length > LONGEST_KEPT_BODY)) return {};
  return { bodyText: text };
}

/** The transport reports both the caller's abort and its own time-out as an AbortError. */
function isTimeout(request: PipelineRequest, failure: unknown): boolean {
  return failure instanceof Error && failure.name === "AbortError" && request.abortSignal?.aborted !== true;
}

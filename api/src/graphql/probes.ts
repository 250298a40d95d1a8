import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { MetricsAccess } from "../config/config.ts";
import type { Health } from "../observability/health.ts";
import { createMetricsGuard } from "../observability/metrics-guard.ts";
import { answer } from "./http-answer.ts";
import { requestPath, WRONG_HOST, type RequestGate } from "./request-gate.ts";

/** What monitoring asks of any process. */
export interface Probes {
  /** Resolves to false, having answered nothing, when the path is none of theirs. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export interface ProbesOptions {
  readonly health: Health;
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
  readonly metricsAccess: MetricsAccess;
}

export function createProbes({ health, metrics, metricsAccess }: ProbesOptions): Probes {
  const refuseMetrics = createMetricsGuard(metricsAccess);
  return {
    async handle(request, response) {
      switch (requestPath(request)) {
        case "/healthz":
          answer(response, 200, "ok");
          return true;
        case "/readyz": {
          const readiness = await health.readiness();
          answer(response, readiness.ready ? 200 : 503, JSON.stringify(readiness), "application/json");
          return true;
        }
        case "/metrics": {
          const refusal = refuseMetrics(request.headers.authorization);
          if (refusal !== undefined) answer(response, 401, refusal);
          else answer(response, 200, await metrics.metrics(), metrics.contentType);
          return true;
        }
        default:
          return false;
      }
    },
  };
}

/** The server of a process that runs jobs and answers nobody else. The caller listens and closes. */
export function createProbeServer(options: {
  readonly probes: Probes;
  readonly gate: RequestGate;
  readonly onDefect: (error: unknown) => void;
}): Server {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!options.gate.isHostAllowed(request)) return answer(response, 421, WRONG_HOST);
    if (await options.probes.handle(request, response)) return;
    answer(
      response,
      404,
      "This process runs jobs (SLIPWAY_ROLE is worker): /healthz, /readyz and /metrics are all it has.",
    );
  }
  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onDefect(error);
      if (!response.headersSent) answer(response, 500, "Something went wrong in Slipway.");
      else response.destroy();
    });
  });
}

import type { IncomingMessage, Server } from "node:http";
import operations from "../../operations.json" with { type: "json" };
import { createActivityExport } from "./activity/activity-export.ts";
import { joinAuthentication } from "./app-authentication.ts";
import { createMetricsPage, type Meters } from "./app-metrics.ts";
import { rightsOf } from "./auth/viewer.ts";
import type { AzureGateways } from "./azure/azure-gateways.ts";
import type { Config } from "./config/config.ts";
import type { GraphQLContext, Services } from "./context.ts";
import { clientAddress } from "./graphql/client-address.ts";
import { createConnectionLimits } from "./graphql/connection-limits.ts";
import { documentLimits } from "./graphql/document-limits.ts";
import { createHttpServer } from "./graphql/http-server.ts";
import { createKnownDocuments } from "./graphql/known-documents.ts";
import { createLiveGroups } from "./graphql/live-groups/live-groups.ts";
import { createErrorMask } from "./graphql/mask-error.ts";
import { mutationRate } from "./graphql/mutation-rate.ts";
import { operationObserver } from "./graphql/operation-observer.ts";
import { operationTrace, type AroundOperation } from "./graphql/operation-trace.ts";
import { createProbes, createProbeServer } from "./graphql/probes.ts";
import { refusalRecord } from "./graphql/refusal-record.ts";
import { createRequestGate } from "./graphql/request-gate.ts";
import { eventStreamCount } from "./graphql/subscriber-count.ts";
import { attachWebSocket, type GraphQLWebSocket } from "./graphql/websocket.ts";
import { createSlipwayYoga } from "./graphql/yoga.ts";
import type { JobRecord } from "./jobs/job.ts";
import { createHealth, type Health, type ReadinessCheck } from "./observability/health.ts";
import type { Logger } from "./observability/logger.ts";
import type { Metrics } from "./observability/metrics.ts";
import type { ListingRequests } from "./registry/listing-requests.ts";
import { createRegistryWebhook } from "./registry/registry-webhook.ts";
import { schema } from "./schema.ts";
import type { Clock } from "./shared/clock.ts";
import type { EntityStore } from "./storage/entity-store.ts";

const WEBHOOK_STATUS = { accepted: 202, unauthorized: 401, unreadable: 400, "unknown registry": 404 } as const;

/** Joins what stands between the services and whoever asks: limits, sign-in, GraphQL over HTTP and WebSocket, probes, metrics. */
export function joinEdge(deps: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly services: Services;
  readonly store: EntityStore;
  readonly gateways: AzureGateways;
  readonly metrics: Metrics;
  readonly meters: Meters;
  readonly aroundOperation: AroundOperation;
  readonly listJobs: () => Promise<readonly JobRecord[]>;
  readonly listingRequests: ListingRequests;
  readonly checks: readonly ReadinessCheck[];
  /** False: probes and metrics alone are answered. */
  readonly answersPeople: boolean;
}): { readonly server: Server; readonly webSocket: GraphQLWebSocket | undefined; readonly health: Health } {
  const { config, clock, log, services, store, metrics, meters } = deps;
  const { activity, registries } = services;
  const maskError = createErrorMask({ log, onUnexpected: () => metrics.unexpectedErrors.inc() });
  const addressOf = (request: IncomingMessage): string => clientAddress(request, config.trustedProxies);
  const onRefusal = (code: string): void => metrics.refusals.inc({ code });
  const documents = createKnownDocuments({ operations, free: config.freeDocuments, onRefusal });
  const yoga = createSlipwayYoga({
    schema,
    createContext: (facts) => ({ ...facts, services }),
    allowedOrigins: config.api.allowedOrigins,
    maskError,
    limits: [
      documents.plugin,
      refusalRecord(activity.refused),
      documentLimits(config.documentLimits, onRefusal),
      mutationRate(config.mutationsPerMinute, onRefusal, activity.refused),
      operationObserver(meters.onOperation, clock.monotonicMs),
      eventStreamCount(meters.onSubscriber),
      operationTrace(deps.aroundOperation),
    ],
    hasPlayground: config.documentLimits.isIntrospectionOn,
  });
  const gate = createRequestGate({
    allowedHosts: config.api.allowedHosts,
    allowedOrigins: [...config.api.allowedOrigins, config.api.publicUrl],
  });
  const health = createHealth(deps.checks);
  const { acrWebhookSecret: secret } = config;
  const webhook =
    secret === undefined
      ? undefined
      : createRegistryWebhook({ secret, registries, listingRequests: deps.listingRequests });
  const limits = createConnectionLimits({
    settings: config.connectionLimits,
    onRefusal,
    onCount: (connections) => metrics.liveConnections.set(connections),
  });
  const { authentication, signIn } = joinAuthentication({ config, store, clock, log, activity, addressOf, onRefusal });
  const groups = createLiveGroups({
    rightsOf: (context) => rightsOf((context as GraphQLContext).viewer),
    maskError,
    onDelivered: meters.onDelivered,
  });
  const metricsPage = createMetricsPage(metrics, {
    listJobs: deps.listJobs,
    rateLimits: deps.gateways.rateLimits,
    groupCount: groups.groupCount,
    pingStore: () => store.ping(),
    clock,
  });
  const probes = createProbes({ health, metrics: metricsPage, metricsAccess: config.metricsAccess });
  const onDefect = (error: unknown): void => void maskError(error);
  if (!deps.answersPeople)
    return { server: createProbeServer({ probes, gate, onDefect }), webSocket: undefined, health };
  const server = createHttpServer({
    yoga,
    authentication,
    signIn,
    addressOf,
    activityExport: createActivityExport(activity),
    onDefect,
    limits,
    requestSeconds: config.requestSeconds,
    probes,
    gate,
    onRegistryNotification:
      webhook && (async (authorization, body) => WEBHOOK_STATUS[await webhook.receive(authorization, body)]),
  });
  const webSocket = attachWebSocket({
    server,
    yoga,
    isAllowed: (request) => gate.isHostAllowed(request) && gate.isOriginAllowed(request),
    authentication,
    limits,
    documents,
    addressOf,
    onRefused: activity.refused,
    groups,
    onSubscriber: meters.onSubscriber,
    clock,
    onDefect,
  });
  return { server, webSocket, health };
}

import type { Agenda, AgendaEntry } from "./agenda.ts";
import type { AsyncOperations } from "./async-operations.ts";
import type { BuildSources } from "./providers/containerregistry/build-sources.ts";
import type { ImageStore } from "./providers/containerregistry/image-store.ts";
import type { RunStore } from "./providers/containerregistry/run-store.ts";
import type { WebhookEvents } from "./providers/containerregistry/webhook-events.ts";
import type { ResourceStore } from "./resource-store.ts";
import type { Scenario, Scenarios } from "./scenarios.ts";
import type { RateLimit } from "./throttle.ts";

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export type JsonObject = { [name: string]: JsonValue };

/**
 * Everything a handler may read or change. All of it is one SQLite database: a handler runs inside
 * one transaction that also writes the request log, and its reply is sent after the commit. A handler
 * that throws has changed nothing.
 */
export type World = {
  /** Virtual milliseconds: the instant of the request in hand, or of the agenda entry that came due. */
  now(): number;
  readonly resources: ResourceStore;
  readonly operations: AsyncOperations;
  readonly agenda: Agenda;
  readonly scenarios: Scenarios;
  /** What registries hold. */
  readonly images: ImageStore;
  /** Runs of ACR Tasks. */
  readonly runs: RunStore;
  readonly buildSources: BuildSources;
  readonly webhookEvents: WebhookEvents;
};

export type ArmRequest = {
  readonly method: string;
  /** The path without the query and with doubled slashes removed. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Segments of the path that the template names, decoded, in the caller's own case. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body; `undefined` when the request has none. Not validated. Outside ARM, the body as text. */
  readonly body: unknown;
  /** Length of the body as it was sent, also of one that is no text. */
  readonly bodyBytes: number;
  /**
   * What every URL handed out starts with: `https://<x-emu-host>` when the caller names the host it
   * means to talk to (the Azure SDK sends no bearer token over plain HTTP), else this server's own address.
   */
  readonly baseUrl: string;
  /** This server's own address as the caller reached it, over plain HTTP: for URLs that carry their own signature. */
  readonly serverUrl: string;
};

export type ArmReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; left out, the reply has no body. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`; its type is one of the headers. */
  readonly content?: string | Uint8Array;
};

export type Route = {
  readonly method: "GET" | "HEAD" | "PUT" | "PATCH" | "POST" | "DELETE";
  /**
   * A path with `{name}` for one segment and `{scope*}` for one or more, e.g.
   * `/{scope*}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}`.
   * Compared without regard to case. When several match, the one with more literal segments wins.
   */
  readonly path: string;
  /** The name that faults and their documentation use, e.g. `managedClusters.get`. */
  readonly operation: string;
  /** Limits of the resource provider itself, on top of ARM's own per subscription. */
  readonly limits?: readonly RateLimit[];
  /**
   * False for routes that are no ARM routes (the token endpoint, a registry's data plane, blobs): no bearer
   * token, no api-version and no ARM limits apply, and the body is not parsed. @default true
   */
  readonly isArm?: boolean;
  /** What the service answers when a fault throttles it; left out, ARM's own 429. */
  readonly tooManyRequests?: (retryAfterSeconds: number) => ArmReply;
  /**
   * False when the handler looks after a missing resource group by itself. Otherwise a path with
   * `{resourceGroupName}` is answered ResourceGroupNotFound by ARM before the provider hears of it. @default true
   */
  readonly requiresResourceGroup?: boolean;
  /** Refusals are thrown as `ArmError` (arm-errors.ts). */
  handle(request: ArmRequest, world: World): ArmReply;
};

/** One Azure resource provider: what it answers, and what it does when time has passed. */
export type Provider = {
  readonly namespace: string;
  /** Resource types of the namespace, for `GET providers/{namespace}` and for unknown paths. */
  readonly resourceTypes: readonly string[];
  readonly routes: readonly Route[];
  /** By agenda kind; called with `world.now()` standing at the entry's due time. */
  readonly agenda?: Readonly<Record<string, (entry: AgendaEntry, world: World) => void>>;
  /** Called when a scenario is set, for those that touch what is there already. */
  onScenario?(scenario: Scenario, world: World): void;
};

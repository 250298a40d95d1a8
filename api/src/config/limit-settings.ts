/** How much one API process lets others hold open. 0 sets no limit. */
export interface ConnectionLimitSettings {
  /** WebSockets and server-sent event streams of everybody together. */
  readonly connections: number;
  /** WebSockets and event streams of one address, also before it is known whose they are. */
  readonly connectionsPerAddress: number;
  /** WebSockets of one user. */
  readonly connectionsPerUser: number;
  /** Operations that run over one WebSocket at a time. */
  readonly operationsPerConnection: number;
  /** Messages of a client over one WebSocket. */
  readonly messagesPerSecond: number;
}

/** What one GraphQL document may ask for. 0 sets no limit. */
export interface DocumentLimitSettings {
  readonly depth: number;
  /** Fields of an operation, its fragments spread out. */
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Words and signs, before anything is parsed. */
  readonly tokens: number;
  readonly bytes: number;
  /** Whether the schema can be asked for, which the playground does. */
  readonly isIntrospectionOn: boolean;
}

/** Who may send documents that are not the web UI's own. */
export type FreeDocuments = "everybody" | "admins" | "nobody";

export interface LimitSettings {
  readonly connectionLimits: ConnectionLimitSettings;
  readonly documentLimits: DocumentLimitSettings;
  readonly freeDocuments: FreeDocuments;
  /** Of one user; 0 sets no limit. */
  readonly mutationsPerMinute: number;
  /** How long a client may take to send one request. */
  readonly requestSeconds: number;
  /** Bad credentials of one address. */
  readonly signInFailuresPerMinute: number;
  /** Proxies of ours before Slipway, whose word on where a request comes from is believed. */
  readonly trustedProxies: number;
}

interface Settings {
  readonly SLIPWAY_MAX_CONNECTIONS?: number;
  readonly SLIPWAY_MAX_CONNECTIONS_PER_ADDRESS?: number;
  readonly SLIPWAY_MAX_CONNECTIONS_PER_USER?: number;
  readonly SLIPWAY_MAX_OPERATIONS_PER_CONNECTION?: number;
  readonly SLIPWAY_MAX_MESSAGES_PER_SECOND?: number;
  readonly SLIPWAY_MAX_MUTATIONS_PER_MINUTE?: number;
  readonly SLIPWAY_MAX_REQUEST_SECONDS?: number;
  readonly SLIPWAY_MAX_SIGN_IN_FAILURES_PER_MINUTE?: number;
  readonly SLIPWAY_TRUSTED_PROXIES?: number;
  readonly SLIPWAY_MAX_DEPTH?: number;
  readonly SLIPWAY_MAX_FIELDS?: number;
  readonly SLIPWAY_MAX_ALIASES?: number;
  readonly SLIPWAY_MAX_DIRECTIVES?: number;
  readonly SLIPWAY_MAX_TOKENS?: number;
  readonly SLIPWAY_MAX_DOCUMENT_BYTES?: number;
  readonly SLIPWAY_INTROSPECTION?: "on" | "off";
  readonly SLIPWAY_FREE_DOCUMENTS?: FreeDocuments;
}

/** Limits of a user or an address are off without sign-in, where everybody is one user; the schema is shown on this machine only. */
export function readLimits(
  settings: Settings,
  { isLoopback, hasSignIn }: { readonly isLoopback: boolean; readonly hasSignIn: boolean },
): LimitSettings {
  return {
    connectionLimits: {
      connections: settings.SLIPWAY_MAX_CONNECTIONS ?? 20_000,
      connectionsPerAddress: settings.SLIPWAY_MAX_CONNECTIONS_PER_ADDRESS ?? (hasSignIn ? 2_000 : 0),
      connectionsPerUser: settings.SLIPWAY_MAX_CONNECTIONS_PER_USER ?? (hasSignIn ? 200 : 0),
      operationsPerConnection: settings.SLIPWAY_MAX_OPERATIONS_PER_CONNECTION ?? 1_000,
      messagesPerSecond: settings.SLIPWAY_MAX_MESSAGES_PER_SECOND ?? (hasSignIn ? 1_000 : 0),
    },
    documentLimits: {
      depth: settings.SLIPWAY_MAX_DEPTH ?? 12,
      fields: settings.SLIPWAY_MAX_FIELDS ?? 1_000,
      aliases: settings.SLIPWAY_MAX_ALIASES ?? 50,
      directives: settings.SLIPWAY_MAX_DIRECTIVES ?? 50,
      tokens: settings.SLIPWAY_MAX_TOKENS ?? 5_000,
      bytes: settings.SLIPWAY_MAX_DOCUMENT_BYTES ?? 65_536,
      isIntrospectionOn: (settings.SLIPWAY_INTROSPECTION ?? (isLoopback ? "on" : "off")) === "on",
    },
    freeDocuments: settings.SLIPWAY_FREE_DOCUMENTS ?? "everybody",
    mutationsPerMinute: settings.SLIPWAY_MAX_MUTATIONS_PER_MINUTE ?? (hasSignIn ? 100 : 0),
    requestSeconds: settings.SLIPWAY_MAX_REQUEST_SECONDS ?? 30,
    signInFailuresPerMinute: settings.SLIPWAY_MAX_SIGN_IN_FAILURES_PER_MINUTE ?? (hasSignIn ? 100 : 0),
    trustedProxies: settings.SLIPWAY_TRUSTED_PROXIES ?? 0,
  };
}

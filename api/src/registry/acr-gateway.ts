import type { AcrRun, AcrRunRequest } from "./builds/acr-run.ts";
import type { AcrTag, Registry } from "./registry.ts";

/** A page of repository names, in Azure's order. `after` continues behind it; undefined after the last. */
export interface RepositoryNamePage {
  readonly names: readonly string[];
  readonly after: string | undefined;
}

/** The newest tags of a repository, and how many it has in all. */
export interface RepositoryTags {
  readonly tags: readonly AcrTag[];
  readonly tagCount: number;
}

/** What one read of a build's log gave. Blobs of ACR only grow, unless Azure replaces them (`etag` and length tell). */
export type LogChunk =
  | { readonly kind: "missing" }
  | {
      readonly kind: "chunk";
      readonly bytes: Uint8Array;
      /** Length of the whole blob at this moment. */
      readonly totalBytes: number;
      /** Changes with every append; a blob that was replaced is also shorter, or new. */
      readonly createdOn: string | undefined;
      /** No line will follow what the blob has now. */
      readonly isComplete: boolean;
    };

/** PORT: what Slipway needs from Azure Container Registry. Rejects with `AzureError`; makes each request once. */
export interface AcrGateway {
  listRegistries(subscriptionId: string, signal?: AbortSignal): Promise<readonly Registry[]>;

  /**
   * Asks for a build and takes the run id from the initial response, without waiting for the run. Undefined when Azure's
   * answer named none. Never retried: a repeated request is a second build, so a `lost-reply` is for the caller to resolve.
   */
  scheduleRun(registry: Registry, request: AcrRunRequest, signal?: AbortSignal): Promise<string | undefined>;
  /** The newest runs, whoever started them, at most `limit` (one page of at most 100). */
  listRuns(registry: Registry, limit: number, signal?: AbortSignal): Promise<readonly AcrRun[]>;
  /** Undefined when Azure knows no such run. */
  getRun(registry: Registry, runId: string, signal?: AbortSignal): Promise<AcrRun | undefined>;
  /** Asks for the run to be canceled. Rejects with kind `conflict` when it has ended already. */
  cancelRun(registry: Registry, runId: string, signal?: AbortSignal): Promise<void>;
  /** A short-lived signed address of the run's log. A secret: never logged, stored or shown. */
  getLogUrl(registry: Registry, runId: string, signal?: AbortSignal): Promise<string>;
  /** Reads the log from `fromByte` on, at most `maxBytes`. Kind `forbidden` when the address has expired: ask for a new one. */
  readLog(logUrl: string, fromByte: number, maxBytes: number, signal?: AbortSignal): Promise<LogChunk>;

  /** Data plane. `after` is a name, itself excluded. */
  listRepositoryNames(
    registry: Registry,
    after: string | undefined,
    limit: number,
    signal?: AbortSignal,
  ): Promise<RepositoryNamePage>;
  /** Data plane; newest first. Undefined when the repository is gone. */
  listTags(
    registry: Registry,
    repository: string,
    limit: number,
    signal?: AbortSignal,
  ): Promise<RepositoryTags | undefined>;
}

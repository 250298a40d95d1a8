import { join } from "node:path";
import { AzureNamedKeyCredential, AzureSASCredential } from "@azure/core-auth";
import type { NamedKeyCredential, SASCredential, TokenCredential } from "@azure/core-auth";
import type { StoreSettings } from "../config/config.ts";
import type { Clock } from "../shared/clock.ts";
import type { EntityStore } from "./entity-store.ts";
import { createSqliteEntityStore } from "./sqlite-entity-store.ts";
import { createStorageMessageQueue, type StorageMessageQueue } from "./storage-message-queue.ts";
import { createTableEntityStore } from "./table-entity-store.ts";

/**
 * The store that the settings name. Tables are not asked here: an account that can't be reached shows in `ping`.
 * @throws StoreUnavailableError when the embedded database can't be opened.
 */
export function openEntityStore(deps: {
  readonly settings: StoreSettings;
  /** Of the embedded database. */
  readonly dataDir: string;
  readonly clock: Clock;
  /** 0 to below 1. */
  readonly random: () => number;
  /** Called when the settings ask for this machine's identity. */
  readonly createCredential: () => TokenCredential;
}): EntityStore {
  const { settings, dataDir, clock, random } = deps;
  if (settings.kind === "embedded") return createSqliteEntityStore({ path: join(dataDir, "slipway.sqlite") });
  const credential = toCredential(settings.credential, deps.createCredential);
  return createTableEntityStore({ endpoint: settings.endpoint, credential, clock, random });
}

/** The queue of that name beside the store; undefined where the settings tell of none. It is not asked here either. */
export function openMessageQueue(deps: {
  readonly settings: StoreSettings;
  readonly name: string;
  readonly createCredential: () => TokenCredential;
}): StorageMessageQueue | undefined {
  const { settings, name } = deps;
  if (settings.kind === "embedded" || settings.queueEndpoint === undefined) return undefined;
  const credential = toCredential(settings.credential, deps.createCredential);
  return createStorageMessageQueue({ endpoint: settings.queueEndpoint, credential, name });
}

function toCredential(
  settings: Extract<StoreSettings, { kind: "tables" }>["credential"],
  createCredential: () => TokenCredential,
): NamedKeyCredential | SASCredential | TokenCredential {
  switch (settings.kind) {
    case "key":
      return new AzureNamedKeyCredential(settings.accountName, settings.accountKey);
    case "signature":
      return new AzureSASCredential(settings.sharedAccessSignature);
    case "identity":
      return createCredential();
  }
}

import type { NamedKeyCredential, SASCredential, TokenCredential } from "@azure/core-auth";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { odata, TableClient } from "@azure/data-tables";
import packageJson from "../../package.json" with { type: "json" };
import type { Clock } from "../shared/clock.ts";
import {
  checkEntity,
  checkKey,
  checkRange,
  checkTableName,
  checkTransaction,
  MAX_PAGE_ENTITIES,
} from "./entity-limits.ts";
import type {
  EntityChange,
  EntityKey,
  EntityPage,
  EntityRange,
  EntityStore,
  EntityTable,
  StoredEntity,
} from "./entity-store.ts";
import { decodeContinuation, encodeContinuation } from "./table-continuation.ts";
import { fromTableValues, toTableValues } from "./table-entity-codec.ts";
import { isMissingEntity, isMissingTable, TableRefusal, toRefusal, toStoreError } from "./table-refusal.ts";
import { createTableRequests } from "./table-requests.ts";
import type { TableRequestPolicy, TableRequests } from "./table-requests.ts";
import { sendTransaction, TransactionRefusal } from "./table-transaction.ts";

/**
 * State: none but a client for each table; the service holds everything, and any number of processes may share it. A table is
 * made when the first write finds it missing, so one that was deleted meanwhile comes back too; until then it reads as empty.
 *
 * The service orders row keys "lexically" and doesn't say how it orders beyond ASCII
 * (https://learn.microsoft.com/rest/api/storageservices/query-entities); Azurite orders by UTF-16 code units. Pages follow the
 * service's order, so each row comes once either way; row keys whose order matters are ASCII.
 */
export interface TableEntityStoreOptions {
  /** `https://<account>.table.core.windows.net`, or Azurite's with the account in its path; no trailing slash. */
  readonly endpoint: string;
  readonly credential: NamedKeyCredential | SASCredential | TokenCredential;
  readonly clock: Clock;
  /** 0 to below 1, for the waits between tries. */
  readonly random: () => number;
  readonly policy?: TableRequestPolicy;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
// A table of its own: `ping` proves that a write works, not that work can be read.
const PING_TABLE = "slipwayping";

/** @throws RangeError when `endpoint` is neither https nor on this machine: keys and data must not travel in the clear. */
export function createTableEntityStore(options: TableEntityStoreOptions): EntityStore {
  const place = checkedPlace(options.endpoint);
  const requests = createTableRequests({ ...options, place });
  const httpClient = createDefaultHttpClient();
  const tables = new Map<string, EntityTable>();
  const pingTable = createClient(options, PING_TABLE, httpClient);

  return {
    table(name) {
      checkTableName(name);
      // The service doesn't tell `Jobs` from `jobs`; people find all our tables in lower case.
      const tableName = name.toLowerCase();
      const table =
        tables.get(tableName) ?? createTable(createClient(options, tableName, httpClient), httpClient, requests, place);
      tables.set(tableName, table);
      return table;
    },
    async ping() {
      const entity = { partitionKey: "ping", rowKey: "ping", at: new Date(options.clock.now()) };
      const write = creatingTable(pingTable, (abortSignal) =>
        pingTable.upsertEntity(entity, "Replace", { abortSignal }),
      );
      await requests.run(write, { maxTries: 1 }).catch(throwStoreError(place));
    },
    close: () => requests.close(),
  };
}

function createTable(client: TableClient, httpClient: HttpClient, requests: TableRequests, place: string): EntityTable {
  const write = async (key: EntityKey, send: Send<{ etag?: string }>): Promise<string> => {
    const { etag } = await requests.run(creatingTable(client, send)).catch(throwStoreError(place, key));
    return etagOf(etag);
  };

  return {
    async get(key) {
      checkKey(key);
      try {
        return await requests.run(async (abortSignal) =>
          toStoredEntity(
            await client.getEntity(key.partitionKey, key.rowKey, { abortSignal, disableTypeConversion: true }),
          ),
        );
      } catch (error) {
        if (error instanceof TableRefusal && isMissingEntity(error)) return undefined;
        return throwStoreError(place)(error);
      }
    },
    async insert(entity) {
      checkEntity(entity);
      const row = { ...toTableValues(entity.properties), partitionKey: entity.partitionKey, rowKey: entity.rowKey };
      return write(entity, (abortSignal) => client.createEntity(row, { abortSignal }));
    },
    async replace(entity, etag) {
      checkEntity(entity);
      const row = { ...toTableValues(entity.properties), partitionKey: entity.partitionKey, rowKey: entity.rowKey };
      const replaced = await requests
        .run((abortSignal) => client.updateEntity(row, "Replace", { abortSignal, etag }))
        .catch(throwStoreError(place, entity));
      return etagOf(replaced.etag);
    },
    async upsert(entity) {
      checkEntity(entity);
      const row = { ...toTableValues(entity.properties), partitionKey: entity.partitionKey, rowKey: entity.rowKey };
      return write(entity, (abortSignal) => client.upsertEntity(row, "Replace", { abortSignal }));
    },
    async delete(key, etag) {
      checkKey(key);
      await requests
        .run((abortSignal) =>
          client.deleteEntity(key.partitionKey, key.rowKey, { abortSignal, ...(etag !== undefined && { etag }) }),
        )
        .catch(throwStoreError(place, key));
    },
    async list(range) {
      checkRange(range);
      const query = toQuery(range);
      try {
        return await requests.run((signal) => listPage(client, query, signal));
      } catch (error) {
        if (error instanceof TableRefusal && isMissingTable(error)) return { entities: [], continuation: undefined };
        return throwStoreError(place)(error);
      }
    },
    async transact(partitionKey, changes) {
      checkTransaction(partitionKey, changes);
      if (changes.length === 0) return [];
      const { pipeline, tableName, url: endpoint } = client;
      const send = creatingTable(client, (signal) =>
        sendTransaction({ endpoint, tableName, changes, pipeline, httpClient, signal }),
      );
      return requests.run(send).catch((error: unknown) => {
        const index = error instanceof TransactionRefusal ? (error.index ?? (changes.length === 1 ? 0 : -1)) : -1;
        const failed = changes[index];
        return throwStoreError(place, failed && keyOf(failed))(error);
      });
    },
  };
}

interface PageQuery {
  readonly filter: string;
  readonly limit: number;
  readonly after: string | undefined;
  readonly token: string | undefined;
}

function toQuery(range: EntityRange): PageQuery {
  const { after, token } = range.continuation === undefined ? {} : decodeContinuation(range.continuation);
  const filters = [odata`PartitionKey eq ${range.partitionKey}`];
  if (after !== undefined) filters.push(odata`RowKey gt ${after}`);
  else if (range.fromRowKey !== undefined) filters.push(odata`RowKey ge ${range.fromRowKey}`);
  if (range.toRowKey !== undefined) filters.push(odata`RowKey lt ${range.toRowKey}`);
  return { filter: filters.join(" and "), limit: range.limit ?? MAX_PAGE_ENTITIES, after, token };
}

async function listPage(client: TableClient, query: PageQuery, abortSignal: AbortSignal): Promise<EntityPage> {
  const { filter, limit, after, token } = query;
  const pages = client
    .listEntities({ queryOptions: { filter }, disableTypeConversion: true, abortSignal })
    .byPage({ maxPageSize: limit, ...(token !== undefined && { continuationToken: token }) });
  const { value: page, done } = await pages.next();
  if (done) return { entities: [], continuation: undefined };
  const entities = page.map(toStoredEntity);
  if (page.continuationToken === undefined) return { entities, continuation: undefined };
  const last = entities.at(-1);
  const next = last ? { after: last.rowKey } : { token: page.continuationToken, ...(after !== undefined && { after }) };
  return { entities, continuation: encodeContinuation(next) };
}

type Send<T> = (signal: AbortSignal) => Promise<T>;

/** `send`, once more after making the table that it found missing. */
function creatingTable<T>(client: TableClient, send: Send<T>): Send<T> {
  return async (abortSignal) => {
    try {
      return await send(abortSignal);
    } catch (error) {
      const refusal = toRefusal(error);
      if (!refusal || !isMissingTable(refusal)) throw error;
    }
    await client.createTable({ abortSignal });
    try {
      return await send(abortSignal);
    } catch (error) {
      const refusal = toRefusal(error);
      if (!refusal || !isMissingTable(refusal)) throw error;
      // Not about an entity: the table went again, or is not to be seen everywhere yet. Both pass.
      throw new TableRefusal(undefined, "TABLE_GONE", "the table was made and is missing");
    }
  };
}

function createClient(
  { endpoint, credential }: TableEntityStoreOptions,
  tableName: string,
  httpClient: HttpClient,
): TableClient {
  // The constructor has an overload for each kind of credential and none for all; it looks at the kind itself.
  return new TableClient(endpoint, tableName, credential as TokenCredential, {
    httpClient,
    allowInsecureConnection: endpoint.startsWith("http:"),
    // Ours alone: the client's would repeat beyond our bounds. And nobody redirects a table.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `slipway/${packageJson.version}` },
  });
}

function checkedPlace(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!url || !isSafe) {
    throw new RangeError(
      "The address of the tables is neither https nor on this machine. Use one like https://<account>.table.core.windows.net.",
    );
  }
  return `'${url.host}${url.pathname.replace(/\/$/, "")}'`;
}

function throwStoreError(place: string, key?: EntityKey): (error: unknown) => never {
  return (error) => {
    throw error instanceof TableRefusal ? toStoreError(error, place, key) : error;
  };
}

function toStoredEntity(row: { readonly [name: string]: unknown }): StoredEntity {
  const { partitionKey, rowKey, etag, ...values } = row;
  return {
    partitionKey: String(partitionKey),
    rowKey: String(rowKey),
    etag: etagOf(etag),
    properties: fromTableValues(values),
  };
}

function etagOf(etag: unknown): string {
  if (typeof etag === "string") return etag;
  throw new TableRefusal(undefined, "INCOMPLETE_ANSWER", "an entity came without its etag");
}

function keyOf(change: EntityChange): EntityKey {
  return change.kind === "delete" ? change.key : change.entity;
}

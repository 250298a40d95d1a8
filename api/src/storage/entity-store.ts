import { AppError } from "../shared/app-error.ts";

/**
 * PORT: the only truth. Its semantics are Azure Table storage's
 * (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model), so that an adapter
 * for Azure Tables and one for an embedded database can pass the same suite (`entity-store.contract.ts`).
 */
export interface EntityStore {
  /** A table, created on first use. The name has 3 to 63 letters and digits and begins with a letter. */
  table(name: string): EntityTable;
  /** Rejects with `StoreUnavailableError` when a write could not be made durable right now. Used by readiness. */
  ping(): Promise<void>;
  /** Flushes and releases what the adapter holds; nothing may be called afterwards. */
  close(): Promise<void>;
}

/** What a property can hold. A property that is `undefined` is not stored; there is no null. */
export type PropertyValue = string | number | boolean | bigint | Date | Uint8Array;

export interface EntityKey {
  readonly partitionKey: string;
  readonly rowKey: string;
}

export type EntityProperties = Readonly<Record<string, PropertyValue | undefined>>;

export interface Entity extends EntityKey {
  readonly properties: EntityProperties;
}

export interface StoredEntity extends EntityKey {
  readonly properties: Readonly<Record<string, PropertyValue>>;
  /** Opaque; another one after every write. */
  readonly etag: string;
}

/** One change in a transaction. Without `etag` a delete or replace applies to whatever version is there. */
export type EntityChange =
  | { readonly kind: "insert"; readonly entity: Entity }
  | { readonly kind: "replace"; readonly entity: Entity; readonly etag?: string }
  | { readonly kind: "upsert"; readonly entity: Entity }
  | { readonly kind: "delete"; readonly key: EntityKey; readonly etag?: string };

export interface EntityRange {
  readonly partitionKey: string;
  /** Rows from this key on, itself included. */
  readonly fromRowKey?: string;
  /** Rows before this key, itself excluded. */
  readonly toRowKey?: string;
  /** Largest page, 1 to 1000. @default 1000 */
  readonly limit?: number;
  /** `EntityPage.continuation` of the page before; works in another process too. */
  readonly continuation?: string;
}

export interface EntityPage {
  /** Ordered by row key, by UTF-16 code units. */
  readonly entities: readonly StoredEntity[];
  /** Undefined after the last page. A page may be short, even empty, and still be followed by another. */
  readonly continuation: string | undefined;
}

/**
 * Every write is durable before its promise resolves. Limits are checked before anything is sent, with an
 * `EntityLimitError` that names the property: keys up to 1 KiB without `/ \ # ?` and control characters, 64 KiB a property
 * (a string counts two bytes a UTF-16 unit), 252 properties and 1 MiB an entity, 100 changes and 4 MiB a transaction.
 *
 * A write whose reply got lost may have been applied: a caller that then sees `EntityExistsError` or
 * `EntityChangedError` reads the entity again and recognises its own write by a mark it put there (a write id).
 */
export interface EntityTable {
  get(key: EntityKey): Promise<StoredEntity | undefined>;
  /** @throws EntityExistsError when the key is taken. Returns the new etag, as all writes do. */
  insert(entity: Entity): Promise<string>;
  /** Replaces all properties if the stored etag is `etag`. @throws EntityChangedError, EntityNotFoundError */
  replace(entity: Entity, etag: string): Promise<string>;
  /** Inserts or replaces, whatever is there. Only for facts with a single writer. */
  upsert(entity: Entity): Promise<string>;
  /** Deletes if the stored etag is `etag` (or any, without one). @throws EntityChangedError, EntityNotFoundError */
  delete(key: EntityKey, etag?: string): Promise<void>;
  list(range: EntityRange): Promise<EntityPage>;
  /**
   * All changes or none; all in one partition, each key once.
   * @returns the new etag of each change in order, undefined for deletes.
   * @throws EntityExistsError, EntityChangedError or EntityNotFoundError of the first change that failed, with its key.
   */
  transact(partitionKey: string, changes: readonly EntityChange[]): Promise<readonly (string | undefined)[]>;
}

/** Every entity of the range, page by page, in order. For ranges that something keeps small. */
export async function listAll(
  table: EntityTable,
  range: Omit<EntityRange, "limit" | "continuation">,
): Promise<readonly StoredEntity[]> {
  const found: StoredEntity[] = [];
  let continuation: string | undefined;
  do {
    const page = await table.list({ ...range, ...(continuation !== undefined && { continuation }) });
    found.push(...page.entities);
    ({ continuation } = page);
  } while (continuation !== undefined);
  return found;
}

/** An insert met an entity with the same key (HTTP 409 in Table storage). */
export class EntityExistsError extends AppError {
  readonly key: EntityKey;
  constructor(key: EntityKey, options?: ErrorOptions) {
    super("ENTITY_EXISTS", `The entity '${key.partitionKey}' / '${key.rowKey}' exists already.`, options);
    this.key = key;
  }
}

/** A conditional write met another version (HTTP 412 in Table storage). Read again, then decide. */
export class EntityChangedError extends AppError {
  readonly key: EntityKey;
  constructor(key: EntityKey, options?: ErrorOptions) {
    super("ENTITY_CHANGED", `The entity '${key.partitionKey}' / '${key.rowKey}' was changed by someone else.`, options);
    this.key = key;
  }
}

/** A replace or delete met no entity (HTTP 404 in Table storage). */
export class EntityNotFoundError extends AppError {
  readonly key: EntityKey;
  constructor(key: EntityKey, options?: ErrorOptions) {
    super("ENTITY_NOT_FOUND", `There is no entity '${key.partitionKey}' / '${key.rowKey}'.`, options);
    this.key = key;
  }
}

/** The entity or transaction can't be stored as it is: a defect of the caller, found before the wire. */
export class EntityLimitError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("ENTITY_LIMIT", message, options);
  }
}

/** The store can't be reached or can't write (disk full, network). Nothing was written as far as is known; try again later. */
export class StoreUnavailableError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("STORE_UNAVAILABLE", message, options);
  }
}

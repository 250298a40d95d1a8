import { EntityLimitError } from "./entity-store.ts";
import type { Entity, EntityChange, EntityKey, EntityRange, PropertyValue } from "./entity-store.ts";

/**
 * The limits of Azure Table storage, checked by every adapter before it writes, so that what works with one works with all.
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */

const MAX_TRANSACTION_CHANGES = 100;
export const MAX_PAGE_ENTITIES = 1000;

const MAX_KEY_UTF16_UNITS = 512;
const MAX_PROPERTIES = 252;
const MAX_PROPERTY_NAME_UTF16_UNITS = 255;
const MAX_PROPERTY_BYTES = 64 * 1024;
const MAX_ENTITY_BYTES = 1024 * 1024;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

const TABLE_NAME = /^[A-Za-z][A-Za-z0-9]{2,62}$/;
const PROPERTY_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// The service's own properties, in the spellings of the service and of its client library.
const RESERVED_PROPERTY_NAMES = new Set(["partitionkey", "rowkey", "timestamp", "etag"]);
const FORBIDDEN_IN_KEY = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_DATE_MS = Date.parse("1601-01-01T00:00:00.000Z");
const MAX_DATE_MS = Date.parse("9999-12-31T23:59:59.999Z");

// The batch format gives each change its own headers and address, in which a key may be escaped threefold.
const TRANSACTION_OVERHEAD_BYTES = 1024;
const MAX_ESCAPING = 3;

/** @throws EntityLimitError */
export function checkTableName(name: string): void {
  if (!TABLE_NAME.test(name)) {
    throw new EntityLimitError(
      `'${name}' is no table name: it needs 3 to 63 letters and digits and begins with a letter.`,
    );
  }
}

/** @throws EntityLimitError */
export function checkKey(key: EntityKey): void {
  checkKeyPart("partition key", key.partitionKey);
  checkKeyPart("row key", key.rowKey);
}

/** @throws EntityLimitError that names the property. */
export function checkEntity(entity: Entity): void {
  checkKey(entity);
  const where = describe(entity);
  let count = 0;
  for (const [name, value] of Object.entries(entity.properties)) {
    if (value === undefined) continue;
    count++;
    checkPropertyName(where, name);
    checkPropertyValue(where, name, value);
  }
  if (count > MAX_PROPERTIES) {
    throw new EntityLimitError(`${where} has ${count} properties; ${MAX_PROPERTIES} is the limit.`);
  }
  const bytes = entityBytes(entity);
  if (bytes > MAX_ENTITY_BYTES) {
    throw new EntityLimitError(`${where} is ${bytes} bytes large; ${MAX_ENTITY_BYTES} is the limit.`);
  }
}

/** @throws EntityLimitError */
export function checkTransaction(partitionKey: string, changes: readonly EntityChange[]): void {
  if (changes.length > MAX_TRANSACTION_CHANGES) {
    throw new EntityLimitError(
      `A transaction in partition '${partitionKey}' has ${changes.length} changes; ${MAX_TRANSACTION_CHANGES} is the limit.`,
    );
  }
  const rowKeys = new Set<string>();
  let bytes = 0;
  for (const change of changes) {
    const key = changeKey(change);
    if (change.kind === "delete") checkKey(key);
    else checkEntity(change.entity);
    if (key.partitionKey !== partitionKey) {
      throw new EntityLimitError(`A transaction in partition '${partitionKey}' can't change ${describe(key)}.`);
    }
    if (rowKeys.has(key.rowKey)) {
      throw new EntityLimitError(`A transaction changes ${describe(key)} twice; once is the limit.`);
    }
    rowKeys.add(key.rowKey);
    bytes += TRANSACTION_OVERHEAD_BYTES + payloadBytes(change);
  }
  if (bytes > MAX_TRANSACTION_BYTES) {
    throw new EntityLimitError(
      `A transaction in partition '${partitionKey}' is about ${bytes} bytes large; ${MAX_TRANSACTION_BYTES} is the limit.`,
    );
  }
}

/** @throws EntityLimitError */
export function checkRange(range: EntityRange): void {
  checkKeyPart("partition key", range.partitionKey);
  const { limit } = range;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_ENTITIES)) {
    throw new EntityLimitError(`A page of ${limit} entities can't be had: 1 to ${MAX_PAGE_ENTITIES} can.`);
  }
  for (const bound of [range.fromRowKey, range.toRowKey]) {
    if (bound !== undefined && !bound.isWellFormed()) {
      throw new EntityLimitError("A row key of the range holds half of a surrogate pair.");
    }
  }
}

function changeKey(change: EntityChange): EntityKey {
  return change.kind === "delete" ? change.key : change.entity;
}

/** Size as the service counts it: two bytes a UTF-16 unit, names included. */
function entityBytes(entity: Entity): number {
  let bytes = 4 + 2 * (entity.partitionKey.length + entity.rowKey.length);
  for (const [name, value] of Object.entries(entity.properties)) {
    if (value !== undefined) bytes += 8 + 2 * name.length + valueBytes(value);
  }
  return bytes;
}

function checkKeyPart(what: string, key: string): void {
  if (key.length > MAX_KEY_UTF16_UNITS) {
    throw new EntityLimitError(
      `A ${what} of ${key.length} UTF-16 units ('${key.slice(0, 40)}…') is too long; ${MAX_KEY_UTF16_UNITS} is the limit.`,
    );
  }
  const forbidden = FORBIDDEN_IN_KEY.exec(key);
  if (forbidden) {
    throw new EntityLimitError(
      `The ${what} ${JSON.stringify(key)} holds ${JSON.stringify(forbidden[0])}, which no key may hold.`,
    );
  }
  if (!key.isWellFormed()) {
    throw new EntityLimitError(`The ${what} ${JSON.stringify(key)} holds half of a surrogate pair.`);
  }
}

function checkPropertyName(where: string, name: string): void {
  if (name.length > MAX_PROPERTY_NAME_UTF16_UNITS || !PROPERTY_NAME.test(name)) {
    throw new EntityLimitError(
      `${where}: '${name.slice(0, 300)}' is no property name: it needs 1 to ${MAX_PROPERTY_NAME_UTF16_UNITS} letters, digits and underscores and begins with no digit.`,
    );
  }
  if (RESERVED_PROPERTY_NAMES.has(name.toLowerCase())) {
    throw new EntityLimitError(`${where}: the property name '${name}' is reserved.`);
  }
}

function checkPropertyValue(where: string, name: string, value: PropertyValue): void {
  if (typeof value === "bigint" && (value < MIN_INT64 || value > MAX_INT64)) {
    throw new EntityLimitError(`${where}: property '${name}' is beyond 64 bits.`);
  }
  if (value instanceof Date && !(value.getTime() >= MIN_DATE_MS && value.getTime() <= MAX_DATE_MS)) {
    throw new EntityLimitError(`${where}: property '${name}' is no date between the years 1601 and 9999.`);
  }
  if (!isPropertyValue(value)) {
    throw new EntityLimitError(
      `${where}: property '${name}' holds a value that can't be stored (${value === null ? "null" : typeof value}).`,
    );
  }
  const bytes = typeof value === "string" ? 2 * value.length : value instanceof Uint8Array ? value.byteLength : 0;
  if (bytes > MAX_PROPERTY_BYTES) {
    throw new EntityLimitError(
      `${where}: property '${name}' is ${bytes} bytes large; ${MAX_PROPERTY_BYTES} is the limit.`,
    );
  }
}

function isPropertyValue(value: unknown): value is PropertyValue {
  return (
    ["string", "number", "boolean", "bigint"].includes(typeof value) ||
    value instanceof Date ||
    value instanceof Uint8Array
  );
}

function valueBytes(value: PropertyValue): number {
  if (typeof value === "string") return 4 + 2 * value.length;
  if (typeof value === "boolean") return 1;
  if (value instanceof Uint8Array) return 4 + value.byteLength;
  return 8;
}

/** Upper bound of what a change takes in a request body, exact only where it matters. */
function payloadBytes(change: EntityChange): number {
  if (change.kind === "delete") return MAX_ESCAPING * 2 * (change.key.partitionKey.length + change.key.rowKey.length);
  const bound = MAX_ESCAPING * entityBytes(change.entity);
  if (bound <= MAX_TRANSACTION_BYTES / MAX_TRANSACTION_CHANGES) return bound;
  let bytes = MAX_ESCAPING * 2 * 2 * (change.entity.partitionKey.length + change.entity.rowKey.length);
  for (const [name, value] of Object.entries(change.entity.properties)) {
    if (value === undefined) continue;
    bytes += 2 * name.length + 40;
    if (typeof value === "string") bytes += Buffer.byteLength(JSON.stringify(value));
    else if (value instanceof Uint8Array) bytes += Math.ceil(value.byteLength / 3) * 4;
    else bytes += 32;
  }
  return bytes;
}

function describe(key: EntityKey): string {
  return `Entity '${key.partitionKey}' / '${key.rowKey}'`;
}

import type { EntityProperties, PropertyValue } from "./entity-store.ts";

/**
 * Properties as columns of an Azure table, each under its own name and in the service's own type, so that the table can be
 * read by whoever opens it.
 * https://learn.microsoft.com/rest/api/storageservices/payload-format-for-table-service-operations
 */

/** A value with its EDM type, as `@azure/data-tables` takes and gives it; a bare value is a text, a boolean or an Int32. */
export type TableValue = string | number | boolean | { readonly type: EdmType; readonly value: unknown };

type EdmType = "Binary" | "Boolean" | "DateTime" | "Double" | "Guid" | "Int32" | "Int64" | "String";

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);

export function toTableValues(properties: EntityProperties): Record<string, TableValue> {
  const values: [string, TableValue][] = [];
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) values.push([name, toTableValue(value)]);
  }
  return Object.fromEntries(values);
}

/** The body of one change in a transaction. */
export function toODataJson(partitionKey: string, rowKey: string, properties: EntityProperties): string {
  const fields: [string, unknown][] = [
    ["PartitionKey", partitionKey],
    ["RowKey", rowKey],
  ];
  for (const [name, value] of Object.entries(toTableValues(properties))) {
    if (typeof value === "object") fields.push([name, value.value], [`${name}@odata.type`, `Edm.${value.type}`]);
    else fields.push([name, value]);
  }
  return JSON.stringify(Object.fromEntries(fields));
}

/** Takes what the client gives with `disableTypeConversion`, which alone tells the number NaN from the text "NaN". */
export function fromTableValues(values: Readonly<Record<string, unknown>>): Readonly<Record<string, PropertyValue>> {
  const properties: [string, PropertyValue][] = [];
  for (const [name, value] of Object.entries(values)) {
    if (isTyped(value) && !isOfTheService(name)) properties.push([name, fromTableValue(value.type, value.value)]);
  }
  return Object.fromEntries(properties);
}

/** Zero has no sign here: the service's JSON has no word for -0. */
function toTableValue(value: PropertyValue): TableValue {
  if (typeof value === "bigint") return { type: "Int64", value: value.toString() };
  if (value instanceof Date) return { type: "DateTime", value: value.toISOString() };
  if (value instanceof Uint8Array) {
    return { type: "Binary", value: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  }
  if (typeof value !== "number") return value;
  if (Number.isInteger(value) && value >= MIN_INT32 && value <= MAX_INT32) return value;
  return { type: "Double", value: Number.isFinite(value) ? value : String(value) };
}

function fromTableValue(type: EdmType, value: unknown): PropertyValue {
  switch (type) {
    case "Int64":
      return BigInt(String(value));
    case "DateTime":
      return new Date(String(value));
    case "Binary":
      return new Uint8Array(Buffer.from(String(value), "base64"));
    case "Boolean":
      return String(value) === "true";
    case "Double":
    case "Int32":
      return Number(value);
    case "Guid":
    case "String":
      return String(value);
  }
}

function isTyped(value: unknown): value is { type: EdmType; value: unknown } {
  return typeof value === "object" && value !== null && "type" in value && "value" in value;
}

function isOfTheService(name: string): boolean {
  return name.startsWith("odata.") || name === "timestamp";
}

import type { EntityProperties, PropertyValue } from "./entity-store.ts";

/**
 * Properties as JSON text. What JSON can't tell apart carries a tag: `i` a 64-bit integer, `t` a time, `b` bytes in base64,
 * `d` a number that JSON has no word for.
 */
type Encoded =
  | string
  | number
  | boolean
  | { readonly i: string }
  | { readonly t: string }
  | { readonly b: string }
  | { readonly d: string };

export function encodeProperties(properties: EntityProperties): string {
  const encoded: [string, Encoded][] = [];
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) encoded.push([name, encodeValue(value)]);
  }
  return JSON.stringify(Object.fromEntries(encoded));
}

export function decodeProperties(text: string): Readonly<Record<string, PropertyValue>> {
  const encoded = JSON.parse(text) as Record<string, Encoded>;
  return Object.fromEntries(Object.entries(encoded).map(([name, value]) => [name, decodeValue(value)]));
}

function encodeValue(value: PropertyValue): Encoded {
  if (typeof value === "bigint") return { i: value.toString() };
  if (value instanceof Date) return { t: value.toISOString() };
  if (value instanceof Uint8Array)
    return { b: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { d: Object.is(value, -0) ? "-0" : String(value) };
  }
  return value;
}

function decodeValue(value: Encoded): PropertyValue {
  if (typeof value !== "object") return value;
  if ("i" in value) return BigInt(value.i);
  if ("t" in value) return new Date(value.t);
  if ("b" in value) return new Uint8Array(Buffer.from(value.b, "base64"));
  return Number(value.d);
}

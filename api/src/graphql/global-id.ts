/** Ids of the schema: opaque to clients, Relay's form inside (`Type:id` in base64). */
export function encodeId(typeName: string, id: string): string {
  return Buffer.from(`${typeName}:${id}`).toString("base64");
}

/** Undefined when `globalId` is not the id of a `typeName`. */
export function tryDecodeId(typeName: string, globalId: string): string | undefined {
  const text = Buffer.from(globalId, "base64").toString("utf8");
  return text.startsWith(`${typeName}:`) ? text.slice(typeName.length + 1) : undefined;
}

/** Both parts of an id; the type name is empty when `globalId` is no id. */
export function splitGlobalId(globalId: string): { readonly typename: string; readonly id: string } {
  const text = Buffer.from(globalId, "base64").toString("utf8");
  const at = text.indexOf(":");
  return { typename: text.slice(0, Math.max(at, 0)), id: text.slice(at + 1) };
}

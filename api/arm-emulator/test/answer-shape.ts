/**
 * The shape of a JSON value: which fields it has, where they sit and of which JSON types they are, without the values.
 *
 * A path names a place: `properties.agentPoolProfiles[].count`, `value[].id`, `tags.*`. The root is the empty path.
 * An object whose keys are data (tags, identities by id) is a map: all its values share the path that ends in `*`.
 * A dot in a key is written `%2E`.
 */

export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

export type Place = {
  readonly types: ReadonlySet<JsonType>;
  /** True when every object that could hold the field does; false when some elements of a list leave it out. */
  readonly always: boolean;
};

export type Shape = ReadonlyMap<string, Place>;

export type Difference =
  | { kind: "unknown-field"; path: string; types: string }
  | { kind: "missing-field"; path: string; types: string }
  | { kind: "sometimes-missing-field"; path: string; types: string }
  | { kind: "wrong-type"; path: string; types: string; expectedTypes: string };

/** Fields whose keys are data wherever they occur, by the last segment of the path. */
export const MAP_FIELDS: ReadonlySet<string> = new Set([
  "addonProfiles",
  "identityProfile",
  "nodeLabels",
  "patchVersions",
  "tags",
  "userAssignedIdentities",
]);

/** The shape of one JSON value, as parsed from a body. */
export function shapeOf(json: unknown): Shape {
  const objectsAt = new Map<string, number>();
  const seen = new Map<string, { types: Set<JsonType>; parent: string | undefined; count: number }>();

  function record(path: string, value: unknown, parent: string | undefined): void {
    const entry = seen.get(path) ?? { types: new Set<JsonType>(), parent, count: 0 };
    entry.types.add(typeOf(value));
    entry.count += 1;
    seen.set(path, entry);
    if (Array.isArray(value)) {
      for (const element of value) record(`${path}[]`, element, undefined);
    } else if (typeof value === "object" && value !== null) {
      objectsAt.set(path, (objectsAt.get(path) ?? 0) + 1);
      const isMap = MAP_FIELDS.has(lastSegment(path));
      for (const [key, child] of Object.entries(value)) {
        record(join(path, isMap ? "*" : key.replaceAll(".", "%2E")), child, isMap ? undefined : path);
      }
    }
  }

  record("", json, undefined);
  return new Map(
    [...seen].map(([path, { types, parent, count }]) => [
      path,
      { types, always: parent === undefined || count === objectsAt.get(parent) },
    ]),
  );
}

/**
 * Adds the fields of further values to a shape, as places that may be filled: types are united, and what the base
 * doesn't have is never asked for.
 */
export function withOptional(base: Shape, further: readonly Shape[]): Shape {
  const merged = new Map<string, Place>(base);
  for (const shape of further) {
    for (const [path, place] of shape) {
      const known = merged.get(path);
      merged.set(path, {
        types: new Set([...(known?.types ?? []), ...place.types]),
        always: known?.always ?? false,
      });
    }
  }
  return merged;
}

/**
 * What an answer has otherwise than the expected shape.
 *
 * Every field of the answer must be in `allowed`, with no JSON type that isn't there too; every field of `required` must
 * be in the answer. Of a missing or unknown object only the object itself is reported, not what it holds.
 */
export function differences(answer: Shape, required: Shape, allowed: Shape = required): Difference[] {
  const found: Difference[] = [];
  for (const [path, { types }] of answer) {
    const expected = allowed.get(path);
    if (expected === undefined) {
      if (allowed.has(parentOf(path))) found.push({ kind: "unknown-field", path, types: text(types) });
    } else if (![...types].every((type) => expected.types.has(type))) {
      found.push({ kind: "wrong-type", path, types: text(types), expectedTypes: text(expected.types) });
    }
  }
  for (const [path, { types, always }] of required) {
    const place = answer.get(path);
    if (place === undefined) {
      if (answer.has(parentOf(path))) found.push({ kind: "missing-field", path, types: text(types) });
    } else if (always && !place.always) {
      found.push({ kind: "sometimes-missing-field", path, types: text(types) });
    }
  }
  return found;
}

/** The shape of `sample` as it stands at `path`, e.g. `shapeAt("value[].properties.powerState", { code: "" })`. */
export function shapeAt(path: string, sample: unknown): Shape {
  const moved = new Map<string, Place>();
  const isMap = MAP_FIELDS.has(lastSegment(path));
  const shape = isMap ? shapeOf({ [lastSegment(path)]: sample }) : shapeOf(sample);
  for (const [inner, place] of shape) {
    if (isMap && inner === "") continue;
    moved.set(isMap ? join(parentOf(path), inner) : join(path, inner), place);
  }
  return moved;
}

function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  if (type === "boolean" || type === "number" || type === "string" || type === "object") return type;
  throw new Error(`A value of type ${type} can't come from JSON.`);
}

function join(path: string, key: string): string {
  if (path === "" || key === "") return path + key;
  return key.startsWith("[]") ? path + key : `${path}.${key}`;
}

function parentOf(path: string): string {
  if (path.endsWith("[]")) return path.slice(0, -2);
  const dot = path.lastIndexOf(".");
  return dot === -1 ? "" : path.slice(0, dot);
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function text(types: ReadonlySet<JsonType>): string {
  return [...types].sort().join("|");
}

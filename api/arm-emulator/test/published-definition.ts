import { differences, shapeOf } from "./answer-shape.ts";
import type { Difference } from "./answer-shape.ts";
import { readPublished } from "./published-case.ts";

type Definition = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: Definition;
  readonly allOf?: readonly Definition[];
  readonly items?: Definition;
  readonly $ref?: string;
};

/**
 * What a JSON value has that a type of ARM's common definitions doesn't: unknown names, wrong nesting, wrong types.
 * All fields of those types are optional, so nothing is missed.
 */
export function notInDefinition(name: string, json: unknown): Difference[] {
  const { definitions } = readPublished("common-types/types-v5") as { definitions: Record<string, Definition> };

  /** A value that has every field; types that hold themselves are unrolled twice. */
  function sample(definition: Definition, depth = 0): unknown {
    if (definition.$ref !== undefined) return sample(find(definition.$ref.split("/").at(-1) ?? ""), depth + 1);
    if (definition.type === "array")
      return depth > 3 || definition.items === undefined ? [] : [sample(definition.items, depth)];
    if (definition.additionalProperties !== undefined) return { any: sample(definition.additionalProperties, depth) };
    if (definition.properties !== undefined || definition.allOf !== undefined) {
      const own = Object.entries(definition.properties ?? {}).map(([key, inner]) => [key, sample(inner, depth)]);
      const inherited = (definition.allOf ?? []).map((base) => sample(base, depth));
      return Object.assign({}, ...inherited, Object.fromEntries(own)) as unknown;
    }
    return { string: "", number: 0, integer: 0, boolean: false }[definition.type ?? ""] ?? {};
  }

  function find(wanted: string): Definition {
    const found = definitions[wanted];
    if (found === undefined) throw new Error(`ARM's common types have no '${wanted}'.`);
    return found;
  }

  return differences(shapeOf(json), shapeOf({}), shapeOf(sample(find(name))));
}

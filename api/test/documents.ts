import { readFileSync } from "node:fs";
import { Kind, parse, print, type DocumentNode, type OperationDefinitionNode } from "graphql";

/** The documents that integrations rely on, word for word. */
export const OPERATIONS_TEXT = readFileSync(new URL("contract/operations.graphql", import.meta.url), "utf8");
export const TYPES_TEXT = readFileSync(new URL("contract/types.graphql", import.meta.url), "utf8");

export const OPERATIONS: ReadonlyMap<string, DocumentNode> = new Map(
  parse(OPERATIONS_TEXT)
    .definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation: OperationDefinitionNode) => [
      operation.name?.value ?? "",
      { kind: Kind.DOCUMENT, definitions: [operation] },
    ]),
);

/** One contract document as text. */
export function operation(name: string): string {
  const document = OPERATIONS.get(name);
  if (!document) throw new Error(`The contract has no operation named ${name}.`);
  return print(document);
}

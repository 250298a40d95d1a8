import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from "graphql";

/** How large an operation is once every fragment stands where it is spread. */
export interface DocumentSize {
  /** Fields in each other; a field of the root is 1. */
  readonly depth: number;
  /** Fields of the root. */
  readonly width: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: DocumentSize = { depth: 0, width: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * The largest of a document's operations. Each fragment is measured once, however often it is spread, so that a document which doubles
 * itself with every fragment costs no more to measure than to read; a cycle counts once, since another rule refuses it. Introspection is
 * not counted: it has a bound of its own, which is whether it is on.
 */
export function measureDocument(document: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, DocumentSize>();

  function measureFragment(name: string): DocumentSize {
    const known = measured.get(name);
    const fragment = fragments.get(name);
    if (known || !fragment) return known ?? NOTHING;
    measured.set(name, NOTHING);
    const size = measure(fragment.selectionSet);
    measured.set(name, size);
    return size;
  }

  function measure({ selections }: SelectionSetNode): DocumentSize {
    let { depth, width, fields, aliases, directives } = NOTHING;
    for (const selection of selections) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD && isIntrospection(selection.name.value)) continue;
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(selection.name.value)
          : selection.selectionSet
            ? measure(selection.selectionSet)
            : NOTHING;
      const isField = selection.kind === Kind.FIELD;
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      width += isField ? 1 : inner.width;
      fields += inner.fields + (isField ? 1 : 0);
      aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      directives += inner.directives;
    }
    return { depth, width, fields, aliases, directives };
  }

  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ selectionSet }) => measure(selectionSet))
    .reduce(largest, NOTHING);
}

function isIntrospection(name: string): boolean {
  return name === "__schema" || name === "__type";
}

function largest(one: DocumentSize, other: DocumentSize): DocumentSize {
  return {
    depth: Math.max(one.depth, other.depth),
    width: Math.max(one.width, other.width),
    fields: Math.max(one.fields, other.fields),
    aliases: Math.max(one.aliases, other.aliases),
    directives: Math.max(one.directives, other.directives),
  };
}

import { GraphQLError } from "graphql";

export const DEFAULT_PAGE = 20;
export const LARGEST_PAGE = 100;

/** Size and start of a page as clients give them. @throws GraphQLError naming the argument */
export function readPageArgs(
  args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
  cursorPattern: RegExp,
): { readonly first: number; readonly after: string | undefined } {
  const first = args.first ?? DEFAULT_PAGE;
  if (first < 1 || first > LARGEST_PAGE) throw badArgument(`'first' is 1 to ${LARGEST_PAGE}.`);
  if (typeof args.after !== "string") return { first, after: undefined };
  const after = Buffer.from(args.after, "base64url").toString();
  if (!cursorPattern.test(after)) throw badArgument("'after' is no cursor of this list.");
  return { first, after };
}

/** A page as Relay connections have it. */
export function toConnection<T>(
  entries: readonly { readonly cursor: string; readonly node: T }[],
  page: {
    readonly hasNextPage: boolean;
    readonly after: string | undefined;
    /** Where the next page begins, when that is not behind the last entry. */
    readonly endCursor?: string | undefined;
  },
): {
  readonly edges: { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
} {
  const edges = entries.map(({ cursor, node }) => ({ cursor: encodeCursor(cursor), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: (page.endCursor === undefined ? edges.at(-1)?.cursor : encodeCursor(page.endCursor)) ?? null,
    },
  };
}

function encodeCursor(cursor: string): string {
  return Buffer.from(cursor).toString("base64url");
}

export function badArgument(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "INVALID_INPUT" } });
}

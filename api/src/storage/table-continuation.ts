import { EntityLimitError } from "./entity-store.ts";

/**
 * Where a list goes on. After the last row that was given, by its key: that holds when rows come and go and in any other
 * process. The service's own token is needed only after an empty page, which names no row.
 */
export interface TableContinuation {
  readonly after?: string;
  readonly token?: string;
}

export function encodeContinuation(continuation: TableContinuation): string {
  return Buffer.from(JSON.stringify(continuation), "utf8").toString("base64url");
}

/** @throws EntityLimitError when `text` is nothing that `encodeContinuation` made. */
export function decodeContinuation(text: string): TableContinuation {
  try {
    const { after, token } = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Record<string, unknown>;
    const isOurs = isTextOrNone(after) && isTextOrNone(token) && (after !== undefined || token !== undefined);
    if (isOurs) return { ...(after !== undefined && { after }), ...(token !== undefined && { token }) };
  } catch {
    // Falls through to the same answer as a well-formed text of something else.
  }
  throw new EntityLimitError(`'${text.slice(0, 100)}' is no continuation of a list.`);
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

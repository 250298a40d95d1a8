import { PERSISTED_IDS } from "./persisted-ids.ts";

/** How the API is asked for an operation: by its text, or by the hash of the text, which an API of the same version knows. */
export interface AskedOperation {
  query: string;
  extensions?: { persistedQuery: { version: 1; sha256Hash: string } };
}

/** The code of an API of another version. It is to be sent the text. */
export const UNKNOWN_HASH = "PERSISTED_OPERATION_UNKNOWN";

/** The shortest way to ask for one of the web UI's own operations, which also an API that takes no other documents understands. */
export function askFor(operationName: string | undefined, text: string): AskedOperation {
  const hash = operationName === undefined ? undefined : PERSISTED_IDS[operationName];
  return hash === undefined
    ? { query: text }
    : { query: "", extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
}

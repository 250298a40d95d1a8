import type { CombinedError } from "urql";

/** What to show of an error: the API's own sentence where it sent one. */
export function errorText(error: CombinedError): string {
  return error.graphQLErrors[0]?.message ?? error.networkError?.message ?? error.message;
}

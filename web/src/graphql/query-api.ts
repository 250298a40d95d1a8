import { print } from "graphql";
import type { TypedDocumentNode } from "urql";
import { readApiAddress } from "../config/api-address.ts";

/** An answer of the API to a server component, or why there is none. `refused`: the API answered with errors; `unreachable`: it didn't answer. */
export type ApiAnswer<Data> =
  | { status: "answered"; data: Data }
  | { status: "refused"; codes: string[] }
  | { status: "unreachable" };

const ANSWER_WITHIN_MS = 2500;

/** One POST from this server for the first paint. Never throws: a page must render while the API is away, and its live part recovers by itself. */
export async function queryApi<Data, Vars>(
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
): Promise<ApiAnswer<Data>> {
  try {
    const response = await fetch(readApiAddress().internalUrl, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
      body: JSON.stringify({ query: print(document), variables }),
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const answer = (await response.json()) as { data?: Data | null; errors?: { extensions?: { code?: string } }[] };
    if (answer.data && !answer.errors?.length) return { status: "answered", data: answer.data };
    return { status: "refused", codes: (answer.errors ?? []).map((error) => error.extensions?.code ?? "UNKNOWN") };
  } catch {
    return { status: "unreachable" };
  }
}

/** The data of an answer, or nothing. */
export function dataOf<Data>(answer: ApiAnswer<Data>): Data | undefined {
  return answer.status === "answered" ? answer.data : undefined;
}

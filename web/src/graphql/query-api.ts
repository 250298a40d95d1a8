import type { TypedDocumentNode } from "@urql/core";
import { getOperationAST, print } from "graphql";
import { cookies } from "next/headers";
import { readApiAddress } from "../config/api-address.ts";
import { isSignInOn } from "../config/sign-in.ts";
import { askFor, type AskedOperation, UNKNOWN_HASH } from "./asked-operation.ts";

/** An answer of the API to a server component, or why there is none. `refused`: the API answered with errors; `unreachable`: it didn't answer. */
export type ApiAnswer<Data> =
  | { status: "answered"; data: Data }
  | { status: "refused"; codes: string[]; message: string }
  | { status: "unreachable" };

interface ApiError {
  message?: string;
  extensions?: { code?: string };
}

const ANSWER_WITHIN_MS = 2500;

/** Asks for the first paint from this server. Never throws: a page must render while the API is away, and its live part recovers by itself. */
export async function queryApi<Data, Vars>(
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
): Promise<ApiAnswer<Data>> {
  const text = print(document);
  const asked = askFor(getOperationAST(document)?.name?.value, text);
  const answer = await post<Data>(asked, variables);
  const isOtherVersion = answer.status === "refused" && answer.codes.includes(UNKNOWN_HASH);
  return isOtherVersion ? post<Data>({ query: text }, variables) : answer;
}

async function post<Data>(asked: AskedOperation, variables: unknown): Promise<ApiAnswer<Data>> {
  try {
    const response = await fetch(readApiAddress().internalUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json",
        ...(await sessionHeader()),
      },
      body: JSON.stringify({ ...asked, variables }),
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const answer = (await response.json()) as { data?: Data | null; errors?: ApiError[] };
    if (answer.data && !answer.errors?.length) return { status: "answered", data: answer.data };
    const errors = answer.errors ?? [];
    return {
      status: "refused",
      codes: errors.map((error) => error.extensions?.code ?? "UNKNOWN"),
      message: errors[0]?.message ?? "",
    };
  } catch {
    return { status: "unreachable" };
  }
}

/** Under which the API keeps a browser's session; the second over HTTPS. */
const SESSION_COOKIES = ["slipway-session", "__Host-slipway-session"];

/** Hands on whose request this is, and nothing else of it. */
async function sessionHeader(): Promise<{ cookie?: string }> {
  const jar = await cookies();
  const session = SESSION_COOKIES.map((name) => jar.get(name)).find((cookie) => cookie !== undefined);
  return session ? { cookie: `${session.name}=${session.value}` } : {};
}

/** Whether the browser that asks has a session, which the API may have ended. A cookie of the time when there was sign-in opens none. */
export async function hasSession(): Promise<boolean> {
  return isSignInOn() && (await sessionHeader()).cookie !== undefined;
}

/** The data of an answer, or nothing. */
export function dataOf<Data>(answer: ApiAnswer<Data>): Data | undefined {
  return answer.status === "answered" ? answer.data : undefined;
}

/** Whether the API lets nobody in by what this browser brought: it has to sign in, or has no role. */
export function isNotLetIn(answer: ApiAnswer<unknown>): boolean {
  return answer.status === "refused" && answer.codes.some((code) => code === "UNAUTHENTICATED" || code === "FORBIDDEN");
}

/** What the API says to somebody who is signed in and not let in all the same. */
export function refusalOf(answer: ApiAnswer<unknown>): string | undefined {
  return answer.status === "refused" && answer.codes.includes("FORBIDDEN") ? answer.message : undefined;
}

/** What the API may say to an id that is none of its own. */
const ID_REFUSALS = new Set(["NOT_FOUND", "BAD_USER_INPUT", "INVALID_INPUT", "INVALID_ID"]);

/** Whether the API refused because there is nothing with this id. */
export function isUnknownId(answer: ApiAnswer<unknown>): boolean {
  return answer.status === "refused" && answer.codes.some((code) => ID_REFUSALS.has(code));
}

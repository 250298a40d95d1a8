import { readFileSync } from "node:fs";
import { differences, shapeAt, shapeOf, withOptional } from "./answer-shape.ts";
import type { Difference } from "./answer-shape.ts";

/** One answer of the emulator as it came over the wire. */
export type WireAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` when there is no body. */
  readonly body: unknown;
};

/** The emulator as a case sees it. */
export type Azure = {
  /** Sends one ARM request; the body is sent as JSON. The api-version is part of the path's query. */
  send(method: string, path: string, body?: unknown): Promise<WireAnswer>;
  /** Lets virtual time pass. */
  advance(seconds: number): void;
  /** The same to another host than ARM's, e.g. a registry's; without a token. */
  sendTo(host: string, method: string, path: string): Promise<WireAnswer>;
  /** Scripts the fate of a cluster. */
  script(cluster: string, scenario: string): Promise<void>;
  /** Scripts the fate of a registry. */
  scriptRegistry(registry: string, scenario: string): Promise<void>;
};

/** A field the real service answers although the example doesn't show it. */
export type AlsoAnswered = { readonly path: string; readonly sample: unknown; readonly source: string };

/** A field of the example that the answer, or some elements of a list in it, can't have, and why. */
export type CantMatch = { readonly path: string; readonly because: string };

export type PublishedCase = {
  readonly answer: string;
  /** File under `published-examples/`, without `.json`, and the status whose body is compared. */
  readonly example: string;
  readonly status: number;
  /** Further examples of the same resource, whose fields may be answered too, and where the answer has it. */
  readonly orLike?: readonly { readonly example: string; readonly status: number; readonly at: string }[];
  readonly alsoAnswered?: readonly AlsoAnswered[];
  readonly cantMatch?: readonly CantMatch[];
  readonly ask: (azure: Azure) => Promise<WireAnswer>;
};

export type Verdict = {
  /** What is otherwise than published and not listed. */
  readonly unexpected: readonly Difference[];
  /** Headers that the example shows and the answer lacks. */
  readonly missingHeaders: readonly string[];
  /** `cantMatch` entries whose place matches, so that they have to go. */
  readonly staleCantMatch: readonly string[];
  /** `alsoAnswered` entries that the answer doesn't need, so that they have to go. */
  readonly staleAlsoAnswered: readonly string[];
};

export const CLEAN: Verdict = { unexpected: [], missingHeaders: [], staleCantMatch: [], staleAlsoAnswered: [] };

/** Holds one answer against its example, and the lists of the case against the answer. */
export function judge(published: PublishedCase, answer: WireAnswer): Verdict {
  return judgeBy(publishedResponse(published.example, published.status), published, answer);
}

/** The same for an example that stands in no file of its own. */
export function judgeBy(response: PublishedResponse, lists: Lists, answer: WireAnswer): Verdict {
  const { alsoAnswered = [], cantMatch = [] } = lists;
  const compare = comparison(response, lists);
  const found = compare(answer.body);
  return {
    unexpected: found.filter((difference) => !isListed(difference, cantMatch)),
    missingHeaders: Object.keys(response.headers ?? {}).filter(
      (name) => answer.headers[name.toLowerCase()] === undefined,
    ),
    staleCantMatch: cantMatch
      .filter((entry) => !found.some((difference) => isListed(difference, [entry])))
      .map(({ path }) => path),
    staleAlsoAnswered: alsoAnswered
      .filter((entry) => comparison(response, lists, entry)(answer.body).length === found.length)
      .map(({ path }) => path),
  };
}

/** Tells of any number of bodies whether `judge` would find something unexpected in them. */
export function createDetector(published: PublishedCase): (body: unknown) => boolean {
  const compare = comparison(publishedResponse(published.example, published.status), published);
  return (body) => compare(body).some((difference) => !isListed(difference, published.cantMatch ?? []));
}

type Lists = Pick<PublishedCase, "alsoAnswered" | "cantMatch" | "orLike">;

/** @param without an `alsoAnswered` entry to be ignored */
function comparison(
  response: PublishedResponse,
  { alsoAnswered = [], orLike = [] }: Lists,
  without?: AlsoAnswered,
): (body: unknown) => Difference[] {
  if (response.body === undefined) return (body) => withoutBody(undefined, body);
  const required = shapeOf(response.body);
  const allowed = withOptional(required, [
    ...orLike.map(({ example, status, at }) => shapeAt(at.replace(/\.$/, ""), publishedResponse(example, status).body)),
    ...alsoAnswered.filter((entry) => entry !== without).map(({ path, sample }) => shapeAt(path, sample)),
  ]);
  return (body) =>
    body === undefined ? withoutBody(response.body, body) : differences(shapeOf(body), required, allowed);
}

/** A field may be missing for a reason; no reason excuses a wrong type or a name that nobody knows. */
function isListed({ kind, path }: Difference, cantMatch: readonly CantMatch[]): boolean {
  return (
    (kind === "missing-field" || kind === "sometimes-missing-field") && cantMatch.some((entry) => entry.path === path)
  );
}

export type PublishedResponse = { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

function publishedResponse(example: string, status: number): PublishedResponse {
  const file = readPublished(example) as { responses: Record<string, PublishedResponse> };
  const response = file.responses[String(status)];
  if (response === undefined) throw new Error(`The example ${example} shows no answer ${status}.`);
  return response;
}

/** An example without a body means that there is none. */
function withoutBody(expected: unknown, actual: unknown): Difference[] {
  if (expected === undefined && actual === undefined) return [];
  return expected === undefined
    ? [{ kind: "unknown-field", path: "", types: "a body" }]
    : [{ kind: "missing-field", path: "", types: "a body" }];
}

export function readPublished(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./published-examples/${name}.json`, import.meta.url), "utf8"));
}

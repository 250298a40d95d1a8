import { tryParseErrorBody } from "../../shared/azure-error-body.ts";
import type { AzureError, AzureErrorBody } from "../../shared/azure-error.ts";
import { RETRY } from "../../shared/remedy.ts";
import { errorParts, normalCode, wordsOf, type ErrorPart } from "./error-parts.ts";
import { findFacts, type FailureAbout, type Facts } from "./failure-facts.ts";
import type { FailureRule } from "./failure-rule.ts";
import { CAUSES, SYMPTOMS } from "./failure-rules.ts";
import { failureOf, type Failure } from "./failure.ts";
import { activityLog } from "./remedies.ts";

/**
 * Facts of a failing Azure answer or ARM operation, as a failure for people. The innermost cause that a rule knows decides; what
 * none knows stays UNKNOWN, with Azure's own code and words.
 * @param about what was asked for, which fills in what Azure leaves out
 */
export function classifyFailure(given: AzureErrorBody, about: FailureAbout = {}): Failure {
  // A body that was put together from a text may hold more than it shows.
  const body = tryParseErrorBody(given) ?? given;
  const parts = errorParts(body);
  const facts = findFacts(parts, about);
  const found = findRule(CAUSES, parts, facts) ?? findRule(SYMPTOMS, parts, facts);
  const cause = found?.part ?? parts[0] ?? { code: body.code, text: body.message, body };
  const own = findFacts([cause, ...parts], about);
  const ids = { correlationId: about.correlationId, operationId: about.operationId };
  const code = [cause.body.code, cause.code, ...parts.map((part) => part.code)].find(isSpoken) ?? body.code;
  const message = readable(cause.body.message) || readable(cause.text) || body.message;
  if (!found)
    return failureOf("UNKNOWN", code || "Unknown", message, {
      ...ids,
      summary: UNKNOWN_SUMMARY,
      remedies: [RETRY, ...activityLog(about)],
    });
  const { rule } = found;
  return failureOf(rule.category, code || "Unknown", message, {
    ...ids,
    fault: rule.fault,
    summary: rule.tell(own, about),
    remedies: rule.remedies(own, about),
  });
}

/** A refusal of Azure, or that Azure could not be asked: what no rule knows is told by its kind. */
export function classifyAzureError(error: AzureError, about: FailureAbout = {}): Failure {
  const failure = classifyFailure(error.body, { ...about, correlationId: error.correlationId ?? about.correlationId });
  // OperationNotAllowed and BadRequest are Azure's words for "not now" as well as for "never".
  const isVague = failure.category === "UNKNOWN" || failure.category === "INVALID_REQUEST";
  const kind = isVague ? BY_KIND[error.kind] : undefined;
  if (!kind || (failure.category === "INVALID_REQUEST" && error.kind !== "conflict")) return failure;
  return { ...failure, ...kind };
}

const UNKNOWN_SUMMARY =
  "Slipway does not know this error. Azure's own words are below; Azure support finds the request by its ids.";

const BY_KIND: Partial<Record<AzureError["kind"], Pick<Failure, "category" | "fault" | "summary" | "remedies">>> = {
  transient: unavailable(),
  "lost-reply": unavailable(),
  forbidden: {
    category: "FORBIDDEN",
    fault: "YOURS",
    summary: "Azure does not allow this to Slipway's identity.",
    remedies: [RETRY],
  },
  conflict: {
    category: "CONFLICT",
    fault: "PASSING",
    summary: "Something else is going on with the same thing at Azure.",
    remedies: [RETRY],
  },
  "not-found": {
    category: "NOT_FOUND",
    fault: "YOURS",
    summary: "Something that is named in the request is not there.",
    remedies: [RETRY],
  },
};

function unavailable(): Pick<Failure, "category" | "fault" | "summary" | "remedies"> {
  return {
    category: "AZURE_UNAVAILABLE",
    fault: "PASSING",
    summary: "Azure failed or could not be reached. It usually works again within minutes.",
    remedies: [RETRY],
  };
}

interface Found {
  readonly rule: FailureRule;
  readonly part: ErrorPart;
}

/** A code says more than words do: names of people's things are words too. */
function findRule(rules: readonly FailureRule[], parts: readonly ErrorPart[], facts: Facts): Found | undefined {
  for (const part of parts) {
    const words = wordsOf(part.text);
    const code = normalCode(part.code);
    const isOf = (codes: readonly string[] | undefined): boolean =>
      code !== "" && codes?.some((known) => normalCode(known) === code) === true;
    const fits = ({ when }: FailureRule): boolean => when?.(facts, words) ?? true;
    const rule =
      rules.find((one) => (isOf(one.codes) || (isOf(one.refines) && one.words?.test(words) === true)) && fits(one)) ??
      rules.find((one) => one.words?.test(words) && fits(one));
    if (rule) return { rule, part };
  }
  return undefined;
}

/** A service that hands on another's refusal has its HTTP status for a code. */
function isSpoken(code: string): boolean {
  return /[a-z]/i.test(code);
}

/** JSON is for machines. */
function readable(message: string): string {
  return /^\s*\{/.test(message) ? "" : message.trim();
}

import type { AzureErrorBody } from "../../shared/azure-error.ts";

/** One thing that Azure says went wrong: a body, or a code and the words after it within a body's message. */
export interface ErrorPart {
  readonly code: string;
  readonly text: string;
  /** The body that says it. */
  readonly body: AzureErrorBody;
}

/** A deployment of a whole landscape has some dozens; each is looked at with every rule. */
const MOST_PARTS = 100;

/** What Azure says went wrong, innermost first: the causes in `details`, then those quoted in a message, then the message itself. */
export function errorParts(body: AzureErrorBody): readonly ErrorPart[] {
  return allParts(body).slice(0, MOST_PARTS);
}

function allParts(body: AzureErrorBody): ErrorPart[] {
  return [...(body.details ?? []).flatMap(allParts), ...ownParts(body)];
}

function ownParts(body: AzureErrorBody): ErrorPart[] {
  const { code, message: text, subcode } = body;
  return [
    ...quotedParts(body),
    ...(subcode === undefined ? [] : [{ code: subcode, text, body }]),
    { code, text, body },
  ];
}

/**
 * `Code="X" Message="…"` (Go clients, AKS's reconcilers), `SubCode: X`, `Error code: X`, `(X) …` (the az CLI),
 * `VMExtensionError_X` (the script that sets nodes up). A number is no code: a status or an exit code.
 */
const QUOTED_CODE =
  /(?:^|[^A-Za-z])(?:sub|error|inner)?[ _-]?code\\*["']?\s*[:=]\s*\\*["']?(?<named>[A-Za-z][\w./]{2,100})|^\s*\((?<leading>[A-Za-z]\w{2,100})\)|\bVMExtensionError_(?<script>\w+)/gim;

/** The last one quoted is the deepest. */
function quotedParts(body: AzureErrorBody): ErrorPart[] {
  const matches = [...body.message.matchAll(QUOTED_CODE)];
  return matches
    .map((match, index) => ({
      code: match.groups?.["named"] ?? match.groups?.["leading"] ?? match.groups?.["script"] ?? "",
      text: body.message.slice(match.index, matches[index + 1]?.index),
      body,
    }))
    .toReversed();
}

/** `ErrCode_InsufficientVCPUQuota`, `insufficientVcpuQuota` and `Microsoft.Compute/InsufficientVCPUQuota` are one code. */
export function normalCode(code: string): string {
  const last = code.split(/[/.:]/).findLast((segment) => segment !== "") ?? "";
  return last
    .replace(/^err(or)?_?code_?/i, "")
    .replace(/[^A-Za-z0-9]/g, "")
    .toLowerCase();
}

const PLACEHOLDER = "…";

/**
 * The words of a text without the names in it, so that a resource called `quota-exceeded`, a link or a `401` within a GUID says
 * nothing about the cause.
 */
export function wordsOf(text: string): string {
  return text
    .replace(/https?:\/\/\S+|\baka\.ms\/\S+/gi, PLACEHOLDER)
    .replace(/\/?subscriptions\/[^\s'",;]+/gi, PLACEHOLDER)
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, PLACEHOLDER)
    .replace(/(['"])[^\s'"]{1,200}\1/g, PLACEHOLDER)
    .replace(/\s+/g, " ");
}

import type { Remedy } from "../../shared/remedy.ts";
import type { Facts, FailureAbout } from "./failure-facts.ts";
import type { FailureCategory, FailureFault } from "./failure.ts";

/** How one kind of failure is known, told and mended. A rule applies to a part of an error by its code, or else by its words. */
export interface FailureRule {
  readonly name: string;
  readonly category: FailureCategory;
  readonly fault: FailureFault;
  /** Azure's codes, without prefixes and in any case. */
  readonly codes?: readonly string[];
  /** Codes of Azure that are wider than the rule: they count together with the words. */
  readonly refines?: readonly string[];
  /** Neither the code nor the words count unless this holds too. */
  readonly when?: (facts: Facts, words: string) => boolean;
  /** Words that tell it whatever the code; names, links and ids are taken out of what they are looked for in. */
  readonly words?: RegExp;
  /** What happened, for people: a sentence or two with the names and numbers. */
  readonly tell: (facts: Facts, about: FailureAbout) => string;
  readonly remedies: (facts: Facts, about: FailureAbout) => readonly Remedy[];
  /** The page that says so. */
  readonly source: string;
}

/** ` in westeurope`, or nothing. */
export function inLocation({ location }: Facts): string {
  return location === undefined ? "" : ` in ${location}`;
}

/** `before` + the value + `after`, or `otherwise` when there is none. */
export function withValue(before: string, value: string | undefined, after = "", otherwise = ""): string {
  return value === undefined ? otherwise : `${before}${value}${after}`;
}

/** A page of AKS's troubleshooting guide. */
export function aksGuide(page: string): string {
  return `https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/${page}`;
}

export function armGuide(page: string): string {
  return `https://learn.microsoft.com/azure/azure-resource-manager/${page}`;
}

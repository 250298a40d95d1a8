import { routes } from "../../lib/routes.ts";
import type { ActivityAction, ActivityOutcome, ActivityScope } from "./activity-documents.ts";
import { ACTION_CHOICES, OUTCOME_CHOICES, SCOPE_CHOICES } from "./activity-words.ts";

/** Which entries are shown; empty means any. */
export interface ActivityFilter {
  action: ActivityAction | "";
  /** Id of the thing that they are about. */
  about: string;
  scope: ActivityScope | "";
  outcome: ActivityOutcome | "";
}

export const NO_FILTER: ActivityFilter = { action: "", about: "", scope: "", outcome: "" };

/** Reads a filter from the query of a page's address. */
export function parseActivityFilter(query: Partial<Record<keyof ActivityFilter, string | string[]>>): ActivityFilter {
  const word = (value: string | string[] | undefined): string =>
    typeof value === "string" ? value.replaceAll("-", "_").toUpperCase() : "";
  return {
    action: parseAction(word(query.action)),
    about: typeof query.about === "string" ? query.about : "",
    scope: parseScope(word(query.scope)),
    outcome: parseOutcome(word(query.outcome)),
  };
}

export function parseAction(text: string): ActivityFilter["action"] {
  return ACTION_CHOICES.find(({ value }) => value === text)?.value ?? "";
}

export function parseScope(text: string): ActivityFilter["scope"] {
  return SCOPE_CHOICES.find(({ value }) => value === text)?.value ?? "";
}

export function parseOutcome(text: string): ActivityFilter["outcome"] {
  return OUTCOME_CHOICES.find(({ value }) => value === text)?.value ?? "";
}

/** The address of the activity that this filter shows. */
export function activityAddress({ action, about, scope, outcome }: ActivityFilter): string {
  const word = (value: string): string => value.toLowerCase().replaceAll("_", "-");
  return routes.activity({ action: word(action), about, scope: word(scope), outcome: word(outcome) });
}

export function isFiltered(filter: ActivityFilter): boolean {
  return Object.values(filter).some((part) => part !== "");
}

/** What the API is asked for. */
export function queryOf({ action, about, scope, outcome }: ActivityFilter): {
  action: ActivityAction | null;
  aboutId: string | null;
  scope: ActivityScope | null;
  outcome: ActivityOutcome | null;
} {
  return { action: action || null, aboutId: about || null, scope: scope || null, outcome: outcome || null };
}

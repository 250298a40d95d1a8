import { routes } from "../../lib/routes.ts";
import type { ActivityAction } from "./activity-documents.ts";
import { ACTION_CHOICES } from "./activity-words.ts";

/** Which entries are shown; empty means any. */
export interface ActivityFilter {
  action: ActivityAction | "";
  /** Id of the thing that they are about. */
  about: string;
}

export const NO_FILTER: ActivityFilter = { action: "", about: "" };

/** Reads a filter from the query of a page's address. */
export function parseActivityFilter(query: { action?: string | string[]; about?: string | string[] }): ActivityFilter {
  return {
    action: parseAction(typeof query.action === "string" ? query.action.replaceAll("-", "_").toUpperCase() : ""),
    about: typeof query.about === "string" ? query.about : "",
  };
}

export function parseAction(text: string): ActivityFilter["action"] {
  return ACTION_CHOICES.find(({ value }) => value === text)?.value ?? "";
}

/** The address of the activity that this filter shows. */
export function activityAddress({ action, about }: ActivityFilter): string {
  return routes.activity({ action: action.toLowerCase().replaceAll("_", "-"), about });
}

export function isFiltered({ action, about }: ActivityFilter): boolean {
  return action !== "" || about !== "";
}

/** What the API is asked for. */
export function queryOf({ action, about }: ActivityFilter): { action: ActivityAction | null; aboutId: string | null } {
  return { action: action === "" ? null : action, aboutId: about === "" ? null : about };
}

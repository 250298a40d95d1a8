import { routes } from "../../../lib/routes.ts";
import type { Build, BuildStatus } from "../builds/build-documents.ts";

/** States to choose from, in ACR's words. */
export const STATES = [
  { value: "all", label: "All states", statuses: [] },
  { value: "in-flight", label: "In flight", statuses: ["UNKNOWN", "QUEUED", "STARTED", "RUNNING"] },
  { value: "succeeded", label: "Succeeded", statuses: ["SUCCEEDED"] },
  { value: "unsuccessful", label: "Did not succeed", statuses: ["FAILED", "ERROR", "TIMEOUT", "CANCELED"] },
  { value: "failed", label: "Failed", statuses: ["FAILED"] },
  { value: "error", label: "Error", statuses: ["ERROR"] },
  { value: "timeout", label: "Timed out", statuses: ["TIMEOUT"] },
  { value: "canceled", label: "Canceled", statuses: ["CANCELED"] },
] as const satisfies readonly { value: string; label: string; statuses: readonly BuildStatus[] }[];

export type HistoryState = (typeof STATES)[number]["value"];

/** Which builds of a registry; an empty image means any. */
export interface HistoryFilter {
  image: string;
  state: HistoryState;
}

/** Reads a filter from the query of a page's address. */
export function parseHistoryFilter(query: { image?: string | string[]; state?: string | string[] }): HistoryFilter {
  return {
    image: typeof query.image === "string" ? query.image.trim() : "",
    state: parseHistoryState(query.state),
  };
}

export function parseHistoryState(text: unknown): HistoryState {
  return STATES.find(({ value }) => value === text)?.value ?? "all";
}

/** The address of the history that this filter shows. */
export function historyAddress(registryId: string, { image, state }: HistoryFilter): string {
  return routes.buildHistory(registryId, { image, state: state === "all" ? "" : state });
}

export function isFiltered({ image, state }: HistoryFilter): boolean {
  return image !== "" || state !== "all";
}

/** What the API is asked for; everything without a filter. */
export function queryOf({ image, state }: HistoryFilter): { image: string | null; statuses: BuildStatus[] | null } {
  const statuses = statusesOf(state);
  return { image: image === "" ? null : image, statuses: statuses.length === 0 ? null : [...statuses] };
}

export function matches(build: Build, { image, state }: HistoryFilter): boolean {
  const statuses = statusesOf(state);
  return (image === "" || build.image === image) && (statuses.length === 0 || statuses.includes(build.status));
}

function statusesOf(state: HistoryState): readonly BuildStatus[] {
  return STATES.find(({ value }) => value === state)?.statuses ?? [];
}

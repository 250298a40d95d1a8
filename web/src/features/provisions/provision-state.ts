import type { Progress, ProvisionStatus, ProvisionSummary, TimelineEntry } from "./provision-documents.ts";

const TERMINAL: ReadonlySet<ProvisionStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

export function isTerminal(status: ProvisionStatus): boolean {
  return TERMINAL.has(status);
}

/**
 * The progress to show after `next` arrived. Messages may come twice or late, so a sequence that is not newer changes nothing. Within one
 * attempt (the same start) the bar never falls and pools and portal link never vanish.
 */
export function mergeProgress(current: Progress | undefined, next: Progress): Progress {
  if (!current) return next;
  if (next.sequence <= current.sequence) return current;
  if (next.startedAt !== current.startedAt) return next;
  return {
    ...next,
    percent: Math.max(current.percent, next.percent),
    nodePools: next.nodePools.length > 0 ? next.nodePools : current.nodePools,
    portalUrl: next.portalUrl ?? current.portalUrl,
  };
}

/** The timeline with `arrived` in it: each sequence once, ascending, whatever the order of arrival. */
export function mergeTimeline(
  entries: readonly TimelineEntry[],
  arrived: readonly TimelineEntry[],
): readonly TimelineEntry[] {
  const known = new Set(entries.map((entry) => entry.sequence));
  const fresh = arrived.filter((entry) => !known.has(entry.sequence));
  if (fresh.length === 0) return entries;
  const merged = new Map([...entries, ...fresh].map((entry) => [entry.sequence, entry]));
  return [...merged.values()].sort((one, other) => one.sequence - other.sequence);
}

export function lastSequence(entries: readonly TimelineEntry[]): number {
  return entries.at(-1)?.sequence ?? 0;
}

/** The list with `arrived` in it, newest first. A summary replaces the one of the same provision unless its progress is older. */
export function mergeSummaries(
  list: readonly ProvisionSummary[],
  arrived: readonly ProvisionSummary[],
): readonly ProvisionSummary[] {
  const byId = new Map(list.map((summary) => [summary.id, summary]));
  for (const summary of arrived) {
    const known = byId.get(summary.id);
    if (known && summary.progress.sequence < known.progress.sequence) continue;
    byId.set(summary.id, known ? { ...summary, progress: mergeProgress(known.progress, summary.progress) } : summary);
  }
  return [...byId.values()].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}

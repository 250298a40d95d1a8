import type { ActivityEntry, ActivityPage } from "./activity-documents.ts";

/** Somebody asked to stop a cluster, and it was accepted. */
export function entryFixture(sequence: number, part: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    id: `e${sequence}`,
    sequence,
    at: "2026-11-22T10:35:00Z",
    viewerName: "Ada",
    address: null,
    action: "STOP_CLUSTER",
    target: { kind: "CLUSTER", id: "c1", name: "shop-dev", detail: null, withinId: null },
    outcome: "ACCEPTED",
    message: null,
    started: [],
    ...part,
  };
}

export function pageFixture(entries: ActivityEntry[], endCursor: string | null = null): ActivityPage {
  return {
    newestSequence: entries[0]?.sequence ?? 0,
    edges: entries.map((node) => ({ node })),
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
  };
}

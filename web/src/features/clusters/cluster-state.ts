import type { Cluster } from "./cluster-documents.ts";

/** The list after a whole reading of it: rows of the reading, each at its newest version, in a stable order. */
export function replaceClusters(known: readonly Cluster[], read: readonly Cluster[]): readonly Cluster[] {
  const newest = new Map(known.map((cluster) => [cluster.id, cluster]));
  return byName(read.map((cluster) => newerOf(newest.get(cluster.id), cluster)));
}

/** The list after some clusters changed. A change that is older than what is known is dropped; a cluster that is gone leaves. */
export function mergeClusters(known: readonly Cluster[], changed: readonly Cluster[]): readonly Cluster[] {
  const byId = new Map(known.map((cluster) => [cluster.id, cluster]));
  for (const cluster of changed) byId.set(cluster.id, newerOf(byId.get(cluster.id), cluster));
  return byName([...byId.values()].filter((cluster) => cluster.status !== "DELETED"));
}

function newerOf(known: Cluster | undefined, next: Cluster): Cluster {
  return known && known.version > next.version ? known : next;
}

function byName(clusters: Cluster[]): readonly Cluster[] {
  return clusters.sort((one, other) => one.name.localeCompare(other.name) || one.id.localeCompare(other.id));
}

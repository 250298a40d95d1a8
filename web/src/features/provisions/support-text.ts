import { withoutSecrets } from "../../lib/without-secrets.ts";
import type { Failure, Progress, ProvisionDetail, TimelineEntry } from "./provision-documents.ts";

/**
 * Everything a support case asks for, as text to paste: ids, the request, what happened when. Only what is named here is in it:
 * of tags the names alone, and addresses without what stands behind their question mark.
 */
export function supportText(
  provision: ProvisionDetail,
  progress: Progress,
  failure: Failure,
  timeline: readonly TimelineEntry[],
): string {
  const lines: [string, string | null][] = [
    ["Cluster", provision.clusterName],
    ["Subscription", provision.subscriptionId],
    ["Resource group", provision.resourceGroup],
    ["Location", provision.location],
    ["Kubernetes version", provision.kubernetesVersion ?? "Azure's default"],
    ...provision.requestedNodePools.map((pool): [string, string] => [
      `Asked for pool ${pool.name}`,
      `${pool.mode}, ${pool.count} × ${pool.vmSize}`,
    ]),
    ["Tags", provision.requestedTags.map(({ name }) => name).join(", ") || null],
    [
      "Failed in",
      `step ${progress.step}/${progress.totalSteps} (${progress.label}) after ${progress.elapsedSeconds} s`,
    ],
    ["AKS state", progress.clusterState],
    ["Category", failure.category],
    ["Summary", failure.summary],
    ["Code", failure.code],
    ["Message", failure.message],
    ["Correlation id", failure.correlationId],
    ["Operation id", failure.operationId],
    ["Started", progress.startedAt],
    ["Last observed", progress.observedAt],
    ["Provision", provision.id],
    ...progress.nodePools.map((pool): [string, string] => [
      `Node pool ${pool.name}`,
      `${pool.provisioningState}, ${pool.count} × ${pool.vmSize}${pool.error ? `, ${pool.error.code}: ${pool.error.message}` : ""}`,
    ]),
    ...timeline.map(({ at, message }): [string, string] => [at, message]),
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${oneLine(withoutSecrets(value))}`] : [])).join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}

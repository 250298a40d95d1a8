"use client";

import { LoaderCircle } from "lucide-react";
import { isConnectionCut } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { ActionButton } from "../../ui/action-button.tsx";
import { Card } from "../../ui/card.tsx";
import { Facts } from "../../ui/facts.tsx";
import type { CreateClusterValues } from "./create-cluster-values.ts";
import type { CheckRow } from "./preflight/preflight-rows.ts";
import { PreflightVerdict } from "./preflight/preflight-verdict.tsx";

interface CreateClusterSummaryProps {
  values: CreateClusterValues;
  /** vCPUs of all pools together; `undefined` while not known. */
  cpus: number | undefined;
  isSending: boolean;
  errorCount: number;
  /** What Azure says of it so far; undefined while too little is chosen to ask. */
  checks: readonly CheckRow[] | undefined;
}

/** What will be made, and the button that makes it. */
export function CreateClusterSummary({ values, cpus, isSending, errorCount, checks }: CreateClusterSummaryProps) {
  const { status } = useConnection();
  const nodes = values.nodePools.reduce((sum, pool) => sum + (pool.count ?? 0), 0);
  const isCut = isConnectionCut(status);
  return (
    <div className="lg:sticky lg:top-[76px]">
      <Card title="Summary">
        <div className="grid gap-4">
          <Facts
            facts={[
              { name: "Cluster", value: values.clusterName || "–" },
              { name: "Resource group", value: values.resourceGroup || "–" },
              { name: "Location", value: values.location || "–" },
              { name: "Nodes", value: <span className="tabular-nums">{nodes}</span> },
              { name: "vCPUs", value: <output className="font-semibold tabular-nums">{cpus ?? "–"}</output> },
            ]}
          />
          {checks && <PreflightVerdict rows={checks} />}
          <ActionButton look="primary" type="submit" disabled={isSending || isCut} className="min-h-10 w-full">
            {isSending && <LoaderCircle size={16} aria-hidden="true" className="icon-spin" />}
            {isSending ? "Starting…" : "Create"}
          </ActionButton>
          <p className="text-[12.5px] text-text-3" role="status">
            {statusText(isCut, isSending, errorCount)}
          </p>
        </div>
      </Card>
    </div>
  );
}

function statusText(isCut: boolean, isSending: boolean, errorCount: number): string {
  if (isCut && isSending)
    return "The connection was lost. The request goes out again when it is back, and makes one cluster only.";
  if (isCut) return "Create is off while there is no connection to Slipway.";
  if (errorCount > 0) return errorCount === 1 ? "One field needs attention." : `${errorCount} fields need attention.`;
  return "Azure takes 5–10 minutes. You can leave the page: the work goes on.";
}

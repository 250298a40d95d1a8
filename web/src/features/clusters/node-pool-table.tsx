import { Plus } from "lucide-react";
import { ActionButton } from "../../ui/action-button.tsx";
import { Card } from "../../ui/card.tsx";
import { Chip, type ChipIcon, type ChipTone } from "../../ui/chip.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { type Availability, removeReason, scaleReason } from "./cluster-availability.ts";
import type { Cluster, NodePool } from "./cluster-documents.ts";
import type { ClusterChange } from "./use-cluster-change.ts";

const LOOKS: Record<string, { tone: ChipTone; icon: ChipIcon }> = {
  SUCCESS: { tone: "success", icon: "check" },
  IN_PROGRESS: { tone: "accent", icon: "spinner" },
  FAILED: { tone: "danger", icon: "cross" },
  NEUTRAL: { tone: "neutral", icon: "dashed" },
};

interface NodePoolTableProps {
  cluster: Cluster;
  available: Availability;
  change: ClusterChange;
}

/** The node pools as Azure shows them, with what can be done to each. */
export function NodePoolTable({ cluster, available, change }: NodePoolTableProps) {
  const columns: readonly Column<NodePool>[] = [
    { label: "Pool", isTitle: true, cell: (pool) => <PoolName pool={pool} /> },
    { label: "State", cell: (pool) => <PoolState pool={pool} /> },
    { label: "Nodes", cell: (pool) => <PoolNodes pool={pool} /> },
    { label: "Size", cell: (pool) => pool.vmSize },
    { label: "Options", cell: (pool) => <PoolOptions pool={pool} /> },
    {
      label: "Actions",
      cell: (pool) => (
        <div className="-ml-2 flex">
          <ActionButton
            look="quiet"
            className="px-2!"
            aria-label={`Scale ${pool.name}`}
            reason={scaleReason(pool, available.pools)}
            onClick={() => change.ask({ kind: "SCALE", pool })}
          >
            Scale
          </ActionButton>
          <ActionButton
            look="quiet"
            className="px-2!"
            aria-label={`Remove ${pool.name}`}
            reason={removeReason(pool, cluster.nodePools, available.pools)}
            onClick={() => change.ask({ kind: "REMOVE", pool })}
          >
            Remove
          </ActionButton>
        </div>
      ),
    },
  ];
  return (
    <Card
      title="Node pools"
      flush
      aside={
        <ActionButton reason={available.pools} onClick={() => change.ask({ kind: "ADD" })}>
          <Plus size={15} aria-hidden="true" /> Add pool
        </ActionButton>
      }
    >
      <DataTable caption="Node pools" columns={columns} rows={cluster.nodePools} rowKey={(pool) => pool.name} />
    </Card>
  );
}

function PoolName({ pool }: { pool: NodePool }) {
  return (
    <>
      {pool.name} <span className="font-normal text-text-3">{pool.mode.toLowerCase()}</span>
    </>
  );
}

/** Azure's word is that of the pool's last operation: nodes of a pool that is Failed may still run. */
function PoolState({ pool }: { pool: NodePool }) {
  const look = LOOKS[pool.tone] ?? { tone: "neutral", icon: "question" };
  const isOff = pool.powerState !== null && pool.powerState.toLowerCase() !== "running";
  const power = pool.powerState ? `, power state ${pool.powerState}` : "";
  const hint =
    pool.tone === "FAILED" ? "The state of its last operation: nodes that were there before may still run" : "";
  return (
    <span title={hint || `Provisioning state ${pool.provisioningState}${power}`}>
      <Chip {...look} label={pool.provisioningState}>
        {isOff && <span>· {pool.powerState}</span>}
      </Chip>
      <span className="sr-only">
        {hint && `. ${hint}`}
        {power}
      </span>
    </span>
  );
}

function PoolNodes({ pool }: { pool: NodePool }) {
  return (
    <span className="tabular-nums">
      {pool.count}
      {pool.autoscale && (
        <span className="text-text-3">
          {" "}
          ({pool.autoscale.minCount}–{pool.autoscale.maxCount} by AKS)
        </span>
      )}
    </span>
  );
}

function PoolOptions({ pool }: { pool: NodePool }) {
  const options = [
    ...(pool.availabilityZones.length > 0 ? [`zones ${pool.availabilityZones.join(", ")}`] : []),
    ...pool.taints,
    ...pool.labels.map(({ name, value }) => (value === "" ? name : `${name}=${value}`)),
  ];
  if (options.length === 0) return <span className="text-text-3">–</span>;
  return (
    <ul className="grid gap-0.5 text-[12.5px] text-text-2">
      {options.map((option) => (
        <li key={option} className="[overflow-wrap:anywhere]">
          {option}
        </li>
      ))}
    </ul>
  );
}

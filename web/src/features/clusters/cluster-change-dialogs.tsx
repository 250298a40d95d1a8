"use client";

import { useState } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { AddPoolDialog } from "./add-pool-dialog.tsx";
import type { Cluster, NodePool } from "./cluster-documents.ts";
import type { ClusterChange } from "./use-cluster-change.ts";

interface DialogProps {
  cluster: Cluster;
  change: ClusterChange;
}

/** The dialog of what is being asked, if anything. Each begins anew when it opens. */
export function ClusterChangeDialogs({ cluster, change }: DialogProps) {
  switch (change.asked?.kind) {
    case "START":
      return <StartDialog cluster={cluster} change={change} />;
    case "STOP":
      return <StopDialog cluster={cluster} change={change} />;
    case "DELETE":
      return <DeleteDialog cluster={cluster} change={change} />;
    case "ADD":
      return <AddPoolDialog cluster={cluster} change={change} />;
    case "SCALE":
      return <ScaleDialog cluster={cluster} change={change} pool={change.asked.pool} />;
    case "REMOVE":
      return <RemoveDialog cluster={cluster} change={change} pool={change.asked.pool} />;
    default:
      return null;
  }
}

function StartDialog({ cluster, change }: DialogProps) {
  return (
    <ConfirmDialog
      isOpen
      title={`Start ${cluster.name}?`}
      description="Its machines start again, which costs from then on. It takes some minutes."
      confirmLabel="Start cluster"
      sendingLabel="Asking…"
      cancelLabel="Leave it stopped"
      isSending={change.isSending}
      refusal={change.refusal}
      onConfirm={change.start}
      onClose={change.close}
    />
  );
}

function StopDialog({ cluster, change }: DialogProps) {
  return (
    <ConfirmDialog
      isOpen
      title={`Stop ${cluster.name}?`}
      description="Its machines are shut down and everything that runs on them ends. Machines cost nothing until it is started again; disks and addresses still do. It can be started again at any time."
      confirmLabel="Stop cluster"
      sendingLabel="Asking…"
      cancelLabel="Keep it running"
      look="danger"
      isSending={change.isSending}
      refusal={change.refusal}
      onConfirm={change.stop}
      onClose={change.close}
    />
  );
}

function DeleteDialog({ cluster, change }: DialogProps) {
  const [typed, setTyped] = useState("");
  const nodes = cluster.nodePools.reduce((sum, pool) => sum + pool.count, 0);
  return (
    <ConfirmDialog
      isOpen
      title={`Delete ${cluster.name}?`}
      description={
        <>
          <p>
            The cluster with its {cluster.nodePools.length} node pools, {nodes} nodes, the disks that AKS made for it
            and everything that runs on it are deleted at Azure. <b className="text-text">This can&apos;t be undone.</b>
          </p>
          <p className="mt-2">
            Its resource group {cluster.resourceGroup} goes as well, but only if Slipway made it and nothing else lies
            in it.
          </p>
        </>
      }
      confirmLabel="Delete cluster"
      sendingLabel="Asking…"
      cancelLabel="Keep it"
      look="danger"
      isSending={change.isSending}
      isIncomplete={typed !== cluster.name}
      refusal={change.refusal}
      onConfirm={() => change.remove(typed)}
      onClose={change.close}
    >
      <TextField
        id="confirm-name"
        label={`Type ${cluster.name} to delete it`}
        value={typed}
        onChange={setTyped}
        error={change.fieldErrors["confirmName"]}
      />
    </ConfirmDialog>
  );
}

function ScaleDialog({ cluster, change, pool }: DialogProps & { pool: NodePool }) {
  const [count, setCount] = useState<number | null>(pool.count);
  const isSame = count === null || count === pool.count;
  return (
    <ConfirmDialog
      isOpen
      title={`Scale ${pool.name} of ${cluster.name}`}
      description={`It has ${nodesText(pool.count)} of ${pool.vmSize} now. With fewer nodes AKS moves what runs on the others away first.`}
      confirmLabel={isSame ? "Scale" : `Scale to ${nodesText(count)}`}
      sendingLabel="Asking…"
      cancelLabel={`Keep ${nodesText(pool.count)}`}
      isSending={change.isSending}
      isIncomplete={isSame}
      refusal={change.refusal ?? change.fieldErrors["poolName"]}
      onConfirm={() => count !== null && change.scale(pool.name, count)}
      onClose={change.close}
    >
      <NumberField
        id="scale-count"
        label="Nodes"
        value={count}
        onChange={setCount}
        error={change.fieldErrors["count"]}
      />
    </ConfirmDialog>
  );
}

function RemoveDialog({ cluster, change, pool }: DialogProps & { pool: NodePool }) {
  return (
    <ConfirmDialog
      isOpen
      title={`Remove ${pool.name} from ${cluster.name}?`}
      description={`The pool with its ${nodesText(pool.count)} is deleted. What runs on them is moved to other pools where Kubernetes can, and ends where it can't. This can't be undone.`}
      confirmLabel="Remove pool"
      sendingLabel="Asking…"
      cancelLabel="Keep it"
      look="danger"
      isSending={change.isSending}
      refusal={change.refusal ?? change.fieldErrors["poolName"]}
      onConfirm={() => change.removePool(pool.name)}
      onClose={change.close}
    />
  );
}

function nodesText(count: number): string {
  return count === 1 ? "1 node" : `${count} nodes`;
}

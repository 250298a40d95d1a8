"use client";

import { useCallback, useState } from "react";
import type { Cluster, NodePool } from "./cluster-documents.ts";
import {
  addNodePoolMutation,
  deleteClusterMutation,
  type NodePoolInput,
  type Operation,
  removeNodePoolMutation,
  scaleNodePoolMutation,
  startClusterMutation,
  stopClusterMutation,
} from "./operations/operation-documents.ts";
import { type OperationRequest, useOperationRequest } from "./operations/use-operation-request.ts";

/** What a dialog asks about. */
export type Question =
  | { kind: "START" }
  | { kind: "STOP" }
  | { kind: "DELETE" }
  | { kind: "ADD" }
  | { kind: "SCALE"; pool: NodePool }
  | { kind: "REMOVE"; pool: NodePool };

export interface ClusterChange extends Pick<OperationRequest, "isSending" | "refusal" | "fieldErrors"> {
  /** The dialog that is open. */
  asked: Question | undefined;
  /** The same function in every render. */
  ask(this: void, question: Question): void;
  close(): void;
  start(): void;
  stop(): void;
  remove(confirmName: string): void;
  scale(poolName: string, count: number): void;
  addPool(pool: NodePoolInput): void;
  removePool(poolName: string): void;
}

/** What can be done to a cluster, each with its dialog; the dialog closes when the server has stored the operation. */
export function useClusterChange(
  cluster: Pick<Cluster, "id"> | undefined,
  onBegun: (operation: Operation) => void,
): ClusterChange {
  const [asked, setAsked] = useState<Question>();
  const request = useOperationRequest(onBegun);
  const { reset } = request;
  const ask = useCallback(
    (question: Question) => {
      reset();
      setAsked(question);
    },
    [reset],
  );
  const clusterId = cluster?.id ?? "";

  function run(sending: Promise<boolean>): void {
    void sending.then((hasBegun) => hasBegun && setAsked(undefined));
  }

  return {
    isSending: request.isSending,
    refusal: request.refusal,
    fieldErrors: request.fieldErrors,
    asked,
    ask,
    close: () => setAsked(undefined),
    start: () => run(request.send(startClusterMutation, { clusterId })),
    stop: () => run(request.send(stopClusterMutation, { clusterId })),
    remove: (confirmName) => run(request.send(deleteClusterMutation, { clusterId, confirmName })),
    scale: (poolName, count) => run(request.send(scaleNodePoolMutation, { clusterId, poolName, count })),
    addPool: (pool) => run(request.send(addNodePoolMutation, { clusterId, pool })),
    removePool: (poolName) => run(request.send(removeNodePoolMutation, { clusterId, poolName })),
  };
}

"use client";

import { CircleStop } from "lucide-react";
import { ActionButton } from "../../ui/action-button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { cancelProvisionMutation, type Progress, type ProvisionSummary } from "./provision-documents.ts";
import { useProvisionAction } from "./use-provision-action.ts";

/** Stops a provision while it runs, after a question that says what stays. */
export function CancelProvision({ provision, progress }: { provision: ProvisionSummary; progress: Progress }) {
  const cancel = useProvisionAction(cancelProvisionMutation, provision.id, `Canceling ${provision.clusterName}`);
  if (progress.status !== "PENDING" && progress.status !== "RUNNING") return null;
  return (
    <>
      <ActionButton look="danger" onClick={cancel.ask}>
        <CircleStop size={15} aria-hidden="true" /> Cancel
      </ActionButton>
      <ConfirmDialog
        isOpen={cancel.isAsking}
        title={`Cancel the creation of ${provision.clusterName}?`}
        description={whatItMeans(progress)}
        confirmLabel="Cancel creation"
        sendingLabel="Asking…"
        cancelLabel="Keep creating"
        look="danger"
        isSending={cancel.isSending}
        refusal={cancel.refusal}
        onConfirm={() => void cancel.send()}
        onClose={cancel.close}
      />
    </>
  );
}

function whatItMeans({ phase, clusterState }: Progress): string {
  if (phase === "CREATING_CLUSTER" || phase === "ENSURING_RESOURCE_GROUP")
    return "Azure has not been asked for the cluster yet, so nothing of it is made. A resource group that Slipway has made for it stays; an empty one is free of charge.";
  if (phase === "ARM_CREATE_OR_UPDATE" && clusterState !== "Succeeded")
    return "Azure is asked to stop where it is. It rolls nothing back: the unfinished cluster, its node resource group and what runs in them stay and cost money until they are deleted. This page then names what is left and can clean it up.";
  return "The cluster is there already: it keeps running and costs money until it is deleted. Only the roles that are still to be granted are left out, so it may not be able to pull images.";
}

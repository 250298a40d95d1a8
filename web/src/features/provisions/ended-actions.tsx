"use client";

import { KeyRound, Pencil, RotateCcw, Trash2, X } from "lucide-react";
import type { ReactNode } from "react";
import { routes } from "../../lib/routes.ts";
import { ActionButton, ActionLink } from "../../ui/action-button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import {
  cleanUpProvisionMutation,
  dismissProvisionMutation,
  grantRolesMutation,
  type ProvisionSummary,
  retryProvisionMutation,
} from "./provision-documents.ts";
import { leftoverKind } from "./provision-words.ts";
import { type ProvisionAction, useProvisionAction } from "./use-provision-action.ts";

interface EndedActionsProps {
  provision: ProvisionSummary;
  /** Told of the new provision of a retry. */
  onRetried?: (provisionId: string) => void;
}

/** What can be done about a provision that did not succeed. Nothing for one that runs or has succeeded. */
export function EndedActions({ provision, onRetried }: EndedActionsProps) {
  const { id, clusterName, leftovers, progress } = provision;
  const retry = useProvisionAction(retryProvisionMutation, id, `Trying ${clusterName} again`);
  const grant = useProvisionAction(grantRolesMutation, id, `Granting the roles of ${clusterName} again`);
  const dismiss = useProvisionAction(dismissProvisionMutation, id, `${clusterName} is dismissed`);
  const cleanUp = useProvisionAction(cleanUpProvisionMutation, id, `Cleaning up what ${clusterName} has left`);
  if (progress.status !== "FAILED" && progress.status !== "CANCELED") return null;
  const lacksRoles = progress.failure?.category === "PERMISSIONS_INCOMPLETE";
  const isClusterLeft = leftovers.some(({ kind }) => kind === "CLUSTER");

  async function retryNow() {
    const answer = await retry.send();
    if (answer?.provision) onRetried?.(answer.provision.id);
  }

  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {lacksRoles && (
          <ActionButton
            look="primary"
            disabled={grant.isSending || provision.isGrantingRoles}
            onClick={() => void grant.send()}
          >
            <KeyRound size={15} aria-hidden="true" /> {provision.isGrantingRoles ? "Granting roles…" : "Grant roles"}
          </ActionButton>
        )}
        {!isClusterLeft && (
          <ActionButton look="primary" disabled={retry.isSending} onClick={() => void retryNow()}>
            <RotateCcw size={15} aria-hidden="true" /> Retry
          </ActionButton>
        )}
        <ActionLink href={routes.newClusterFrom(id)}>
          <Pencil size={15} aria-hidden="true" /> Edit &amp; retry
        </ActionLink>
        {leftovers.length > 0 && !lacksRoles && (
          <ActionButton look="danger" onClick={cleanUp.ask}>
            <Trash2 size={15} aria-hidden="true" /> Clean up
          </ActionButton>
        )}
        {provision.needsAttention && (
          <ActionButton look="quiet" disabled={dismiss.isSending} onClick={() => void dismiss.send()}>
            <X size={15} aria-hidden="true" /> Dismiss
          </ActionButton>
        )}
      </div>
      {[retry, grant, dismiss].map((action, index) => (
        <Refusal key={index} action={action} />
      ))}
      <ConfirmDialog
        isOpen={cleanUp.isAsking}
        title={`Clean up what ${clusterName} has left?`}
        description={whatIsDeleted(provision)}
        confirmLabel="Delete"
        sendingLabel="Asking…"
        cancelLabel="Keep it"
        look="danger"
        isSending={cleanUp.isSending}
        refusal={cleanUp.refusal}
        onConfirm={() => void cleanUp.send()}
        onClose={cleanUp.close}
      />
    </div>
  );
}

function Refusal({ action }: { action: ProvisionAction }) {
  if (!action.refusal) return null;
  return (
    <p role="alert" className="rounded-control bg-danger-soft px-3 py-2 text-danger [overflow-wrap:anywhere]">
      {action.refusal}
    </p>
  );
}

function whatIsDeleted({ leftovers }: ProvisionSummary): ReactNode {
  return (
    <>
      <p>This is deleted at Azure, which can&apos;t be undone:</p>
      <ul className="my-2 grid list-disc gap-1 pl-5">
        {leftovers.map(({ kind, resourceId }) => (
          <li key={resourceId} className="[overflow-wrap:anywhere]">
            {leftoverKind(kind)} <strong>{resourceId.split("/").at(-1)}</strong>
          </li>
        ))}
      </ul>
      <p>The cluster only when this attempt has made it, the resource group only when nothing else lies in it.</p>
    </>
  );
}

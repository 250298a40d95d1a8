"use client";

import { useRouter } from "next/navigation";
import { isConnectionCut } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { type CreateFormData, createFormQuery, type EarlierInput, earlierInputQuery } from "./cluster-documents.ts";
import { CreateClusterForm } from "./create-cluster-form.tsx";
import { initialValues } from "./create-cluster-values.ts";

interface CreateClusterViewProps {
  choices: CreateFormData | undefined;
  /** The provision whose input fills the form. */
  fromProvisionId: string | undefined;
  earlier: EarlierInput | undefined;
  /** Path of the field that the form is opened for. */
  fieldToChange: string | undefined;
}

/** The create form once what it offers is known, and its shape until then. */
export function CreateClusterView({
  choices: initialChoices,
  fromProvisionId,
  earlier: initialEarlier,
  fieldToChange,
}: CreateClusterViewProps) {
  const router = useRouter();
  const { status } = useConnection();
  const { data: choices } = useQueryOnConnect(createFormQuery, {}, { initial: initialChoices, reconcile: false });
  const { data: earlier } = useQueryOnConnect(
    earlierInputQuery,
    { provisionId: fromProvisionId ?? "" },
    {
      initial: initialEarlier && { provision: initialEarlier },
      pause: fromProvisionId === undefined,
      reconcile: false,
    },
  );

  if (!choices || (fromProvisionId !== undefined && !earlier)) {
    return (
      <div className="grid gap-4">
        {isConnectionCut(status) && (
          <Notice tone="warning" title="Can't reach the Slipway API">
            The form comes by itself as soon as the API answers.
          </Notice>
        )}
        <Card title="Basics" flush>
          <SkeletonRows rows={4} />
        </Card>
      </div>
    );
  }
  return (
    <CreateClusterForm
      initial={initialValues(choices.azure.subscriptions[0]?.subscriptionId ?? "", earlier?.provision ?? undefined)}
      choices={choices}
      fieldToChange={fieldToChange}
      onStarted={(provisionId) => router.push(routes.provision(provisionId))}
    />
  );
}

import { builder } from "../../graphql/builder.ts";
import type { ProvisionPhase } from "./provision-steps.ts";
import type { ProvisionStatus } from "./provision.ts";

export const ProvisionStatusEnum = builder.enumType("ProvisionStatus", {
  description: "SUCCEEDED, FAILED and CANCELED are final.",
  values: {
    PENDING: { description: "Accepted and stored; nothing has been asked of Azure yet." },
    RUNNING: { description: "Under way." },
    CANCELING: { description: "Somebody asked to cancel it, and it is being ended." },
    SUCCEEDED: { description: "Final: the cluster is ready." },
    FAILED: { description: "Final: it went wrong; the failure says why and what can be done." },
    CANCELED: { description: "Final: it was ended before the cluster was ready." },
  } as const satisfies Record<ProvisionStatus, object>,
});

export const ProvisionPhaseEnum = builder.enumType("ProvisionPhase", {
  description: "The steps of a provision, in order.",
  values: {
    CREATING_CLUSTER: { description: "The request to Azure is prepared and the name is checked." },
    ENSURING_RESOURCE_GROUP: { description: "The resource group is looked for, and created when it is missing." },
    ARM_CREATE_OR_UPDATE: { description: "Azure creates the cluster; by far the longest step." },
    ENSURING_RBAC: { description: "The roles that were asked for are granted on the cluster." },
    COMPLETED: { description: "Everything is done: the cluster is ready." },
  } as const satisfies Record<ProvisionPhase, object>,
});

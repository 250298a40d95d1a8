/** The steps of a provision in order. "Step N/M", labels and the weights of the bar all come from this list. */
export const PROVISION_STEPS = [
  { phase: "CREATING_CLUSTER", name: "creating_cluster", label: "Preparing ARM request", usualSeconds: 2 },
  {
    phase: "ENSURING_RESOURCE_GROUP",
    name: "ensuring_resource_group",
    label: "Ensuring resource group",
    usualSeconds: 10,
  },
  {
    phase: "ARM_CREATE_OR_UPDATE",
    name: "arm_create_or_update",
    label: "Creating AKS cluster (5–10 min)",
    usualSeconds: 420,
  },
  { phase: "ENSURING_RBAC", name: "ensuring_rbac", label: "Granting role assignments", usualSeconds: 20 },
  { phase: "COMPLETED", name: "completed", label: "Cluster ready", usualSeconds: 0 },
] as const;

export type ProvisionPhase = (typeof PROVISION_STEPS)[number]["phase"];
export type ProvisionStepName = (typeof PROVISION_STEPS)[number]["name"];

export const TOTAL_STEPS = PROVISION_STEPS.length;

export function stepOf(phase: ProvisionPhase): {
  readonly number: number;
  readonly label: string;
  readonly name: ProvisionStepName;
} {
  const index = PROVISION_STEPS.findIndex((step) => step.phase === phase);
  const step = PROVISION_STEPS[index];
  if (!step) throw new Error(`There is no step for the phase '${phase}'.`);
  return { number: index + 1, label: step.label, name: step.name };
}

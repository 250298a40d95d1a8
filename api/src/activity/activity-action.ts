/** What a thing that is acted on is. */
export const TARGET_KINDS = {
  CLUSTER: { description: "A cluster, also one that is not there yet or any more." },
  PROVISION: { description: "A provision." },
  REGISTRY: { description: "A registry." },
  BUILD: { description: "A build." },
  SLIPWAY: { description: "Slipway itself: what concerns who is let in, for administrators alone." },
} as const;
export type ActivityTargetKind = keyof typeof TARGET_KINDS;

interface ActionFacts {
  readonly target: ActivityTargetKind;
  readonly description: string;
}

/** Everything that people can ask Slipway to do: the mutation's name in capitals, and what it acts on. */
export const ACTIONS = {
  START_PROVISION: { target: "CLUSTER", description: "Create a cluster." },
  CANCEL_PROVISION: { target: "PROVISION", description: "Stop a provision that is under way." },
  RETRY_PROVISION: { target: "PROVISION", description: "Start a provision again with the same input." },
  DISMISS_PROVISION: { target: "PROVISION", description: "Take an ended provision off the dashboard." },
  GRANT_ROLES: { target: "PROVISION", description: "Grant the role assignments of a provision again." },
  CLEAN_UP_PROVISION: { target: "PROVISION", description: "Delete what a provision has left at Azure." },
  START_CLUSTER: { target: "CLUSTER", description: "Start a stopped cluster." },
  STOP_CLUSTER: { target: "CLUSTER", description: "Stop a running cluster." },
  SCALE_NODE_POOL: { target: "CLUSTER", description: "Give a node pool another number of nodes." },
  ADD_NODE_POOL: { target: "CLUSTER", description: "Add a node pool." },
  REMOVE_NODE_POOL: { target: "CLUSTER", description: "Delete a node pool." },
  DELETE_CLUSTER: { target: "CLUSTER", description: "Delete a cluster." },
  START_BUILDS: { target: "REGISTRY", description: "Build images." },
  CANCEL_BUILD: { target: "BUILD", description: "Stop a build in flight." },
  SIGN_IN: { target: "SLIPWAY", description: "Sign in, or bring a token." },
  SIGN_OUT: { target: "SLIPWAY", description: "Sign out." },
  ASK: { target: "SLIPWAY", description: "Ask for something, or connect to; recorded when it was refused." },
  EXPORT_ACTIVITY: { target: "SLIPWAY", description: "Take a copy of the activity." },
} as const satisfies Record<string, ActionFacts>;
export type ActivityAction = keyof typeof ACTIONS;

/** Whether it concerns who is let in rather than what is done at Azure: told to administrators alone. */
export function isAccess(action: ActivityAction): boolean {
  return ACTIONS[action].target === "SLIPWAY";
}

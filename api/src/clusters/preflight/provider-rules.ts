import { command } from "../../shared/remedy.ts";
import { fail, pass, warn, type Verdict } from "./check.ts";

/** What AKS makes a cluster from. https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers */
export const NEEDED_PROVIDERS: readonly string[] = [
  "Microsoft.ContainerService",
  "Microsoft.Compute",
  "Microsoft.Network",
  "Microsoft.ManagedIdentity",
];

/** Whether the subscription has switched on what AKS needs. `states` are Azure's own words, by namespace. */
export function judgeProviders(states: ReadonlyMap<string, string>, subscriptionId: string): Verdict {
  const others = [...states].filter(([, state]) => state !== "Registered");
  const missing = others.filter(([, state]) => state !== "Registering");
  if (missing.length > 0) {
    const names = missing.map(([namespace, state]) => `${namespace} (${state})`).join(", ");
    return fail(
      `${missing.length === 1 ? "A resource provider" : "Resource providers"} that AKS needs ${missing.length === 1 ? "is" : "are"} not registered in this subscription: ${names}. Registering takes some minutes.`,
      missing.map(([namespace]) =>
        command(
          `Register ${namespace}`,
          ...["az", "provider", "register", "--namespace", namespace, "--subscription", subscriptionId, "--wait"],
        ),
      ),
    );
  }
  if (others.length > 0)
    return warn(
      `${others.map(([namespace]) => namespace).join(", ")} is being registered in this subscription; Azure may refuse the cluster until that is done.`,
    );
  return pass(`The resource providers that AKS needs are registered: ${[...states.keys()].join(", ")}.`);
}

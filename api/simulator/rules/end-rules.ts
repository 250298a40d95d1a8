import { isTerminalProvision, type Provision } from "../../src/clusters/provisioning/provision.ts";
import { POISON } from "../decide-call.ts";
import type { FaultProfile } from "../fault-profile.ts";
import type { Promises } from "../people.ts";
import type { SimulatedAzure } from "../simulated-azure.ts";
import { checkCreates, checkVerdict } from "./azure-rules.ts";
import type { ProvisionRules } from "./provision-rules.ts";

/** What must hold when all has come to rest: nothing is lost, everything has ended, and as it was at Azure. */
export function checkEnds(deps: {
  readonly profile: FaultProfile;
  readonly provisions: ProvisionRules;
  readonly promises: Promises;
  readonly azure: SimulatedAzure;
  readonly violate: (rule: string, detail: string) => void;
}): void {
  const { profile, provisions, promises, azure, violate } = deps;

  function checkEnd(provision: Provision): void {
    const { id, cluster, status, failure } = provision;
    const wasCanceled = promises.canceled.has(id);
    if (!isTerminalProvision(status)) {
      violate("every provision ends", `${cluster.name} ${id} is ${status}`);
      return;
    }
    if (wasCanceled && status !== "CANCELED") violate("an accepted cancel ends as CANCELED", `${id} is ${status}`);
    const isPoisoned = failure?.code === "JobPoisoned";
    const isPoison = profile.hasPoison && cluster.name === POISON;
    if (isPoisoned && !isPoison) violate("only poison is parked", `${cluster.name} is ${status}`);
    if (isPoison && !isPoisoned && !wasCanceled) violate("poison is parked", `it is ${status} (${failure?.code})`);
    if (!isPoisoned) checkVerdict(provision, azure, mayRefuseLong(profile), violate);
  }

  for (const id of promises.accepted.values())
    if (!provisions.read(id)) violate("no provision is lost", `${id} was accepted and is not there`);
  checkCreates(azure, violate);
  for (const provision of provisions.all()) checkEnd(provision);
}

/** By an outage, or by bad luck where every third request is refused. */
function mayRefuseLong({ calls, everyMs }: FaultProfile): boolean {
  return everyMs["azure-outage"] !== undefined || calls.azure.some(([kind, share]) => kind === "refuse" && share > 0.1);
}

import { isTerminalProvision, jobRefOf, type Provision } from "../../src/clusters/provisioning/provision.ts";
import { POISON } from "../decide-call.ts";
import type { FaultProfile } from "../fault-profile.ts";
import type { Promises } from "../people.ts";
import type { SimulatedAzure } from "../simulated-azure.ts";
import { checkCreates } from "./azure-rules.ts";
import type { JobRules } from "./job-rules.ts";
import type { ProvisionRules } from "./provision-rules.ts";

/** The product's own. */
const MOST_CRASHES = 5;

/** What must hold when all has come to rest: nothing is lost, everything has ended, each promise is kept. */
export function checkEnds(deps: {
  readonly profile: FaultProfile;
  readonly provisions: ProvisionRules;
  readonly promises: Promises;
  readonly jobs: JobRules;
  readonly azure: SimulatedAzure;
  readonly violate: (rule: string, detail: string) => void;
}): void {
  const { profile, provisions, promises, jobs, azure, violate } = deps;

  function checkEnd(provision: Provision): void {
    const { id, cluster, status, failure, canceledBy } = provision;
    const { partitionKey, jobId } = jobRefOf(id);
    if (!isTerminalProvision(status)) {
      violate("every provision ends", `${cluster.name} ${id} is ${status}`);
      return;
    }
    if (promises.canceled.has(id) && status !== "CANCELED")
      violate("an accepted cancel ends as CANCELED", `${id} is ${status}`);
    const isPoisoned = failure?.code === "JobPoisoned";
    const isPoison = profile.hasPoison && cluster.name === POISON;
    const deaths = jobs.mostClaimsInVain(partitionKey, jobId);
    if (isPoisoned && deaths <= MOST_CRASHES)
      violate("only poison is parked", `${cluster.name} is ${status} after ${deaths} claims in vain`);
    // An attempt that Azure refuses before its deadly request has met no poison.
    if (isPoison && !isPoisoned && canceledBy === undefined && deaths > 1)
      violate("poison is parked", `it is ${status} (${failure?.code})`);
  }

  for (const id of promises.accepted.values())
    if (!provisions.read(id)) violate("no provision is lost", `${id} was accepted and is not there`);
  checkCreates(azure, violate);
  for (const provision of provisions.all()) checkEnd(provision);
}

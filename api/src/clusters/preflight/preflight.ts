import { AzureError } from "../../shared/azure-error.ts";
import type { Clock } from "../../shared/clock.ts";
import type { AksGateway } from "../aks-gateway.ts";
import type { AzureCatalogue } from "../azure-catalogue.ts";
import { describeTrouble } from "../azure-trouble.ts";
import type { Cluster } from "../cluster.ts";
import type { LiveBlockers } from "../live-blockers.ts";
import { checkForm, isPlaceNamed, type ProvisionRequest } from "../provisioning/provision-input.ts";
import type { ResourceGroup, ResourceGroupGateway } from "../provisioning/resource-group-gateway.ts";
import { createBriefMemory } from "./brief-memory.ts";
import { CHECK_NAMES, fail, pass, unknown, warn, type Check, type CheckName, type Verdict } from "./check.ts";
import { judgeNames } from "./name-rules.ts";
import {
  CREATE_CLUSTER_ACTIONS,
  CREATE_GROUP_ACTIONS,
  GRANT_ROLE_ACTIONS,
  grantCommand,
  judgeRights,
  type NeededRight,
} from "./permission-rules.ts";
import { judgeCluster, judgeResourceGroup } from "./place-rules.ts";
import type { PreflightGateway } from "./preflight-gateway.ts";
import { judgeProviders, NEEDED_PROVIDERS } from "./provider-rules.ts";
import { judgeQuota, type MaxNodeCount, type QuotaFindings } from "./quota-rules.ts";
import { judgeSizes } from "./size-rules.ts";
import { judgeSystemPools } from "./system-pool-rules.ts";
import { judgeVersion } from "./version-rules.ts";

/** Real milliseconds: somebody waits in front of a form. */
const CHECK_LIMIT_MS = 5_000;
/** What changes by what people and clusters do. */
const BRIEFLY_MS = 10_000;
const PROVIDERS_MS = 30_000;

export interface PreflightFindings {
  /** In the order of `CHECK_NAMES`; checks that the request gives no reason for are left out. */
  readonly checks: readonly Check[];
  /** Checks that have not come to anything yet; none once all is known. */
  readonly pending: readonly CheckName[];
  readonly maxNodeCounts: readonly MaxNodeCount[];
}

/** What a provision that asks for itself has seen under its cluster's name: it is itself nothing in its way. */
export interface AskingProvision {
  /** A cluster of that name which is not its own. */
  readonly foreignCluster: Cluster | undefined;
}

export interface Preflight {
  /**
   * What stands in the way of a create, as far as can be known before it. All checks run side by side, each within five
   * seconds, and what can't be found out is UNKNOWN. Never rejects.
   */
  run(request: ProvisionRequest, asking?: AskingProvision): Promise<PreflightFindings>;
  /** The same, told as it comes: all that is known so far, each time a check has come to something. Ends with the whole. */
  watch(request: ProvisionRequest, asking?: AskingProvision): AsyncGenerator<PreflightFindings, void>;
}

export interface PreflightDeps {
  readonly aks: AksGateway;
  readonly resourceGroups: ResourceGroupGateway;
  readonly catalogue: AzureCatalogue;
  readonly gateway: PreflightGateway;
  readonly blockers: LiveBlockers;
  /** Whether Slipway sees the registry; rejects with `AzureError` when it does but the registry does not answer. */
  readonly reachRegistry: (armId: string) => Promise<boolean>;
  readonly clock: Clock;
  /** Told of what is no refusal of Azure but a defect. */
  readonly onError: (error: unknown, check: CheckName) => void;
}

export function createPreflight(deps: PreflightDeps): Preflight {
  const { catalogue, clock, gateway } = deps;
  const remember = createBriefMemory(clock);

  async function inTime(name: CheckName, look: (signal: AbortSignal) => Promise<Verdict>): Promise<Check> {
    const over = new AbortController();
    const timeUp = clock
      .sleep(CHECK_LIMIT_MS, over.signal)
      .then(() => unknown(`Azure did not answer within ${CHECK_LIMIT_MS / 1000} s, so this could not be checked.`));
    try {
      return { name, ...(await Promise.race([look(over.signal), timeUp])) };
    } catch (error) {
      if (!(error instanceof AzureError)) deps.onError(error, name);
      return { name, ...unknown(describeUnasked(error)) };
    } finally {
      over.abort();
    }
  }

  const getGroup = ({ subscriptionId, resourceGroup }: ProvisionRequest): Promise<ResourceGroup | undefined> =>
    remember(`group/${subscriptionId}/${resourceGroup}`.toLowerCase(), BRIEFLY_MS, () =>
      deps.resourceGroups.getResourceGroup(subscriptionId, resourceGroup),
    );

  async function judgePlace({ subscriptionId, location }: ProvisionRequest): Promise<Verdict> {
    const isSubscription = (one: { readonly subscriptionId: string }): boolean =>
      isSame(one.subscriptionId, subscriptionId);
    const subscription = (await catalogue.listSubscriptions()).find(isSubscription);
    if (!subscription)
      return fail(`Slipway sees no subscription '${subscriptionId}'. Choose one that its identity may read.`);
    const found = (await catalogue.listLocations(subscriptionId)).find(({ name }) => isSame(name, location));
    if (!found) return fail(`There is no location '${location}' for this subscription.`);
    return pass(`${found.displayName} can be used with ${subscription.displayName}.`);
  }

  async function quota({ nodePools, subscriptionId, location }: ProvisionRequest): Promise<QuotaFindings> {
    const [sizes, usages] = await Promise.all([
      catalogue.listVmSizes(subscriptionId, location.toLowerCase()),
      remember(`usages/${subscriptionId}/${location}`.toLowerCase(), BRIEFLY_MS, () =>
        gateway.listComputeUsages(subscriptionId, location),
      ),
    ]);
    return judgeQuota(nodePools, sizes, usages, { subscriptionId, location });
  }

  async function providers({ subscriptionId }: ProvisionRequest): Promise<Verdict> {
    const states = NEEDED_PROVIDERS.map(
      async (namespace) =>
        [
          namespace,
          await remember(`provider/${subscriptionId}/${namespace}`.toLowerCase(), PROVIDERS_MS, () =>
            gateway.getProviderState(subscriptionId, namespace),
          ),
        ] as const,
    );
    return judgeProviders(new Map(await Promise.all(states)), subscriptionId);
  }

  async function rights(needed: NeededRight): Promise<Verdict> {
    const identity = await gateway.getOwnIdentity().catch(() => undefined);
    try {
      const permissions = await remember(`rights/${needed.scope}`.toLowerCase(), BRIEFLY_MS, () =>
        gateway.listOwnPermissions(needed.scope),
      );
      return judgeRights(needed, permissions, identity);
    } catch (error) {
      if (!(error instanceof AzureError) || error.kind !== "forbidden") throw error;
      return warn(
        `Slipway's identity may not even read what it may do on ${needed.scopeName}, so it probably may not ${needed.purpose}.`,
        [grantCommand(needed, identity)],
      );
    }
  }

  async function createRights(request: ProvisionRequest): Promise<Verdict> {
    const { subscriptionId, resourceGroup } = request;
    if (await getGroup(request))
      return rights({
        scope: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
        scopeName: `resource group '${resourceGroup}'`,
        actions: CREATE_CLUSTER_ACTIONS,
        role: "Contributor",
        purpose: "create clusters in that resource group",
      });
    return rights({
      scope: `/subscriptions/${subscriptionId}`,
      scopeName: "the subscription",
      actions: [...CREATE_GROUP_ACTIONS, ...CREATE_CLUSTER_ACTIONS],
      role: "Contributor",
      purpose: "create resource groups and clusters in the subscription",
    });
  }

  async function cluster(request: ProvisionRequest, asking: AskingProvision | undefined, signal: AbortSignal) {
    const { subscriptionId, resourceGroup, clusterName: name } = request;
    if (asking) return judgeCluster(name, resourceGroup, asking.foreignCluster, undefined);
    const ref = { subscriptionId, resourceGroup, name };
    const [existing, blocker] = await Promise.all([deps.aks.getCluster(ref, signal), deps.blockers.find(ref)]);
    return judgeCluster(name, resourceGroup, existing, blocker);
  }

  async function registry(armId: string): Promise<Verdict> {
    const name = armId.split("/").at(-1) ?? armId;
    try {
      const isKnown = await remember(`registry/${armId}`.toLowerCase(), BRIEFLY_MS, () => deps.reachRegistry(armId));
      return isKnown
        ? pass(`Registry ${name} answers.`)
        : fail("Slipway sees no such registry. Take one that the registries query gives.");
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      return warn(
        `Registry ${name} does not answer Slipway (${describeTrouble(error)}). The cluster's nodes may reach it all the same.`,
      );
    }
  }

  async function* watch(
    request: ProvisionRequest,
    asking: AskingProvision | undefined,
  ): AsyncGenerator<PreflightFindings, void> {
    const named = isPlaceNamed(request);
    const { nodePools, subscriptionId, registryArmId, kubernetesVersion } = request;
    const location = request.location.toLowerCase();
    const problems = checkForm(request);
    const isOf = (path: string): boolean => problems.some((problem) => problem.path === path);
    const unnamed = async (): Promise<Verdict> => unknown("Not checked: it needs what is wrong above to be right.");
    const whenNamed = (is: boolean, look: (signal: AbortSignal) => Promise<Verdict>) => (is ? look : unnamed);
    const isNamedWhole = named && !isOf("resourceGroup");
    let maxNodeCounts: readonly MaxNodeCount[] = [];

    const looks: Partial<Record<CheckName, (signal: AbortSignal) => Promise<Verdict>>> = {
      names: async () => judgeNames(request, problems),
      location: whenNamed(named, () => judgePlace(request)),
      vm_sizes: whenNamed(named, async () =>
        judgeSizes(nodePools, await catalogue.listVmSizes(subscriptionId, location), location),
      ),
      quota: whenNamed(named, async () => {
        const found = await quota(request);
        maxNodeCounts = found.maxNodeCounts;
        return found.verdict;
      }),
      system_pool: whenNamed(named, async () =>
        judgeSystemPools(nodePools, await catalogue.listVmSizes(subscriptionId, location)),
      ),
      kubernetes_version: whenNamed(named, async () =>
        judgeVersion(kubernetesVersion, await catalogue.listKubernetesVersions(subscriptionId, location), location),
      ),
      resource_group: whenNamed(isNamedWhole, async () =>
        judgeResourceGroup(request.resourceGroup, await getGroup(request), location),
      ),
      cluster: whenNamed(isNamedWhole && !isOf("clusterName"), (signal) => cluster(request, asking, signal)),
      providers: whenNamed(named, () => providers(request)),
      permissions: whenNamed(isNamedWhole, () => createRights(request)),
    };
    if (registryArmId !== undefined) {
      looks.registry = isOf("registryId")
        ? async () => fail("This is no id of a registry. Take one that the registries query gives.")
        : () => registry(registryArmId);
      looks.role_assignments = whenNamed(!isOf("registryId"), () =>
        rights({
          scope: registryArmId,
          scopeName: `registry '${registryArmId.split("/").at(-1)}'`,
          actions: GRANT_ROLE_ACTIONS,
          role: "Role Based Access Control Administrator",
          purpose: "let the cluster pull from the registry",
        }),
      );
    }
    yield* asTheyCome(
      (Object.entries(looks) as [CheckName, (signal: AbortSignal) => Promise<Verdict>][]).map(
        ([name, look]) => [name, inTime(name, look)] as const,
      ),
      () => maxNodeCounts,
    );
  }

  return {
    watch,
    async run(request, asking) {
      let findings: PreflightFindings = { checks: [], pending: [], maxNodeCounts: [] };
      for await (const known of watch(request, asking)) findings = known;
      return findings;
    },
  };
}

/** What has come at once is told at once. `running` never rejects. */
async function* asTheyCome(
  running: readonly (readonly [CheckName, Promise<Check>])[],
  maxNodeCounts: () => readonly MaxNodeCount[],
): AsyncGenerator<PreflightFindings, void> {
  const known = new Map<CheckName, Check>();
  let told = 0;
  let wake = Promise.withResolvers<void>();
  for (const [name, check] of running)
    void check.then((found) => {
      known.set(name, found);
      wake.resolve();
    });
  while (told < running.length) {
    await wake.promise;
    wake = Promise.withResolvers();
    told = known.size;
    yield {
      checks: CHECK_NAMES.flatMap((name) => known.get(name) ?? []),
      pending: running.map(([name]) => name).filter((name) => !known.has(name)),
      maxNodeCounts: known.get("quota")?.status === "FAIL" ? maxNodeCounts() : [],
    };
  }
}

function describeUnasked(error: unknown): string {
  if (!(error instanceof AzureError)) return "This could not be checked: Slipway itself failed; its log says more.";
  return `This could not be checked: ${describeTrouble(error)}.`;
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

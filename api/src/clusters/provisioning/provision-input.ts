import { tryParseArmId } from "../../shared/arm-id.ts";
import type { FieldProblem } from "../../shared/invalid-input-error.ts";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { AzureCatalogue } from "../azure-catalogue.ts";
import type { InTime } from "../azure-deadline.ts";
import {
  checkClusterName,
  checkKubernetesVersion,
  checkLocation,
  checkNodeResourceGroup,
  checkResourceGroup,
  checkSubscriptionId,
  checkTagName,
  checkTagValue,
} from "../naming-rules.ts";
import { checkNodePool, checkVmSize, MOST_OPTION_CHARACTERS, optionCharacters } from "../node-pool-rules.ts";
import { OWN_TAGS } from "./cluster-spec.ts";

export interface ProvisionRequest {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly clusterName: string;
  readonly nodePools: readonly NodePoolSpec[];
  readonly kubernetesVersion?: string | undefined;
  /** ARM id of the registry that the cluster may pull from. */
  readonly registryArmId?: string | undefined;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
  readonly idempotencyKey?: string | undefined;
}

const MOST_POOLS = 100;
const MOST_TAGS = 45;
const LONGEST_KEY = 200;

/** Checks that need nobody's help: names, counts, forms. */
export function checkForm(request: ProvisionRequest): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const check = (path: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ path, message });
  };
  check("subscriptionId", checkSubscriptionId(request.subscriptionId));
  check("clusterName", checkClusterName(request.clusterName));
  check("resourceGroup", checkResourceGroup(request.resourceGroup));
  check("location", checkLocation(request.location));
  if (problems.length === 0)
    check("clusterName", checkNodeResourceGroup(request.resourceGroup, request.clusterName, request.location));
  if (request.kubernetesVersion !== undefined)
    check("kubernetesVersion", checkKubernetesVersion(request.kubernetesVersion));
  if (request.registryArmId !== undefined && !isRegistryId(request.registryArmId)) check("registryId", NO_REGISTRY);
  checkPools(request.nodePools, check);
  checkTags(request.tags, check);
  if (
    request.idempotencyKey !== undefined &&
    (request.idempotencyKey.length < 1 || request.idempotencyKey.length > LONGEST_KEY)
  ) {
    check("idempotencyKey", `An idempotency key has 1 to ${LONGEST_KEY} characters.`);
  }
  return problems;
}

/** Subscription and location have the form of what Azure can be asked about; they become part of requests to it. */
export function isPlaceNamed({ subscriptionId, location }: ProvisionRequest): boolean {
  return checkSubscriptionId(subscriptionId) === undefined && checkLocation(location) === undefined;
}

const NO_REGISTRY = "This is no id of a registry. Take one that the registries query gives.";

/** The id becomes part of requests to Azure, so its form is checked as strictly as Azure's own. */
function isRegistryId(armId: string): boolean {
  const id = tryParseArmId(armId);
  return (
    id?.type.toLowerCase() === "microsoft.containerregistry/registries" &&
    checkSubscriptionId(id.subscriptionId) === undefined &&
    checkResourceGroup(id.resourceGroup) === undefined &&
    /^[A-Za-z0-9]{5,50}$/.test(id.name)
  );
}

function checkPools(pools: readonly NodePoolSpec[], check: (path: string, message: string | undefined) => void): void {
  if (pools.length > MOST_POOLS) return check("nodePools", `A cluster has at most ${MOST_POOLS} node pools.`);
  if (!pools.some((pool) => pool.mode === "SYSTEM")) check("nodePools", "A cluster needs at least one system pool.");
  if (pools.reduce((sum, pool) => sum + optionCharacters(pool), 0) > MOST_OPTION_CHARACTERS)
    check("nodePools", `Taints and labels of all pools have at most ${MOST_OPTION_CHARACTERS} characters together.`);
  pools.forEach((pool, index) => {
    for (const { path, message } of checkNodePool(pool, `nodePools.${index}`)) check(path, message);
    if (pools.findIndex((other) => other.name === pool.name) < index)
      check(`nodePools.${index}.name`, `There is another pool named '${pool.name}'.`);
  });
}

function checkTags(tags: ProvisionRequest["tags"], check: (path: string, message: string | undefined) => void): void {
  // Azure allows 50 tags; Slipway adds its own.
  if (tags.length > MOST_TAGS) return check("tags", `At most ${MOST_TAGS} tags can be given.`);
  tags.forEach((tag, index) => {
    check(`tags.${index}.name`, checkTagName(tag.name));
    check(`tags.${index}.value`, checkTagValue(tag.value));
    if (OWN_TAGS.includes(tag.name.toLowerCase()))
      check(`tags.${index}.name`, `Slipway sets the tag '${tag.name.toLowerCase()}' itself. Choose another name.`);
    const isRepeated = tags.findIndex((other) => other.name.toLowerCase() === tag.name.toLowerCase()) < index;
    if (isRepeated) check(`tags.${index}.name`, `The tag '${tag.name}' is given twice; tag names ignore case.`);
  });
}

/**
 * Checks against what Azure offers. What can't be asked in time is not checked here: the job's own request to Azure
 * decides then.
 */
export async function checkAgainstCatalogue(
  request: ProvisionRequest,
  catalogue: AzureCatalogue,
  inTime: InTime,
): Promise<readonly FieldProblem[]> {
  const { subscriptionId } = request;
  const subscriptions = await inTime(catalogue.listSubscriptions());
  if (
    subscriptions &&
    !subscriptions.some((one) => one.subscriptionId.toLowerCase() === subscriptionId.toLowerCase())
  ) {
    return [
      {
        path: "subscriptionId",
        message: `Slipway sees no subscription '${subscriptionId}'. Choose one that its identity may read.`,
      },
    ];
  }
  const locations = await inTime(catalogue.listLocations(subscriptionId));
  const location = request.location.toLowerCase();
  if (locations && !locations.some((one) => one.name.toLowerCase() === location)) {
    return [{ path: "location", message: `There is no location '${request.location}' for this subscription.` }];
  }
  const [sizes, versions] = await Promise.all([
    inTime(catalogue.listVmSizes(subscriptionId, location)),
    inTime(catalogue.listKubernetesVersions(subscriptionId, location)),
  ]);
  const problems: FieldProblem[] = [];
  request.nodePools.forEach((pool, index) => {
    const message = sizes && checkVmSize(pool.vmSize, sizes, request.location);
    if (message !== undefined) problems.push({ path: `nodePools.${index}.vmSize`, message });
  });
  const wanted = request.kubernetesVersion;
  if (
    wanted !== undefined &&
    versions &&
    !versions.some((one) => one.version === wanted || one.patchVersions.includes(wanted))
  ) {
    const offered = versions.map((one) => one.version).join(", ");
    problems.push({
      path: "kubernetesVersion",
      message: `AKS does not offer ${wanted} in ${request.location}. Offered are ${offered}.`,
    });
  }
  return problems;
}

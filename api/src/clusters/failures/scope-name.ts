/** Words for the kinds of resources that roles are granted on most; others are called by their type. */
const KINDS: Readonly<Record<string, string>> = {
  subscriptions: "subscription",
  resourcegroups: "resource group",
  managedclusters: "cluster",
  registries: "registry",
  virtualnetworks: "virtual network",
  subnets: "subnet",
  userassignedidentities: "identity",
  managementgroups: "management group",
};

/** `the registry demoacr` of an ARM id, for a sentence; what is no ARM id is given back as it is. */
export function scopeName(scope: string | undefined): string | undefined {
  const found = /\/([^/]+)\/([^/]+)\/?$/.exec(scope ?? "");
  if (!found) return scope;
  const [, type = "", name = ""] = found;
  const kind = KINDS[type.toLowerCase()];
  return kind === undefined ? `${type}/${name}` : `the ${kind} ${name}`;
}

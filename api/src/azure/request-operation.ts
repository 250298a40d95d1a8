/**
 * What a request is about, with nobody's names in it, so that it can label a metric:
 * `microsoft.containerservice/managedclusters`, `microsoft.containerservice/locations/operations`, `subscriptions/resourcegroups`.
 */
export function requestOperation(url: string): string {
  const { hostname, pathname } = new URL(url);
  if (!hostname.includes("management.")) return "registry";
  const segments = pathname.toLowerCase().split("/").filter(Boolean);
  const provider = segments.lastIndexOf("providers");
  if (provider === -1) return types(segments);
  return [segments[provider + 1] ?? "", types(segments.slice(provider + 2))].filter(Boolean).join("/");
}

/** Types and names take turns in a resource id. */
function types(segments: readonly string[]): string {
  return segments.filter((_, index) => index % 2 === 0).join("/");
}

import type { Provider } from "../provider.ts";
import { createProviderRoutes } from "./resources/provider-registration.ts";
import { groupGone, resourceGroupRoutes } from "./resources/resource-group-routes.ts";
import { resourceListRoutes } from "./resources/resource-list-routes.ts";
import { tagRoutes } from "./resources/tag-routes.ts";

/** What ARM itself does for all: groups, lists over all providers, tags, registration. */
export function createMicrosoftResources(others: readonly Provider[]): Provider {
  const own: Provider = {
    namespace: "Microsoft.Resources",
    resourceTypes: ["resourceGroups", "resources", "tags", "operationresults"],
    routes: [],
  };
  return {
    ...own,
    routes: [...resourceGroupRoutes, ...resourceListRoutes, ...tagRoutes, ...createProviderRoutes([...others, own])],
    agenda: { "resources.groupGone": groupGone },
  };
}

import { wrappedError } from "../../arm-errors.ts";
import { ok, page } from "../../arm-response.ts";
import { AZURE_LOCATIONS } from "../../azure-locations.ts";
import type { ArmReply, ArmRequest, JsonObject, Provider, Route, World } from "../../provider.ts";

const REGISTRATION_TYPE = "Microsoft.Resources/providers";
/** Registering and unregistering take a while. */
const TAKES_MS = 90_000;
/** Those that AKS needs and that have nothing else here. */
const OTHER_NAMESPACES = ["Microsoft.Network"];

type Registration = { readonly becomes: "Registered" | "Unregistered"; readonly atMs: number };

/**
 * The registration of resource providers: https://learn.microsoft.com/rest/api/resources/providers
 *
 * State story: all are registered from the beginning, with nothing stored. `unregister` and `register` store what the provider
 * becomes and when; until then it is Unregistering or Registering. What is served does not depend on it.
 */
export function createProviderRoutes(providers: readonly Provider[]): readonly Route[] {
  const namespaces = [...new Set([...providers.map(({ namespace }) => namespace), ...OTHER_NAMESPACES])].sort();

  function known(namespace: string): string {
    const found = namespaces.find((candidate) => candidate.toLowerCase() === namespace.toLowerCase());
    if (found) return found;
    throw wrappedError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }

  function describe(world: World, subscriptionId: string, namespace: string): object {
    const types = providers
      .filter((provider) => provider.namespace === namespace)
      .flatMap(({ resourceTypes }) => resourceTypes);
    const locations = AZURE_LOCATIONS.map(({ displayName }) => displayName);
    return {
      id: providerId(subscriptionId, namespace),
      namespace,
      registrationState: registrationState(world, subscriptionId, namespace),
      registrationPolicy: namespace === "Microsoft.Resources" ? "RegistrationFree" : "RegistrationRequired",
      resourceTypes: types.map((resourceType) => ({ resourceType, locations, apiVersions: [], capabilities: "None" })),
    };
  }

  function one(request: ArmRequest, world: World, becomes?: Registration["becomes"]): ArmReply {
    const { subscriptionId = "", namespace: asked = "" } = request.params;
    const namespace = known(asked);
    if (becomes) change(world, subscriptionId, namespace, becomes);
    return ok(describe(world, subscriptionId, namespace));
  }

  const path = "/subscriptions/{subscriptionId}/providers";
  return [
    {
      method: "GET",
      path,
      operation: "providers.list",
      handle: (request, world) => {
        const { subscriptionId = "" } = request.params;
        return page(
          request,
          namespaces.map((namespace) => describe(world, subscriptionId, namespace)),
        );
      },
    },
    {
      method: "GET",
      path: `${path}/{namespace}`,
      operation: "providers.get",
      handle: (request, world) => one(request, world),
    },
    {
      method: "POST",
      path: `${path}/{namespace}/register`,
      operation: "providers.register",
      handle: (request, world) => one(request, world, "Registered"),
    },
    {
      method: "POST",
      path: `${path}/{namespace}/unregister`,
      operation: "providers.unregister",
      handle: (request, world) => one(request, world, "Unregistered"),
    },
  ];
}

function providerId(subscriptionId: string, namespace: string): string {
  return `/subscriptions/${subscriptionId}/providers/${namespace}`;
}

function registrationState(world: World, subscriptionId: string, namespace: string): string {
  const stored = world.resources.get<JsonObject, Registration>(providerId(subscriptionId, namespace));
  if (!stored) return "Registered";
  const { becomes, atMs } = stored.hidden;
  if (world.now() >= atMs) return becomes;
  return becomes === "Registered" ? "Registering" : "Unregistering";
}

function change(world: World, subscriptionId: string, namespace: string, becomes: Registration["becomes"]): void {
  const state = registrationState(world, subscriptionId, namespace);
  if (state === becomes || state === (becomes === "Registered" ? "Registering" : "Unregistering")) return;
  const id = providerId(subscriptionId, namespace);
  world.resources.put<JsonObject, Registration>({
    id,
    type: REGISTRATION_TYPE,
    subscriptionId,
    resourceGroup: "",
    name: namespace,
    createdMs: world.now(),
    body: { id, namespace },
    hidden: { becomes, atMs: world.now() + TAKES_MS },
  });
}

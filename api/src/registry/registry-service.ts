import { requirePermission, type Viewer } from "../auth/viewer.ts";
import { armIdKey } from "../shared/arm-id.ts";
import type { Clock } from "../shared/clock.ts";
import type { AcrGateway } from "./acr-gateway.ts";
import type { Registry } from "./registry.ts";

const FRESH_MS = 60_000;

export interface RegistryService {
  /** The registries of all subscriptions, at most a minute old, in Azure's order. @throws ForbiddenError, AzureError */
  list(viewer: Viewer): Promise<readonly Registry[]>;
  find(viewer: Viewer, armId: string): Promise<Registry | undefined>;
}

export function createRegistryService(deps: {
  readonly acr: AcrGateway;
  readonly listSubscriptionIds: () => Promise<readonly string[]>;
  readonly clock: Clock;
}): RegistryService {
  let known: { readonly registries: Promise<readonly Registry[]>; readonly askedAtMs: number } | undefined;

  async function ask(): Promise<readonly Registry[]> {
    const subscriptionIds = await deps.listSubscriptionIds();
    return (await Promise.all(subscriptionIds.map((id) => deps.acr.listRegistries(id)))).flat();
  }

  async function list(viewer: Viewer): Promise<readonly Registry[]> {
    requirePermission(viewer, "registries:read");
    if (!known || deps.clock.now() - known.askedAtMs > FRESH_MS) {
      const registries = ask();
      const entry = { registries, askedAtMs: deps.clock.now() };
      known = entry;
      registries.catch(() => {
        if (known === entry) known = undefined;
      });
    }
    return known.registries;
  }

  return {
    list,
    async find(viewer, armId) {
      const key = armIdKey(armId);
      return (await list(viewer)).find((registry) => armIdKey(registry.armId) === key);
    },
  };
}

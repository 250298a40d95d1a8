import { z } from "zod";
import { LOCAL_VIEWER } from "../auth/viewer.ts";
import { createBearerSecret } from "../shared/bearer-secret.ts";
import type { ListingRequests } from "./listing-requests.ts";
import type { RegistryService } from "./registry-service.ts";

/**
 * What an ACR webhook sends on push and delete, as far as it is read
 * (https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference).
 */
const notification = z.object({ action: z.string(), request: z.object({ host: z.string() }) });

export interface RegistryWebhook {
  /**
   * Has the registry that a notification is about listed at once. It says nothing that is believed: what changed is read
   * from Azure. `authorization` must be `Bearer` and the secret of the settings.
   */
  receive(
    authorization: string | undefined,
    body: string,
  ): Promise<"accepted" | "unauthorized" | "unreadable" | "unknown registry">;
}

export function createRegistryWebhook(deps: {
  readonly secret: string;
  readonly registries: RegistryService;
  readonly listingRequests: ListingRequests;
}): RegistryWebhook {
  const bringsSecret = createBearerSecret(deps.secret);
  return {
    async receive(authorization, body) {
      if (!bringsSecret(authorization)) return "unauthorized";
      const parsed = notification.safeParse(tryParseJson(body));
      if (!parsed.success) return "unreadable";
      const host = parsed.data.request.host.toLowerCase();
      const known = await deps.registries.list(LOCAL_VIEWER);
      const registry = known.find((one) => one.loginServer.toLowerCase() === host);
      if (!registry) return "unknown registry";
      await deps.listingRequests.request(registry);
      await deps.registries.keepWatching(registry);
      return "accepted";
    },
  };
}

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { JsonObject } from "../../provider.ts";
import type { Resource } from "../../resource-store.ts";

export const WEBHOOK_TYPE = "Microsoft.ContainerRegistry/registries/webhooks";
export const WEBHOOK_ACTIONS = ["push", "delete", "quarantine", "chart_push", "chart_delete"] as const;
export type WebhookAction = (typeof WEBHOOK_ACTIONS)[number];

/** Virtual milliseconds that a new webhook is Creating. */
const CREATING_MS = 3000;

export type WebhookBody = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: {
    readonly status: "enabled" | "disabled";
    /** `repository`, `repository:tag`, `repository:*`, or empty for all. */
    readonly scope: string;
    readonly actions: readonly WebhookAction[];
  };
};

/** What only getCallbackConfig tells. */
export type WebhookHidden = {
  readonly serviceUri: string;
  readonly customHeaders: Readonly<Record<string, string>>;
};

export type Webhook = Resource<WebhookBody, WebhookHidden>;

/** https://learn.microsoft.com/azure/container-registry/container-registry-webhook */
export function isInScope(scope: string, repository: string, tag: string | undefined): boolean {
  if (scope === "") return true;
  const [wantedRepository, wantedTag = "latest"] = scope.split(":");
  if (wantedRepository !== repository) return false;
  return wantedTag === "*" || tag === undefined || wantedTag === tag;
}

export function provisioningState(webhook: Webhook, nowMs: number): "Creating" | "Succeeded" {
  return nowMs < webhook.createdMs + CREATING_MS ? "Creating" : "Succeeded";
}

/** What a GET answers: neither the address nor the headers, which may be secrets. */
export function webhookBody(webhook: Webhook, nowMs: number): JsonObject {
  const { properties, ...body } = structuredClone(webhook.body);
  return {
    ...body,
    tags: { ...body.tags },
    properties: {
      ...properties,
      actions: [...properties.actions],
      provisioningState: provisioningState(webhook, nowMs),
    },
  };
}

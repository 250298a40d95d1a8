import { invalidRequestContent, resourceNotFound } from "../../arm-errors.ts";
import { created, noContent, ok, page } from "../../arm-response.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { registryOf, REGISTRY_PATH } from "./registry.ts";
import { listWebhooks, raisePing } from "./webhook-events.ts";
import type { WebhookEvent } from "./webhook-events.ts";
import { provisioningState, WEBHOOK_ACTIONS, WEBHOOK_TYPE, webhookBody } from "./webhook.ts";
import type { Webhook, WebhookAction, WebhookBody, WebhookHidden } from "./webhook.ts";

const WEBHOOKS_PATH = `${REGISTRY_PATH}/webhooks`;
const WEBHOOK_PATH = `${WEBHOOKS_PATH}/{webhookName}`;
const NAME = /^[a-z0-9]{5,50}$/i;

/** https://learn.microsoft.com/rest/api/container-registry/webhooks */
export const webhookRoutes: readonly Route[] = [
  {
    method: "GET",
    path: WEBHOOKS_PATH,
    operation: "webhooks.list",
    handle: (request, world) => {
      const webhooks = listWebhooks(world, registryOf(request, world));
      return page(
        request,
        webhooks.map((webhook) => webhookBody(webhook, world.now())),
      );
    },
  },
  {
    method: "GET",
    path: WEBHOOK_PATH,
    operation: "webhooks.get",
    handle: (request, world) => ok(webhookBody(webhookOf(request, world), world.now())),
  },
  { method: "PUT", path: WEBHOOK_PATH, operation: "webhooks.create", handle: createWebhook },
  { method: "PATCH", path: WEBHOOK_PATH, operation: "webhooks.update", handle: updateWebhook },
  { method: "DELETE", path: WEBHOOK_PATH, operation: "webhooks.delete", handle: deleteWebhook },
  {
    method: "POST",
    path: `${WEBHOOK_PATH}/ping`,
    operation: "webhooks.ping",
    handle: (request, world) => ok({ id: raisePing(world, webhookOf(request, world)) }),
  },
  {
    method: "POST",
    path: `${WEBHOOK_PATH}/listEvents`,
    operation: "webhooks.listEvents",
    handle: (request, world) => page(request, world.webhookEvents.list(webhookOf(request, world).id).map(eventBody)),
  },
  {
    method: "POST",
    path: `${WEBHOOK_PATH}/getCallbackConfig`,
    operation: "webhooks.getCallbackConfig",
    handle: (request, world) => {
      const { serviceUri, customHeaders } = webhookOf(request, world).hidden;
      return ok({ serviceUri, customHeaders });
    },
  },
  {
    method: "GET",
    path: `${WEBHOOK_PATH}/operationStatuses/{operationId}`,
    operation: "webhooks.getOperationStatus",
    handle: (request, world) => ok({ status: provisioningState(webhookOf(request, world), world.now()) }),
  },
];

type Fields = {
  readonly location?: unknown;
  readonly tags?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
};

function createWebhook(request: ArmRequest, world: World): ArmReply {
  const registry = registryOf(request, world);
  const { webhookName = "" } = request.params;
  if (!NAME.test(webhookName)) {
    throw invalidRequestContent(`The webhook name '${webhookName}' must have 5 to 50 alphanumeric characters`);
  }
  const { location, tags, properties = {} } = (request.body ?? {}) as Fields;
  if (typeof location !== "string") throw invalidRequestContent("The property 'location' is required");
  const id = `${registry.id}/webhooks/${webhookName}`;
  const before = world.resources.get<WebhookBody, WebhookHidden>(id);
  const serviceUri = readServiceUri(properties["serviceUri"]);
  if (serviceUri === undefined) throw invalidRequestContent("The property 'serviceUri' is required");
  const actions = readActions(properties["actions"]);
  if (actions === undefined) throw invalidRequestContent("The property 'actions' is required");
  const webhook = world.resources.put<WebhookBody, WebhookHidden>({
    id,
    type: WEBHOOK_TYPE,
    subscriptionId: registry.subscriptionId,
    resourceGroup: registry.resourceGroup,
    name: webhookName,
    createdMs: before?.createdMs ?? world.now(),
    body: {
      id,
      name: webhookName,
      type: WEBHOOK_TYPE,
      location,
      tags: readTexts(tags) ?? {},
      properties: {
        status: properties["status"] === "disabled" ? "disabled" : "enabled",
        scope: String(properties["scope"] ?? ""),
        actions,
      },
    },
    hidden: { serviceUri, customHeaders: readTexts(properties["customHeaders"]) ?? {} },
  });
  const body = webhookBody(webhook, world.now());
  if (before) return ok(body);
  const apiVersion = request.query.get("api-version") ?? "";
  const statusPath = `${id}/operationStatuses/webhooks-${webhook.etag}?api-version=${apiVersion}`;
  return created(body, { "azure-asyncoperation": `${request.baseUrl}${statusPath}` });
}

function updateWebhook(request: ArmRequest, world: World): ArmReply {
  const webhook = webhookOf(request, world);
  const { tags, properties = {} } = (request.body ?? {}) as Fields;
  const { status, scope } = properties;
  const changed = world.resources.put<WebhookBody, WebhookHidden>({
    ...webhook,
    body: {
      ...webhook.body,
      tags: readTexts(tags) ?? webhook.body.tags,
      properties: {
        status: status === "enabled" || status === "disabled" ? status : webhook.body.properties.status,
        scope: typeof scope === "string" ? scope : webhook.body.properties.scope,
        actions: readActions(properties["actions"]) ?? webhook.body.properties.actions,
      },
    },
    hidden: {
      serviceUri: readServiceUri(properties["serviceUri"]) ?? webhook.hidden.serviceUri,
      customHeaders: readTexts(properties["customHeaders"]) ?? webhook.hidden.customHeaders,
    },
  });
  return ok(webhookBody(changed, world.now()));
}

function deleteWebhook(request: ArmRequest, world: World): ArmReply {
  const registry = registryOf(request, world);
  const id = `${registry.id}/webhooks/${request.params["webhookName"] ?? ""}`;
  if (!world.resources.delete(id)) return noContent();
  world.webhookEvents.removeAll(id);
  return { status: 200 };
}

/** @throws ArmError 404 ResourceNotFound */
function webhookOf(request: ArmRequest, world: World): Webhook {
  const registry = registryOf(request, world);
  const { webhookName = "" } = request.params;
  const webhook = world.resources.get<WebhookBody, WebhookHidden>(`${registry.id}/webhooks/${webhookName}`);
  if (!webhook) {
    throw resourceNotFound(
      `Microsoft.ContainerRegistry/registries/${registry.name}/webhooks/${webhookName}`,
      registry.resourceGroup,
    );
  }
  return webhook;
}

function eventBody({ id, headers, content, serviceUri, response }: WebhookEvent): object {
  // Custom headers may be secrets: Azure tells their names alone.
  const shown = Object.keys(headers).map((name) => [name, name === "Content-Type" ? headers[name] : "******"]);
  return {
    id,
    eventRequestMessage: {
      content,
      headers: {
        ...Object.fromEntries(shown),
        "Content-Length": String(Buffer.byteLength(JSON.stringify(content))),
      },
      method: "POST",
      requestUri: serviceUri,
      version: "1.1",
    },
    ...(response && {
      eventResponseMessage: {
        ...(response.content !== "" && { content: response.content }),
        headers: { "Content-Length": String(Buffer.byteLength(response.content)) },
        ...(response.reasonPhrase !== "" && { reasonPhrase: response.reasonPhrase }),
        statusCode: response.statusCode,
        version: "1.1",
      },
    }),
  };
}

function readServiceUri(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    throw invalidRequestContent(`The property 'serviceUri' is no http or https address`);
  }
  return value;
}

function readActions(value: unknown): WebhookAction[] | undefined {
  if (value === undefined) return undefined;
  const actions = Array.isArray(value) ? WEBHOOK_ACTIONS.filter((action) => value.includes(action)) : [];
  if (actions.length === 0 || actions.length !== (value as unknown[]).length) {
    throw invalidRequestContent(`The property 'actions' must be a list of ${WEBHOOK_ACTIONS.join(", ")}`);
  }
  return actions;
}

function readTexts(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

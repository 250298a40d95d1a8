import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { JsonObject, World } from "../../provider.ts";
import type { Registry } from "./registry.ts";
import { isInScope, WEBHOOK_TYPE } from "./webhook.ts";
import type { Webhook, WebhookBody, WebhookHidden } from "./webhook.ts";

/** What was, or will be, sent to a webhook's address, and what it answered. */
export type WebhookEvent = {
  readonly id: string;
  readonly webhookId: string;
  readonly serviceUri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: JsonObject;
  /** Left out until it was delivered, or given up. */
  readonly response?: { readonly statusCode: string; readonly reasonPhrase: string; readonly content: string };
};

/**
 * The events of all webhooks. An event is written in the transaction of what it tells of and sent after it
 * (webhook-delivery.ts), so that none is lost with the process; one that was being sent then is sent again.
 */
export type WebhookEvents = {
  add(event: WebhookEvent): void;
  /** Oldest first. */
  pending(): WebhookEvent[];
  setResponse(id: string, response: NonNullable<WebhookEvent["response"]>): void;
  /** Newest first. */
  list(webhookId: string): WebhookEvent[];
  removeAll(webhookId: string): void;
};

const KEPT_PER_WEBHOOK = 200;

export function createWebhookEvents(database: DatabaseSync): WebhookEvents {
  database.exec(`CREATE TABLE IF NOT EXISTS webhook_events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, webhook TEXT NOT NULL,
    is_pending INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS webhook_events_webhook ON webhook_events (webhook, sequence);
    CREATE INDEX IF NOT EXISTS webhook_events_pending ON webhook_events (is_pending, sequence);`);
  const insert = database.prepare("INSERT INTO webhook_events (id, webhook, is_pending, record) VALUES (?, ?, 1, ?)");
  const prune =
    database.prepare(`DELETE FROM webhook_events WHERE webhook = :webhook AND sequence <= COALESCE((SELECT sequence
    FROM webhook_events WHERE webhook = :webhook ORDER BY sequence DESC LIMIT 1 OFFSET ${KEPT_PER_WEBHOOK}), 0)`);
  const selectPending = database.prepare("SELECT record FROM webhook_events WHERE is_pending = 1 ORDER BY sequence");
  const select = database.prepare("SELECT record FROM webhook_events WHERE id = ?");
  const update = database.prepare("UPDATE webhook_events SET is_pending = 0, record = ? WHERE id = ?");
  const selectOf = database.prepare("SELECT record FROM webhook_events WHERE webhook = ? ORDER BY sequence DESC");
  const remove = database.prepare("DELETE FROM webhook_events WHERE webhook = ?");
  const toEvent = (row: Record<string, unknown>): WebhookEvent => JSON.parse(String(row["record"])) as WebhookEvent;

  return {
    add(event) {
      const webhook = event.webhookId.toLowerCase();
      insert.run(event.id, webhook, JSON.stringify(event));
      prune.run({ webhook });
    },
    pending: () => selectPending.all().map(toEvent),
    setResponse(id, response) {
      const row = select.get(id);
      if (row) update.run(JSON.stringify({ ...toEvent(row), response }), id);
    },
    list: (webhookId) => selectOf.all(webhookId.toLowerCase()).map(toEvent),
    removeAll: (webhookId) => void remove.run(webhookId.toLowerCase()),
  };
}

/** What happened to an image; `tag` and `digest` are left out when a whole repository is deleted. */
export type ImageEvent = {
  readonly action: "push" | "delete";
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
};

const MANIFEST_MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
const MANIFEST_BYTES = 1786;

/**
 * Tells every enabled webhook of the registry that asked for it.
 * Payloads: https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference
 */
export function raiseWebhookEvent(world: World, registry: Registry, event: ImageEvent): void {
  const { action, repository, tag, digest } = event;
  for (const webhook of listWebhooks(world, registry)) {
    const { status, scope, actions } = webhook.body.properties;
    if (status !== "enabled" || !actions.includes(action) || !isInScope(scope, repository, tag)) continue;
    const content: JsonObject & { id: string } = {
      ...heading(world, action),
      target: {
        mediaType: MANIFEST_MEDIA_TYPE,
        ...(action === "push" && { size: MANIFEST_BYTES }),
        ...(digest !== undefined && { digest }),
        ...(action === "push" && { length: MANIFEST_BYTES }),
        repository,
        ...(tag !== undefined && { tag }),
      },
      request: {
        id: randomUUID(),
        host: registry.body.properties.loginServer,
        method: action === "push" ? "PUT" : "DELETE",
        useragent: action === "push" ? "docker/27.3.1 go/go1.22.7 os/linux arch/amd64" : "azsdk-js",
      },
    };
    addEvent(world, webhook, content);
  }
}

/** @returns the id of the event that was raised */
export function raisePing(world: World, webhook: Webhook): string {
  return addEvent(world, webhook, heading(world, "ping"));
}

export function listWebhooks(world: World, registry: Registry): Webhook[] {
  return world.resources.list<WebhookBody, WebhookHidden>({ type: WEBHOOK_TYPE, under: registry.id });
}

function heading(world: World, action: string): { id: string; timestamp: string; action: string } {
  return { id: randomUUID(), timestamp: new Date(world.now()).toISOString(), action };
}

function addEvent(world: World, webhook: Webhook, content: JsonObject & { id: string }): string {
  const { serviceUri, customHeaders } = webhook.hidden;
  const headers = { "Content-Type": "application/json; charset=utf-8", ...customHeaders };
  world.webhookEvents.add({ id: content.id, webhookId: webhook.id, serviceUri, headers, content });
  return content.id;
}

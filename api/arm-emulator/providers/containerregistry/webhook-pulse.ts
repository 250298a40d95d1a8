import type { World } from "../../provider.ts";
import { WEBHOOK_TYPE } from "./webhook.ts";

/** How soon, in real time, a webhook hears of what happened while nobody asked anything. */
const PULSE_MS = 200;

/**
 * The world stands still between two requests, but a webhook wants to be called when its time has come: while there
 * is one, the world is brought up to the present now and then.
 * @returns the function that ends it
 */
export function startWebhookPulse(world: World, parts: { settle: () => void; deliver: () => void }): () => void {
  const timer = setInterval(() => {
    if (world.resources.list({ type: WEBHOOK_TYPE }).length === 0) return;
    parts.settle();
    parts.deliver();
  }, PULSE_MS).unref();
  // What was being sent when the last process died is still pending.
  parts.deliver();
  return () => clearInterval(timer);
}

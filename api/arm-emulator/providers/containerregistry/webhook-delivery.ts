import type { WebhookEvent } from "./webhook-events.ts";

const ANSWER_TIMEOUT_MS = 10_000;
const KEPT_ANSWER_CHARACTERS = 1000;

/**
 * Sends webhook events to their addresses, one after the other and each once while the process lives; loopback only,
 * because a world that somebody else seeded must not make this machine call others.
 *
 * State story: `deliver` sends what is pending and stores each answer; calls that come meanwhile ask for one more
 * round. It never rejects: what goes wrong is the event's answer, as listEvents shows it.
 */
export type WebhookDelivery = {
  deliver(): Promise<void>;
  stop(): void;
};

export function createWebhookDelivery(parts: {
  pending(): WebhookEvent[];
  setResponse(id: string, response: NonNullable<WebhookEvent["response"]>): void;
}): WebhookDelivery {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  const stopping = new AbortController();

  async function round(): Promise<void> {
    do {
      isAskedAgain = false;
      for (const event of parts.pending()) {
        const response = await send(event, stopping.signal);
        if (stopping.signal.aborted) return;
        parts.setResponse(event.id, response);
      }
    } while (isAskedAgain);
  }

  return {
    deliver() {
      if (stopping.signal.aborted) return Promise.resolve();
      isAskedAgain = true;
      running ??= round().finally(() => (running = undefined));
      return running;
    },
    stop: () => stopping.abort(),
  };
}

async function send(event: WebhookEvent, signal: AbortSignal): Promise<NonNullable<WebhookEvent["response"]>> {
  if (!isLoopbackUrl(event.serviceUri)) {
    return { statusCode: "0", reasonPhrase: "The emulator calls loopback addresses only.", content: "" };
  }
  try {
    const response = await fetch(event.serviceUri, {
      method: "POST",
      headers: event.headers,
      body: JSON.stringify(event.content),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    const content = (await response.text()).slice(0, KEPT_ANSWER_CHARACTERS);
    return { statusCode: String(response.status), reasonPhrase: response.statusText, content };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { statusCode: "0", reasonPhrase: cause instanceof Error ? cause.message : String(cause), content: "" };
  }
}

function isLoopbackUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined && /^https?:$/.test(url.protocol) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  );
}

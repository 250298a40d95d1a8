import type { Page } from "@playwright/test";

/** When one message was made on the server and when what it changed was on screen; milliseconds since the Unix epoch. */
export interface PaintSample {
  readonly sequence: number;
  readonly madeAtMs: number;
  readonly receivedAtMs: number;
  readonly paintedAtMs: number;
}

declare global {
  interface Window {
    paintSamples: PaintSample[];
  }
}

/**
 * Records in the page, from its first script on: every message that carries a sequence and the time it was made, and the
 * first frame painted after the document changed because of it. Messages come further apart than a frame takes, so the
 * next change after a message is the message's own.
 */
export async function recordPaints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.paintSamples = [];
    const now = (): number => performance.timeOrigin + performance.now();
    let waiting: { sequence: number; madeAtMs: number; receivedAtMs: number } | undefined;
    const Native = window.WebSocket;
    window.WebSocket = class extends Native {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener("message", (event: MessageEvent<unknown>) => {
          const receivedAtMs = now();
          const text = String(event.data);
          const sequence = /"sequence":(\d+)/.exec(text)?.[1];
          const madeAt = /"observedAt":"([^"]+)"/.exec(text)?.[1];
          if (!text.includes('"provisionProgress"') || !sequence || !madeAt) return;
          waiting = { sequence: Number(sequence), madeAtMs: Date.parse(madeAt), receivedAtMs };
        });
      }
    };
    const channel = new MessageChannel();
    let painted: Omit<PaintSample, "paintedAtMs"> | undefined;
    // A message posted in an animation frame is delivered after that frame was painted.
    channel.port1.addEventListener("message", () => {
      if (painted) window.paintSamples.push({ ...painted, paintedAtMs: now() });
      painted = undefined;
    });
    channel.port1.start();
    new MutationObserver(() => {
      if (!waiting) return;
      const sample = waiting;
      waiting = undefined;
      requestAnimationFrame(() => {
        painted = sample;
        channel.port2.postMessage(undefined);
      });
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

export function readPaints(page: Page): Promise<PaintSample[]> {
  return page.evaluate(() => window.paintSamples);
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "@playwright/test";
import { WebSocketServer } from "ws";
import { readPaints, recordPaints, type PaintSample } from "./paint-recorder.ts";

const MESSAGES = 25;
const EVERY_MS = 250;

/**
 * The floor: a bare page that sets one text from a bare WebSocket. What is left is the browser, the kernel and the method
 * of measuring; nothing that shows a message in Chromium can be faster.
 */
export async function measureRawFloor(browser: Browser): Promise<readonly PaintSample[]> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(
      "<!doctype html><p id=p>-</p><script>const s=new WebSocket('ws://'+location.host);s.onmessage=(e)=>{p.textContent=e.data;p.dataset.done=JSON.parse(e.data).last}</script>",
    );
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    let sequence = 0;
    const timer = setInterval(() => {
      sequence++;
      const observedAt = new Date().toISOString();
      socket.send(
        JSON.stringify({
          provisionProgress: { sequence, observedAt, padding: "x".repeat(900) },
          last: sequence === MESSAGES,
        }),
      );
      if (sequence === MESSAGES) clearInterval(timer);
    }, EVERY_MS);
    socket.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  await recordPaints(page);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.locator("#p[data-done=true]").waitFor();
  const samples = await readPaints(page);
  await page.close();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
  return samples;
}

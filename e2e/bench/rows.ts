import { setTimeout as wait } from "node:timers/promises";
import { chromium, type CDPSession } from "@playwright/test";
import { chromiumLaunchOptions } from "../fixtures/chromium.ts";
import { startStack } from "../fixtures/stack.ts";
import { median } from "./figures.ts";
import { recordRowSource } from "./row-changes.ts";

/**
 * `pnpm bench rows [rows]`: the processor time of Chromium's renderer while so many rows of the cluster table change every second,
 * while one of them does, and while none does; then the same in a window that cannot be seen.
 */
const ROWS = Number(process.argv[3] ?? 200);
const ROUNDS = 3;
const SECONDS = 10;

/** Seconds that the renderers have used so far. */
async function rendererSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

const stack = await startStack({ speed: 1 });
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  const session = await browser.newBrowserCDPSession();
  const page = await browser.newPage();
  await recordRowSource(page);
  await page.goto(`${stack.webUrl}/`);
  await page.waitForFunction(() => window.canChangeRows);
  await page.evaluate((count) => window.changeRows(count), ROWS);
  await page.getByRole("link", { name: `row-${String(ROWS - 1).padStart(3, "0")}`, exact: true }).waitFor();

  const measure = async (count: number): Promise<number> => {
    const before = await rendererSeconds(session);
    for (let second = 0; second < SECONDS; second++) {
      await page.evaluate((rows) => window.changeRows(rows), count);
      await wait(1_000);
    }
    return (((await rendererSeconds(session)) - before) / SECONDS) * 100;
  };
  const tell = async (): Promise<void> => {
    const found = new Map<number, number[]>([0, 1, ROWS].map((count) => [count, []]));
    for (let round = 0; round < ROUNDS; round++) for (const [count, shares] of found) shares.push(await measure(count));
    const seen = await page.evaluate(() => document.visibilityState);
    for (const [count, shares] of found)
      process.stdout.write(`${seen}: ${count} rows change every second: ${median(shares)} % of a core\n`);
  };
  await tell();
  const { windowId } = await (await page.context().newCDPSession(page)).send("Browser.getWindowForTarget");
  await session.send("Browser.setWindowBounds", { windowId, bounds: { windowState: "minimized" } });
  await tell();
} finally {
  await browser.close();
  await stack.stop();
}

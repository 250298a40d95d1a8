/** `pnpm screenshots`: makes the README's pictures of a provision under way, light and dark. Takes about six minutes; what the machine itself takes counts tenfold in the usual range. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "../fixtures/chromium.ts";
import { createEmulatorControl } from "../fixtures/emulator.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { createSlipwayApi } from "../fixtures/slipway-api.ts";
import { startStack } from "../fixtures/stack.ts";
import { untilSettled } from "../fixtures/until-settled.ts";

const IMAGES = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const SHOWN = "blast-prod-02";

/** Enough creates for the page to say how long they usually take here. */
const EARLIER = ["blast-test-01", "blast-test-02", "blast-prod-01", "shop-prod-02", "web-prod-01", "web-test-01"];
const EARLIER_SPEED = 10;
/** As long as a cluster may take at that speed. */
const EARLIER_LIMIT_MS = 120_000;

/** Azure's own pace, so that the times on the picture are real ones. */
const SHOWN_SPEED = 1;
const SHOWN_LIMIT_MS = 400_000;

/** Closer to the system fonts of Windows and macOS than what a bare Linux falls back to. */
const FONT = ':root { --font: "Liberation Sans", sans-serif; }';

const stack = await startStack({ speed: EARLIER_SPEED });
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  const emulator = createEmulatorControl(stack.emulatorUrl);
  const api = createSlipwayApi(stack.apiUrl);
  const page = await browser.newPage({
    baseURL: stack.webUrl,
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Amsterdam",
    // The font is a style of ours that the page's policy knows nothing of.
    bypassCSP: true,
  });
  const provision = provisionPageOn(page);

  const earlier = await Promise.all(EARLIER.map((name) => api.startProvision(name)));
  for (const id of earlier) {
    await provision.open(id);
    await provision.headline.filter({ hasText: "Cluster ready" }).waitFor({ timeout: EARLIER_LIMIT_MS });
  }

  await emulator.setSpeed(SHOWN_SPEED);
  await provision.open(await api.startProvision(SHOWN, { withRegistry: true }));
  const readyPool = provision.pools.filter({ hasText: "systempool" }).filter({ hasText: "Succeeded" });
  await readyPool.waitFor({ timeout: SHOWN_LIMIT_MS });
  await page.addStyleTag({ content: FONT });
  await mkdir(IMAGES, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await untilSettled(page);
    await page.screenshot({ path: `${IMAGES}provision-${colorScheme}.png` });
  }
} finally {
  await browser.close();
  await stack.stop();
}

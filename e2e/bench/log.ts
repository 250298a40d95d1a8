import { setTimeout as wait } from "node:timers/promises";
import { chromium, type Page } from "@playwright/test";
import { buildPageOn } from "../fixtures/build-page.ts";
import { chromiumLaunchOptions } from "../fixtures/chromium.ts";
import { createEmulatorControl } from "../fixtures/emulator.ts";
import { createSlipwayApi } from "../fixtures/slipway-api.ts";
import { startStack } from "../fixtures/stack.ts";
import { median } from "./figures.ts";
import { type MainThread, watchMainThread } from "./main-thread.ts";

/**
 * `pnpm bench log`: the log of a build that writes 50,000 lines. How long its page takes to open, and the longest task of the main
 * thread while lines come, while somebody scrolls, searches and folds.
 */
const IMAGE = "bench/talkative";
/** At this speed the whole log comes within seconds; with a tenth of it lines come for a minute. */
const FAST = 150;
const FOLLOWED = 8;
const FOLLOW_MS = 15_000;
const ROUNDS = 5;
const LIMIT_MS = 120_000;
const COMPLETE = /^50,\d{3} lines · complete$/;

const stack = await startStack({ speed: FAST });
const browser = await chromium.launch(chromiumLaunchOptions());
const emulator = createEmulatorControl(stack.emulatorUrl);
const api = createSlipwayApi(stack.apiUrl);

async function openPage(): Promise<Page> {
  return browser.newPage({ baseURL: stack.webUrl, viewport: { width: 1280, height: 900 } });
}

/** From the call of a page in a browser that has its scripts. */
async function timeToOpen(buildId: string): Promise<{ readonly firstMs: number; readonly allMs: number }> {
  const page = await openPage();
  const { open, log, lineCount } = buildPageOn(page);
  await page.goto("/registries", { waitUntil: "networkidle" });
  const startedMs = performance.now();
  await open(buildId);
  await log.getByRole("link").first().waitFor();
  const firstMs = performance.now() - startedMs;
  await lineCount.filter({ hasText: COMPLETE }).waitFor({ timeout: LIMIT_MS });
  const allMs = performance.now() - startedMs;
  await page.close();
  return { firstMs: Math.round(firstMs), allMs: Math.round(allMs) };
}

function say(what: string, { longestTaskMs, tasksOver50Ms, totalMs }: MainThread, more = ""): void {
  process.stdout.write(
    `${what.padEnd(26)}longest task ${String(longestTaskMs).padStart(4)} ms, over 50 ms ${tasksOver50Ms}, in all ${totalMs} ms${more}\n`,
  );
}

try {
  await emulator.setImageScenario(`${IMAGE}:1`, "long-log");
  const done = await api.startBuild(`${IMAGE}:1`);
  // Azure's log is read whole once, then the server has it.
  await timeToOpen(done);
  const times: { readonly firstMs: number; readonly allMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timeToOpen(done));
  const [firstMs, allMs] = [median(times.map((one) => one.firstMs)), median(times.map((one) => one.allMs))];
  process.stdout.write(`open: first lines after ${firstMs} ms, all after ${allMs} ms\n`);

  const page = await openPage();
  const { open, log, lineCount } = buildPageOn(page);
  const opening = await watchMainThread(browser, page, async () => {
    await open(done);
    await lineCount.filter({ hasText: COMPLETE }).waitFor({ timeout: LIMIT_MS });
  });
  say("open", opening);

  await log.hover();
  const scrolling = await watchMainThread(browser, page, async () => {
    for (let turn = 0; turn < 150; turn++) {
      await page.mouse.wheel(0, turn % 3 === 0 ? 3_000 : 400);
      await wait(16);
    }
  });
  say("scroll by wheel", scrolling);
  const jumping = await watchMainThread(browser, page, async () => {
    for (let turn = 1; turn <= 40; turn++) {
      const part = (turn * 0.618) % 1;
      await log.evaluate((element, to) => (element.scrollTop = to * element.scrollHeight), part);
      await wait(50);
    }
  });
  say("scroll by the bar", jumping);

  const search = page.getByRole("searchbox", { name: "Search the log" });
  const searching = await watchMainThread(browser, page, () => search.pressSequentially("package-4321", { delay: 60 }));
  say("type 12 letters to find", searching);
  await search.fill("");
  const folding = await watchMainThread(browser, page, async () => {
    for (let turn = 0; turn < 4; turn++) {
      await page.getByRole("button", { name: turn % 2 === 0 ? "Fold all" : "Unfold all" }).click();
      await wait(100);
    }
  });
  say("fold and unfold all", folding);
  await page.close();

  await emulator.setSpeed(FOLLOWED);
  await emulator.setImageScenario(`${IMAGE}:2`, "long-log");
  const running = await openPage();
  const live = buildPageOn(running);
  await live.open(await api.startBuild(`${IMAGE}:2`));
  await live.lineCount.filter({ hasText: /^\d+,\d{3} lines/ }).waitFor({ timeout: LIMIT_MS });
  const following = await watchMainThread(browser, running, () => wait(FOLLOW_MS));
  const [seen = ""] = (await live.lineCount.textContent())?.split(" ") ?? [];
  say("follow", following, `; ${FOLLOW_MS / 1000} s, up to line ${seen}`);
} finally {
  await browser.close();
  await stack.stop();
}

import type { Page } from "@playwright/test";
import { overflowOn } from "../fixtures/readability.ts";
import { ROW_SOURCE } from "../fixtures/row-changes.ts";
import { expect, test } from "../fixtures/test.ts";

const ADDED = 200;
const FIRST = "row-000";
const LAST = "row-199";

/** The list of clusters with two hundred more than Azure has. */
async function openLongList(page: Page): Promise<void> {
  await page.addInitScript(ROW_SOURCE);
  await page.goto("/");
  await expect.poll(() => page.evaluate(() => window.canChangeRows)).toBe(true);
  await page.evaluate((count) => window.changeRows(count), ADDED);
  await expect
    .poll(async () => Number(await page.getByRole("table", { name: "Clusters" }).getAttribute("aria-rowcount")))
    .toBeGreaterThan(ADDED);
}

/** Rows turn out higher or lower than was guessed while one scrolls; one goes on until nothing more comes. */
async function scrollToEnd(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" });
        return document.body.scrollHeight - window.scrollY - window.innerHeight;
      }),
    )
    .toBeLessThanOrEqual(1);
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])
  test(`of two hundred clusters a view of ${viewport.width} pixels renders few, and scrolls to the last and back`, async ({
    watchedPage: page,
  }) => {
    await page.setViewportSize(viewport);
    await openLongList(page);
    const rows = page.getByRole("table", { name: "Clusters" }).getByRole("row");
    expect(await rows.count()).toBeLessThan(60);
    const heightAtTop = await page.evaluate(() => document.body.scrollHeight);
    expect(heightAtTop, "there is room for every row").toBeGreaterThan(ADDED * 40);

    await scrollToEnd(page);
    await expect(page.getByRole("link", { name: LAST, exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: FIRST, exact: true })).toHaveCount(0);
    expect(await rows.count()).toBeLessThan(60);

    await page.evaluate(() => window.scrollTo({ top: 0, behavior: "instant" }));
    await expect(page.getByRole("link", { name: FIRST, exact: true })).toBeVisible();
    expect(await overflowOn(page)).toEqual([]);
  });

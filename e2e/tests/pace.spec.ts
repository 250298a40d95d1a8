import type { Locator, Page } from "@playwright/test";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

// What is slow is told by how long earlier creates took: here there are none, so that Azure's own estimate counts.
test.use({ worldOf: "nobody before" });

/** Azure's minutes after which a create has taken longer than Azure says, and after which one that does not change is stuck. */
const MINUTES_UNTIL = { slow: 16, stuck: 35 };

const status = (page: Page, word: string): Locator => page.getByRole("main").getByText(word, { exact: true }).first();

test("slow: I am told that it is slower than usual and that nothing is known to be wrong, and it is ready in the end", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setSpeed(SLOW);
  await emulator.setScenario("fate-slow", "slow");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision("fate-slow"));
  await expect(provision.azureState).toBeVisible();
  await emulator.advance(MINUTES_UNTIL.slow * 60);
  await expect(status(page, "Creating, slowly")).toBeVisible();
  await expect(page.getByText("Slower than usual", { exact: true })).toBeVisible();
  await expect(
    page.getByText(/Nothing is known to be wrong: wait on, or look at it in the Azure portal/),
  ).toBeVisible();
  await expect(provision.portalLink).toBeVisible();
  await emulator.advance(MINUTES_UNTIL.slow * 60);
  await expect(provision.headline).toHaveText(/^Cluster ready/);
});

test("stuck: I am told since when nothing has changed and what I can do, and cancel it", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setSpeed(SLOW);
  await emulator.setScenario("fate-stuck", "stuck");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision("fate-stuck"));
  await expect(provision.azureState).toBeVisible();
  await emulator.advance(MINUTES_UNTIL.stuck * 60);
  await expect(status(page, "Creating, stuck")).toBeVisible();
  await expect(page.getByText("Looks stuck", { exact: true })).toBeVisible();
  await expect(
    page.getByText(/^No change for .*: open the cluster in the Azure portal to see why, or cancel\.$/),
  ).toBeVisible();
  await expect(page.getByText(/^last change .* · checked /)).toBeVisible();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel creation" }).click();
  await emulator.setSpeed(FAST);
  await expect(page.getByText(/^Canceled in step 3\/5/)).toBeVisible();
});

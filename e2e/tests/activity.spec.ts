import { overflowOn, violationsOn } from "../fixtures/readability.ts";
import { expect, test } from "../fixtures/test.ts";

test("what anyone does appears at once with its outcome, can be filtered by keyboard, and reads well on a phone", async ({
  watchedPage: page,
  api,
}) => {
  await page.goto("/activity");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const rows = page.getByRole("list", { name: "Activity, newest first" }).getByRole("listitem");
  await api.startProvision("seen-by-all");
  await expect(rows.first()).toContainText("Local operator asked to create cluster seen-by-all");
  await expect(rows.first(), "how it ends arrives by itself").toContainText("Succeeded", { timeout: 90_000 });
  await api.startBuild("team/activity:1.0.0");
  await expect(rows.first()).toContainText("team/activity:1.0.0");

  await page.getByRole("combobox", { name: "Action" }).focus();
  await page.keyboard.type("Create");
  await expect(rows.first()).toContainText("seen-by-all");
  await expect(page).toHaveURL("/activity?action=start-provision");
  await page.reload();
  await expect(rows.first()).toContainText("seen-by-all");

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violationsOn(page)).toEqual([]);
  expect(await overflowOn(page)).toEqual([]);
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Recent activity" })).toContainText("team/activity:1.0.0");
});

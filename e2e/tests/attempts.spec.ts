import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, FAST, test } from "../fixtures/test.ts";

/** Slow enough that a create still runs when its question has been read. */
const AT_EASE = 2;

test("I cancel a create while it runs, am told before what stays, and clean it up", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "not-this-one";
  await emulator.setSpeed(AT_EASE);
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name));
  await expect(provision.azureState).toBeVisible();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const question = page.getByRole("alertdialog", { name: `Cancel the creation of ${name}?` });
  await expect(question).toContainText("It rolls nothing back");
  await expect(question.getByRole("button", { name: "Keep creating" })).toBeFocused();
  await question.getByRole("button", { name: "Cancel creation" }).click();
  await expect(page.getByRole("button", { name: "Cancel", exact: true })).toHaveCount(0);
  await emulator.setSpeed(FAST);
  const left = page.getByRole("region", { name: "Still in Azure" });
  await expect(left).toContainText("It may cost money until it is deleted.", { timeout: 90_000 });
  await expect(page).toHaveTitle(`Canceled · ${name}`);

  await page.getByRole("button", { name: "Clean up" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(left).toHaveCount(0, { timeout: 90_000 });
});

test("a failed attempt stays for everyone until one of us dismisses it; another is retried and both windows see the second one", async ({
  watchedPage: page,
  browser,
  baseURL,
  api,
  emulator,
}) => {
  const [lost, again] = ["lost-cause", "once-more"];
  for (const name of [lost, again]) await emulator.setScenario(name, "sku-not-allowed");
  const provision = provisionPageOn(page);
  for (const name of [lost, again]) {
    await provision.open(await api.startProvision(name));
    await expect(provision.headline).toHaveText(/^Failed in step /, { timeout: 90_000 });
  }
  const other = await (await browser.newContext(baseURL === undefined ? {} : { baseURL })).newPage();
  for (const one of [page, other]) await one.goto("/");
  const attempt = (one: typeof page, name: string) => one.getByRole("article", { name: `Attempt at ${name}` });
  for (const one of [page, other]) await expect(attempt(one, lost)).toContainText("Failed");

  await attempt(page, lost).getByRole("button", { name: "Dismiss" }).click();
  for (const one of [page, other]) await expect(attempt(one, lost)).toHaveCount(0);
  await other.reload();
  await expect(attempt(other, again)).toBeVisible();
  await expect(attempt(other, lost)).toHaveCount(0);

  // It fails again: what both see then is the second attempt, and the first one is taken care of.
  await attempt(other, again).getByRole("button", { name: "Retry" }).click();
  for (const one of [page, other]) {
    const rows = one.getByRole("table", { name: "Provisions that have ended" }).getByRole("row");
    await expect(rows.filter({ hasText: again })).toHaveCount(2, { timeout: 90_000 });
    await expect(attempt(one, again)).toHaveCount(1);
  }
  await attempt(page, again).getByRole("button", { name: "Dismiss" }).click();
  for (const one of [page, other]) await expect(attempt(one, again)).toHaveCount(0);
});

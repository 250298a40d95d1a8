import { provisionPageOn } from "../fixtures/provision-page.ts";
import { setbacksOf } from "../fixtures/shown-progress.ts";
import { recordShownStates } from "../fixtures/shown-states.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

test("the server is killed while Azure works: my page says so, comes back by itself and the same provision goes on", async ({
  page,
  stack,
  api,
  emulator,
}) => {
  const name = "survivor-06";
  await emulator.setSpeed(SLOW);
  const shown = await recordShownStates(page, name);
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name));
  await expect(provision.azureState).toBeVisible();
  await expect(provision.connection).toHaveText("Live");
  let loads = 0;
  page.on("load", () => (loads += 1));

  await stack.killApi();
  await expect(provision.connection).toHaveText("Reconnecting…");
  await expect(provision.pools, "what is known stays").toHaveCount(2);
  await expect(provision.bar).toBeVisible();
  await expect(provision.connection).toHaveText("Live");
  await expect(provision.azureState, "Azure has not finished meanwhile").toBeVisible();
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  await expect(provision.pools).toHaveText([/Succeeded/, /Succeeded/]);

  expect(loads, "nobody reloaded the page").toBe(0);
  expect(setbacksOf(shown.states())).toEqual([]);
  expect(await emulator.countCreates(name)).toBe(1);
});

test("I reload the page on the way and it shows the same provision at the same place", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "reloaded-03";
  // Slow enough that nothing happens in Azure during the reload.
  await emulator.setSpeed(2);
  const shown = await recordShownStates(page, name);
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name));
  await expect(provision.pools).toHaveText([/systempool.*Creating/, /userpool.*Creating/]);
  await page.reload();
  await expect(provision.connection).toHaveText("Live");
  await expect(provision.pools).toHaveText([/systempool.*Creating/, /userpool.*Creating/]);
  await expect(provision.headline).toHaveText(/^Step 3\/5/);
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  expect(setbacksOf(shown.states()), "not even the first paint after the reload was behind").toEqual([]);
});

test("the server is killed right after Create: what was started is not lost and not started twice", async ({
  page,
  stack,
  api,
  emulator,
}) => {
  const name = "killed-at-once";
  const id = await api.startProvision(name);
  await stack.killApi();
  const provision = provisionPageOn(page);
  await provision.open(id);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  expect(await emulator.countCreates(name)).toBe(1);
});

test("the server is away for longer: the dashboard keeps what it knows, says since when, and fills again by itself", async ({
  page,
  stack,
}) => {
  await page.goto("/");
  const { connection } = provisionPageOn(page);
  const clusters = page.getByRole("table", { name: "Clusters" });
  await expect(connection).toHaveText("Live");
  await expect(clusters.getByRole("row").filter({ hasText: "shop-prod" })).toContainText("Running");

  const bringBack = await stack.takeApiDown();
  try {
    await expect(connection).toHaveText(/^Offline since \d\d:\d\d$/);
    await expect(page.getByText("Can't reach the Slipway API")).toBeVisible();
    await expect(
      clusters.getByRole("row").filter({ hasText: "shop-prod" }),
      "what was known is still there",
    ).toContainText("Running");
    await expect(page.getByText(/last known, as of/)).toBeVisible();

    const newcomer = await page.context().newPage();
    await newcomer.goto("/");
    await expect(newcomer.getByText("Can't reach the Slipway API"), "a page opened now says so at once").toBeVisible();
    bringBack();
    for (const tab of [page, newcomer]) {
      await expect(provisionPageOn(tab).connection).toHaveText("Live", { timeout: 90_000 });
      await expect(tab.getByText("Can't reach the Slipway API")).toHaveCount(0);
      await expect(
        tab.getByRole("table", { name: "Clusters" }).getByRole("row").filter({ hasText: "shop-prod" }),
      ).toContainText("Running");
    }
    await newcomer.close();
  } finally {
    bringBack();
  }
});

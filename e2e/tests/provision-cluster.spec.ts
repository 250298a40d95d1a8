import { createFormOn, openCreateForm } from "../fixtures/create-form.ts";
import { DEMO } from "../fixtures/demo-world.ts";
import type { EmulatorControl } from "../fixtures/emulator.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { differencesOf, setbacksOf } from "../fixtures/shown-progress.ts";
import { recordShownStates } from "../fixtures/shown-states.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

/** Durations in the emulated Azure come from names: with these, one pool is ready 70 of its seconds before the other. */
const WATCHED = "watch-me-05";
const SHARED = "shared-view-05";
/** Slow enough that the moment between the two pools is not missed. */
const AT_EASE = 12;

/** Azure then stands nearly still, so that a busy machine sees it too. */
async function untilOnePoolIsReady(emulator: EmulatorControl, name: string): Promise<void> {
  await emulator.setSpeed(AT_EASE);
  await expect.poll(() => emulator.poolState(name, "systempool"), { timeout: 90_000 }).toBe("Succeeded");
  await emulator.setSpeed(1);
}

test("I fill in the form, press Create and watch the cluster being made on a page of its own", async ({
  watchedPage: page,
  emulator,
}) => {
  const name = WATCHED;
  await emulator.setSpeed(SLOW);
  const shown = await recordShownStates(page, name);
  const form = await openCreateForm(page);
  await form.form.getByLabel("Cluster name").fill(name);
  await expect(form.form.getByLabel("Resource group")).toHaveValue(`rg-${name}`);
  await form.chooseSize("systempool", "Standard_D2s_v3");
  await form.form.getByRole("button", { name: "Add node pool" }).click();
  await form.chooseSize("userpool", "Standard_D4s_v3");
  await form.pool("userpool").getByLabel("Nodes", { exact: true }).fill("2");
  await form.form.getByLabel("Attach a registry").selectOption({ label: DEMO.registryLoginServer });
  await form.create();

  await expect(page, "the page of the provision comes").toHaveURL(/\/provisions\/[^/]+$/);
  const provision = provisionPageOn(page);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(provision.headline).toHaveText(/^Step 3\/5 · Creating AKS cluster \(5–10 min\) · \d+s$/);
  await expect(provision.azureState).toHaveText(/^AKS state: Creating · ARM \d+s$/);
  await expect(provision.pools).toHaveText([/systempool.*Creating.*1/, /userpool.*Creating.*2/]);
  await expect(provision.bar).toHaveAttribute("aria-valuetext", /^Step 3 of 5, Creating AKS cluster.*, \d+ percent$/);

  await untilOnePoolIsReady(emulator, name);
  await expect(provision.pools, "one pool is ready before the other").toHaveText([/Succeeded/, /Creating/]);
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready · took \d+s$/, { timeout: 90_000 });
  await expect(page.getByText("Succeeded", { exact: true }).first()).toBeVisible();
  await expect(provision.pools).toHaveText([/systempool.*Succeeded.*1/, /userpool.*Succeeded.*2/]);
  await expect(provision.bar).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Timeline" }).getByRole("row")).toHaveText([
    "Step or poolWhenState",
    /Preparing ARM request.*Done/,
    /Ensuring resource group.*Done/,
    /Creating AKS cluster.*Done/,
    /systempool.*Succeeded/,
    /userpool.*Succeeded/,
    /Granting role assignments.*Done/,
  ]);
  const armId = `/subscriptions/${DEMO.subscriptionId}/resourcegroups/rg-${name}/providers/microsoft.containerservice/managedclusters/${name}`;
  const portalUrl = await provision.portalLink.getAttribute("href");
  expect(portalUrl?.toLowerCase()).toBe(`https://portal.azure.com/#@/resource${armId}/overview`);
  await expect(page).toHaveTitle(`Ready · ${name}`);

  expect(setbacksOf(shown.states())).toEqual([]);
  const whileCreating = shown
    .states()
    .filter(({ pools }) => pools.length === 2 && pools.every((pool) => pool.includes("Creating")));
  const percents = new Set(whileCreating.map(({ percent }) => percent));
  expect(percents.size, "the bar also moves while Azure has no news").toBeGreaterThan(2);
});

test("two windows and the dashboard show the same all along, and a window opened after the end shows the result", async ({
  watchedPage: first,
  browser,
  baseURL,
  api,
  emulator,
}) => {
  const name = SHARED;
  const newWindow = async () => (await browser.newContext(baseURL === undefined ? {} : { baseURL })).newPage();
  const dashboard = await newWindow();
  const onDashboard = await recordShownStates(dashboard, name);
  await dashboard.goto("/");
  await expect(provisionPageOn(dashboard).connection).toHaveText("Live");

  // Three windows take a busy machine a minute to open.
  await emulator.setSpeed(2);
  const id = await api.startProvision(name);
  const inFirst = await recordShownStates(first, name);
  await provisionPageOn(first).open(id);
  await expect(provisionPageOn(first).azureState).toBeVisible();

  const second = await newWindow();
  const inSecond = await recordShownStates(second, name);
  await provisionPageOn(second).open(id);
  await expect(dashboard.getByRole("progressbar", { name: `Progress of ${name}` })).toBeVisible();
  await expect(provisionPageOn(second).connection).toHaveText("Live");

  await untilOnePoolIsReady(emulator, name);
  await expect(provisionPageOn(second).pools).toHaveText([/Succeeded/, /Creating/]);
  await emulator.setSpeed(FAST);
  for (const page of [first, second]) {
    await expect(provisionPageOn(page).headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
    await expect(provisionPageOn(page).pools).toHaveText([/Succeeded/, /Succeeded/]);
  }
  await expect(
    dashboard.getByRole("table", { name: "Provisions that have ended" }).getByRole("row").filter({ hasText: name }),
  ).toContainText("Succeeded");
  await expect(dashboard.getByRole("progressbar", { name: `Progress of ${name}` })).toHaveCount(0);
  await expect(
    dashboard.getByRole("table", { name: "Clusters" }).getByRole("row").filter({ hasText: name }),
  ).toContainText("Running");

  for (const recording of [inFirst, inSecond, onDashboard]) expect(setbacksOf(recording.states())).toEqual([]);
  expect(differencesOf(inFirst.states(), inSecond.states())).toEqual([]);
  const { atMs: _, ...end } = inFirst.states().at(-1) ?? {};
  expect(inSecond.states().at(-1)).toMatchObject(end);
  const endMs = inFirst.states().find(({ percent }) => percent === null)?.atMs;
  expect(differencesOf(inFirst.states(), onDashboard.states(), endMs)).toEqual([]);

  const latecomer = await newWindow();
  await provisionPageOn(latecomer).open(id);
  for (const part of ["headline", "pools", "portalLink"] as const) {
    expect(await provisionPageOn(latecomer)[part].allTextContents()).toEqual(
      await provisionPageOn(first)[part].allTextContents(),
    );
  }
  await Promise.all([dashboard, second, latecomer].map((page) => page.context().close()));
});

test("the form that I left by Create is not what the back button repeats", async ({ watchedPage: page, emulator }) => {
  const name = "once-only";
  await emulator.setSpeed(FAST);
  const form = await openCreateForm(page);
  await form.form.getByLabel("Cluster name").fill(name);
  await form.create();
  await expect(page).toHaveURL(/\/provisions\//);
  await page.goBack();
  await expect(createFormOn(page).form).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  // Azure is asked a moment after the page is there; whatever was asked twice has been by the time that the cluster is made.
  await expect(provisionPageOn(page).headline).toHaveText(/^Cluster ready/);
  expect(await emulator.countCreates(name)).toBe(1);
});

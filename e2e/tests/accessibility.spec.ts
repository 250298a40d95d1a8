import { openCreateForm, readyCreateForm } from "../fixtures/create-form.ts";
import { DEMO } from "../fixtures/demo-world.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { overflowOn, violationsOn } from "../fixtures/readability.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

const TWO_LOOKS = ["light, desktop", "dark, phone"] as const;

test.describe("everybody can read and use", () => {
  test("the dashboard", async ({ watchedPage: page }) => {
    await page.goto("/");
    await expect(page.getByRole("table", { name: "Clusters" })).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });

  test("the form, also with errors and an open list", async ({ watchedPage: page }) => {
    const { create, pool } = await openCreateForm(page);
    await create();
    await expect(page.getByText("Give the cluster a name.")).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    await pool("systempool").getByRole("combobox", { name: "Size" }).fill("D2s");
    await expect(page.getByRole("option").first()).toBeVisible();
    // While one types in an open list the rest of the page is hidden from screen readers, so that they stay in it; the
    // first Tab closes it. The rule can't see that.
    expect(await violationsOn(page, { exceptRules: ["aria-hidden-focus"] })).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await overflowOn(page)).toEqual([]);
  });

  test("the preflight as it fails, and the options of a pool", async ({ watchedPage: page }) => {
    const { form, pool } = await openCreateForm(page);
    await form.getByLabel("Cluster name").fill("readable-checks");
    await form.getByLabel("Subscription").selectOption({ label: DEMO.sandboxSubscriptionName });
    await expect(pool("systempool").getByRole("combobox", { name: "Size" })).toHaveValue("Standard_D4s_v5");
    await pool("systempool").getByLabel("Nodes", { exact: true }).fill("3");
    await pool("systempool").getByText("Options").click();
    await pool("systempool").getByLabel("Let AKS choose the number of nodes").check();
    await expect(form.getByRole("button", { name: "Apply 2 nodes to systempool" })).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });

  test("the list of clusters when its toolbar leaves some or none", async ({ watchedPage: page }) => {
    await page.goto("/");
    const toolbar = page.getByRole("search", { name: "Clusters" });
    await toolbar.getByLabel("Status").selectOption({ label: "Ready" });
    await expect(page.getByRole("table", { name: "Clusters" })).toBeVisible();
    expect(await violationsOn(page, { looks: TWO_LOOKS })).toEqual([]);
    await toolbar.getByLabel("Search clusters").fill("nothing is called so");
    await expect(page.getByRole("table", { name: "Clusters" })).toHaveCount(0);
    expect(await violationsOn(page, { looks: TWO_LOOKS })).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });

  test("the question before a cancel", async ({ watchedPage: page, api, emulator }) => {
    await emulator.setSpeed(SLOW);
    const name = "readable-cancel";
    await emulator.setScenario(name, "stuck");
    await provisionPageOn(page).open(await api.startProvision(name));
    await expect(provisionPageOn(page).azureState).toBeVisible();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    const question = page.getByRole("alertdialog");
    await expect(question).toBeVisible();
    // The page behind is hidden from screen readers while the question is open; the rule can't see that focus stays in it.
    expect(await violationsOn(page, { exceptRules: ["aria-hidden-focus"], looks: TWO_LOOKS })).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
    await question.getByRole("button", { name: "Cancel creation" }).click();
    await emulator.setSpeed(FAST);
    await expect(page.getByText(/^Canceled in step 3\/5/)).toBeVisible();
  });

  test("a provision that runs, on its page and on the dashboard", async ({ watchedPage: page, api, emulator }) => {
    await emulator.setSpeed(SLOW);
    const id = await api.startProvision("readable");
    await provisionPageOn(page).open(id);
    await expect(provisionPageOn(page).pools).toHaveText([/Creating/, /Creating/]);
    // The looks take a busy machine minutes: Azure stands still meanwhile.
    await emulator.setSpeed(0);
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
    await page.goto("/");
    await expect(page.getByRole("progressbar", { name: "Progress of readable" })).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });

  test("a provision that failed, and one that succeeded", async ({ watchedPage: page, api, emulator }) => {
    await emulator.setScenario("readable-failure", "pool-fails");
    const [failed, succeeded] = await Promise.all([
      api.startProvision("readable-failure"),
      api.startProvision("readable-success"),
    ]);
    const provision = provisionPageOn(page);
    await provision.open(failed);
    await expect(provision.headline).toHaveText(/^Failed in step/, { timeout: 90_000 });
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
    await provision.open(succeeded);
    await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
    expect(await violationsOn(page)).toEqual([]);
  });

  test("an address that leads nowhere", async ({ page }) => {
    await page.goto("/nowhere");
    expect(await violationsOn(page)).toEqual([]);
  });
});

test("I create a cluster and open its page with the keyboard alone", async ({ watchedPage: page }) => {
  const name = "by-keyboard";
  const focused = page.locator(":focus");
  const tabTo = async (what: string, matches: () => Promise<boolean>): Promise<void> => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      if (await matches()) return;
    }
    throw new Error(`Forty presses of Tab did not lead to ${what}.`);
  };
  const isLabelled = (label: string) => async (): Promise<boolean> => {
    const labels = await focused.evaluate(
      (element) => (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent,
    );
    return (labels ?? "").trim().startsWith(label);
  };

  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(focused).toHaveText("Skip to content");
  await page.keyboard.press("Enter");
  await tabTo("the link to the form", isLabelled("Create cluster"));
  await page.keyboard.press("Enter");
  await readyCreateForm(page);
  await tabTo("the name", isLabelled("Cluster name"));
  await page.keyboard.type(name);
  await tabTo("the size", isLabelled("Size"));
  await page.keyboard.type("D2s_v3");
  await expect(page.getByRole("option", { name: /Standard_D2s_v3/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(focused).toHaveValue("Standard_D2s_v3");
  await tabTo("the number of nodes", isLabelled("Nodes"));
  await page.keyboard.press("ArrowUp");
  await expect(focused).toHaveValue("2");
  await tabTo("Create", isLabelled("Create"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("systempool: 2 × Standard_D2s_v3")).toBeVisible();
});

test("a screen reader hears the milestones of a provision from one polite place, and no percentages", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "heard-06";
  await emulator.setSpeed(SLOW);
  const heard: string[] = [];
  await page.exposeFunction("hear", (words: string) => void heard.push(words));
  await page.addInitScript(() => {
    let last = "";
    new MutationObserver(() => {
      const words = document.querySelector('[aria-live="polite"]')?.textContent?.trim() ?? "";
      if (words === last) return;
      last = words;
      void (window as unknown as { hear: (words: string) => Promise<void> }).hear(words);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name));
  await expect(provision.azureState).toBeVisible();
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  await expect(page.locator('[aria-live="polite"]')).toHaveCount(1);
  await expect(page.locator('[aria-live="polite"]')).toContainText(`${name}: cluster ready after`);
  expect(heard.some((words) => words.startsWith(`${name}: step 3 of 5, Creating AKS cluster`))).toBe(true);
  expect(heard.filter((words) => words.includes("percent") || words.includes("%"))).toEqual([]);
  expect(heard.length, "milestones only").toBeLessThan(8);
});

test("nothing glides when I have asked for less motion", async ({ watchedPage: page, api, emulator }) => {
  await emulator.setSpeed(SLOW);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision("no-motion"));
  await expect(provision.bar).toBeVisible();
  const transitions = await provision.bar.evaluate((bar) =>
    [...bar.querySelectorAll("*")].map((part) => getComputedStyle(part).transitionDuration),
  );
  expect(transitions.filter((duration) => duration !== "0s")).toEqual([]);
  const moving = await page.evaluate(() =>
    document.getAnimations().map((animation) => (animation as CSSAnimation).animationName),
  );
  expect(moving.filter((animation) => animation !== "icon-spin")).toEqual([]);
});

test("the colours I choose stay, also after a reload", async ({ watchedPage: page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Colour theme: System" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  expect(await background(), "from the first paint on").toBe(dark);
});

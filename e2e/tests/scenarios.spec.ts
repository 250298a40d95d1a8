import type { Locator, Page } from "@playwright/test";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

/**
 * What people are told of a cluster whose fate at Azure is scripted. `failures.spec.ts` tells of
 * `quota-exceeded`, `pool-fails` and `rbac-denied`, `pace.spec.ts` of `slow` and `stuck`.
 */

/** Slow enough that the role is asked for before the identity is known, fast enough for a whole create. */
const IDENTITY_SPEED = 20;

const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
const status = (page: Page, word: string): Locator => page.getByRole("main").getByText(word, { exact: true }).first();

interface Ending {
  readonly scenario: string;
  readonly word: string;
  readonly headline: RegExp;
  readonly cause: string;
  readonly plain: RegExp;
  /** What is left at Azure, as far as this attempt has made it. */
  readonly left: readonly string[];
  readonly remedies: readonly string[];
  readonly isRetryOffered: boolean;
}

const ENDINGS: readonly Ending[] = [
  {
    scenario: "sku-not-allowed",
    word: "Failed",
    headline: /^Failed in step 3\/5 · Creating AKS cluster · after \d+s$/,
    cause: "A VM size can't be had in this location",
    plain: /^The VM size Standard_D2s_v3 can't be had in westeurope with this subscription\.$/,
    left: ["Resource group"],
    remedies: ["Choose another size", "Choose another location"],
    isRetryOffered: true,
  },
  {
    scenario: "canceled-outside",
    word: "Canceled",
    headline: /^Canceled in step 3\/5 · Creating AKS cluster · after \d+s$/,
    cause: "It was canceled outside of Slipway",
    plain: /was canceled at Azure, outside Slipway. The cluster stays there, unfinished, and may cost money/,
    left: ["Cluster", "Node resource group", "Resource group"],
    remedies: [],
    isRetryOffered: false,
  },
  {
    scenario: "deleted-outside",
    word: "Failed",
    headline: /^Failed in step 3\/5 · Creating AKS cluster · after \d+s$/,
    cause: "The cluster was deleted outside of Slipway",
    plain: /was deleted outside Slipway while it was being created/,
    left: ["Resource group"],
    remedies: [],
    isRetryOffered: true,
  },
];

for (const { scenario, word, headline, cause, plain, left, remedies, isRetryOffered } of ENDINGS)
  test(`${scenario}: I read what happened in plain words, what is left and what I can do`, async ({
    watchedPage: page,
    api,
    emulator,
  }) => {
    const name = `fate-${scenario}`;
    await emulator.setScenario(name, scenario);
    await provisionPageOn(page).open(await api.startProvision(name));
    await expect(page.getByText(headline)).toBeVisible({ timeout: 90_000 });
    await expect(status(page, word)).toBeVisible();
    await expect(page).toHaveTitle(`${word} · ${name}`);
    const told = page
      .getByRole("main")
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: cause }) });
    await expect(told.getByText(plain)).toBeVisible();
    await expect(told.getByText("Still in Azure, and it may cost money")).toBeVisible();
    await expect(told.getByRole("listitem").getByRole("link")).toHaveText(left.map((kind) => new RegExp(`^${kind}`)));
    for (const remedy of remedies) await expect(told.getByRole("link", { name: remedy })).toBeVisible();
    await expect(button(page, "Retry")).toHaveCount(isRetryOffered ? 1 : 0);
    for (const action of ["Clean up", "Dismiss"]) await expect(button(page, action)).toBeEnabled();
    await expect(page.getByRole("link", { name: "Edit & retry" })).toBeVisible();
    await expect(page.locator(".icon-spin"), "nothing turns any more").toHaveCount(0);
  });

test("failed-then-succeeded: the page I have open turns from failed to ready, and says when Azure said what", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setSpeed(SLOW);
  await emulator.setScenario("fate-mended", "failed-then-succeeded");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision("fate-mended"));
  await expect(provision.azureState).toBeVisible();
  // Two of Azure's minutes pass between its two verdicts, so its clock is moved by hand.
  await emulator.setSpeed(0);
  await expect(async () => {
    await emulator.advance(30);
    await expect(provision.headline).toHaveText(/^Failed in step 3\/5/, { timeout: 3_000 });
  }).toPass({ timeout: 120_000 });
  await expect(page.getByRole("heading", { name: "Azure has no machines of this size left now" })).toBeVisible();
  await emulator.advance(150);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  await expect(page.getByRole("region", { name: "Since then" })).toContainText(
    /Azure reported Failed at \d\d:\d\d and Succeeded at \d\d:\d\d \(UTC\)/,
  );
  await expect(page.getByRole("heading", { name: "Azure has no machines of this size left now" })).toHaveCount(0);
  await expect(button(page, "Clean up")).toHaveCount(0);
});

test("principal-not-found-at-first: I read what is waited for, and the role is granted", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setSpeed(IDENTITY_SPEED);
  await emulator.setScenario("fate-unknown-yet", "principal-not-found-at-first");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision("fate-unknown-yet", { withRegistry: true }));
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  await expect(provision.timeline.filter({ hasText: "Waiting for the cluster's identity to be known" })).toHaveCount(1);
  await expect(provision.timeline.filter({ hasText: "Granted AcrPull on the registry" })).toHaveCount(1);
});

test("resource-group-lags: I read what is waited for and how often it was looked for, then it goes on", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setSpeed(1);
  await emulator.setScenario("fate-late-group", "resource-group-lags");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision("fate-late-group"));
  await expect(
    page.getByText(/^Waiting for resource group rg-fate-late-group to be visible \(\d of 12\)/),
  ).toBeVisible();
  await expect(provision.headline).toHaveText(/^Step 2\/5 · Ensuring resource group/);
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
});

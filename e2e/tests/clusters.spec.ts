import type { Locator, Page } from "@playwright/test";
import { overflowOn, violationsOn } from "../fixtures/readability.ts";
import { expect, FAST, test } from "../fixtures/test.ts";

/** Slow enough that two windows can look at it one after the other. */
const AT_EASE = 5;

async function openCluster(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("table", { name: "Clusters" }).getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

const action = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
const dialog = (page: Page): Locator => page.getByRole("alertdialog");
const bar = (page: Page): Locator => page.getByRole("progressbar");

test("I stop a cluster, another window watches it live and is told who asked, then it is started again", async ({
  watchedPage: page,
  browser,
  baseURL,
  emulator,
}) => {
  await emulator.setSpeed(AT_EASE);
  const other = await (await browser.newContext(baseURL === undefined ? {} : { baseURL })).newPage();
  await openCluster(page, "shop-prod");
  await openCluster(other, "shop-prod");
  // Their dialog is open when mine is answered: they come second.
  await action(other, "Stop").click();
  await action(page, "Stop").click();
  await expect(dialog(page)).toContainText("everything that runs on them ends");
  await dialog(page).getByRole("button", { name: "Stop cluster" }).click();

  for (const one of [page, other]) await expect(one.getByText(/^Stopping the cluster · \d+s$/)).toBeVisible();
  await dialog(other).getByRole("button", { name: "Stop cluster" }).click();
  await expect(dialog(other).getByRole("alert")).toContainText("Stopping the cluster, asked for by Local operator");
  await dialog(other).getByRole("button", { name: "Keep it running" }).click();
  for (const one of [page, other])
    await expect(bar(one)).toHaveAttribute("aria-valuetext", /^Stopping the cluster, \d+ percent$/);
  await expect(action(other, "Delete")).toHaveAttribute("aria-disabled", "true");
  await expect(action(other, "Delete")).toHaveAttribute("title", /^Stopping the cluster is under way/);

  await emulator.setSpeed(FAST);
  for (const one of [page, other]) {
    await expect(bar(one)).toHaveCount(0, { timeout: 90_000 });
    await expect(one.getByText("Stopped", { exact: true }).first()).toBeVisible();
    await expect(action(one, "Scale apps")).toHaveAttribute("title", "The cluster is stopped. Start it first.");
  }
  await action(other, "Start").click();
  await dialog(other).getByRole("button", { name: "Start cluster" }).click();
  await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: 90_000 });
  await page.reload();
  await expect(page.getByRole("listitem").filter({ hasText: "Starting the cluster" })).toContainText("Succeeded");
  await expect(page.getByRole("listitem").filter({ hasText: "Stopping the cluster" })).toContainText("Succeeded");
});

test("I scale a pool, add one with its options and remove it", async ({ watchedPage: page }) => {
  await openCluster(page, "shop-prod");
  const pools = page.getByRole("table", { name: "Node pools" });
  await action(page, "Scale apps").click();
  await dialog(page).getByLabel("Nodes", { exact: true }).fill("6");
  await dialog(page).getByRole("button", { name: "Scale to 6 nodes" }).click();
  await expect(pools.getByRole("row", { name: /^apps/ })).toContainText("6");
  await expect(bar(page)).toHaveCount(0, { timeout: 90_000 });

  await action(page, "Add pool").click();
  await dialog(page).getByLabel("Name").fill("batch");
  await dialog(page).getByRole("combobox", { name: "Size" }).fill("D2s_v3");
  await page.getByRole("option", { name: /Standard_D2s_v3/ }).click();
  await dialog(page).getByLabel("Let AKS choose the number of nodes").check();
  await dialog(page).getByLabel("Taints").fill("batch=yes");
  await dialog(page).getByRole("button", { name: "Add pool" }).click();
  await expect(dialog(page).getByText("A taint looks like key=value:NoSchedule.")).toBeVisible();
  await dialog(page).getByLabel("Taints").fill("batch=yes:NoSchedule");
  await dialog(page).getByRole("button", { name: "Add pool" }).click();
  const row = pools.getByRole("row", { name: /^batch/ });
  await expect(row).toContainText("batch=yes:NoSchedule");
  await expect(row).toContainText("Succeeded", { timeout: 90_000 });
  await expect(action(page, "Scale batch")).toHaveAttribute("title", "AKS scales it itself, between 1 and 3 nodes.");

  await expect(bar(page)).toHaveCount(0, { timeout: 90_000 });
  await action(page, "Remove batch").click();
  await dialog(page).getByRole("button", { name: "Remove pool" }).click();
  await expect(row).toHaveCount(0, { timeout: 90_000 });
  await expect(action(page, "Remove systempool")).toHaveAttribute("title", /last system pool/);
});

test("a failed cluster is deleted when its name is typed, and says what became of its group", async ({
  watchedPage: page,
  emulator,
}) => {
  await openCluster(page, "data-lab");
  await action(page, "Delete").click();
  const confirm = dialog(page).getByRole("button", { name: "Delete cluster" });
  const name = dialog(page).getByLabel("Type data-lab to delete it");
  await name.fill("data");
  await expect(confirm).toBeDisabled();
  await name.fill("data-lab");
  await name.press("Enter");
  await expect(dialog(page), "Enter deletes nothing").toBeVisible();
  await emulator.setSpeed(AT_EASE);
  await confirm.click();
  await expect(page.getByText(/^Deleting the cluster · \d+s$/)).toBeVisible();
  await emulator.setSpeed(FAST);
  await expect(page.getByText("This cluster is gone")).toBeVisible({ timeout: 90_000 });
  await expect(
    page.getByText("The resource group data-lab-neu was kept: Slipway did not make it.").first(),
  ).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("table", { name: "Clusters" }).getByText("data-lab", { exact: true })).toHaveCount(0);
});

test.describe("everybody can read and use the page of a cluster", () => {
  test("at rest, and with a dialog", async ({ watchedPage: page }) => {
    await openCluster(page, "shop-dev");
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
    await action(page, "Delete").click();
    await expect(dialog(page)).toBeVisible();
    const looks = ["light, desktop", "dark, phone"] as const;
    expect(await violationsOn(page, { exceptRules: ["aria-hidden-focus"], looks })).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toHaveCount(0);
  });

  test("while something is done to it", async ({ watchedPage: page, emulator }) => {
    await emulator.setSpeed(1);
    await openCluster(page, "shop-dev");
    await action(page, "Start").click();
    await dialog(page).getByRole("button", { name: "Start cluster" }).click();
    await expect(bar(page)).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });
});

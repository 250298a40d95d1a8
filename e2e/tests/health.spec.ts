import { watchNetwork } from "../fixtures/network-log.ts";
import { overflowOn, violationsOn } from "../fixtures/readability.ts";
import { expect, SLOW, test } from "../fixtures/test.ts";

test.use({ worldOf: "health" });

test("an administrator sees live how Slipway itself is, by one subscription and no further request", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Health" }).click();
  await expect(page.getByRole("list", { name: "Health checks" }).getByRole("listitem")).toHaveCount(4);
  await expect(page.getByRole("table", { name: "Live subscribers" })).toContainText("systemHealthUpdated");
  const network = watchNetwork(page);
  await network.quiet();
  const before = network.requests.length;

  await emulator.setSpeed(SLOW);
  await api.startProvision("seen-in-health");
  const jobs = page.getByRole("table", { name: "Job queue" });
  await expect(jobs.getByRole("row", { name: /^provision\b/ })).toContainText("Waiting for its next look");
  await page.getByRole("button", { name: /^Show \d+ more$/ }).click();
  await expect(page.getByRole("table", { name: "Requests to Azure" })).toContainText("managedclusters");
  await expect(page.getByRole("table", { name: "Azure's limits" })).toContainText("subscription-");
  await expect(page.getByRole("table", { name: "Watchers" })).toContainText("Looking");
  expect(network.requests.slice(before), "watching asks for nothing").toEqual([]);

  expect(await violationsOn(page)).toEqual([]);
  expect(await overflowOn(page)).toEqual([]);
});

import { repeatedIn, watchNetwork } from "../fixtures/network-log.ts";
import { overflowOn, violationsOn } from "../fixtures/readability.ts";
import { registryPageOn } from "../fixtures/registry-page.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

const LOOKS = ["light, desktop", "dark, phone"] as const;
const WHY_IT_FAILED = "RUN npm run build ended with exit code 1. The lines above it in the log say why.";

test("builds of any registry that anyone starts show on the dashboard until they have ended, with links, while the browser asks for nothing", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setImageScenario("team/dashboard:1.0.0", "queued-forever");
  const waiting = await api.startBuild("team/dashboard:1.0.0");
  const network = watchNetwork(page);
  await page.goto("/");
  const board = page.getByRole("region", { name: "Builds in flight" });
  const row = (name: string) => board.getByRole("listitem").filter({ hasText: name });
  await expect(row("team/dashboard:1.0.0")).toContainText(/Queued.*demoacr · by Local operator/);
  await expect(registryPageOn(page).connection).toHaveText("Live");
  const requestsToLoad = network.requests.length;

  await emulator.setSpeed(SLOW);
  const runId = await emulator.buildOutside("others/dashboard:1");
  await expect(row(`run ${runId}`)).toContainText(/(Queued|Starting|Running).*demoacr · outside Slipway/);
  await emulator.setSpeed(FAST);
  await expect(row("others/dashboard:1"), "its outcome stays for a while").toContainText("Succeeded", {
    timeout: 90_000,
  });
  expect(network.requests.slice(requestsToLoad), "watching asks for nothing").toEqual([]);
  expect(repeatedIn(network.requests)).toEqual([]);
  expect(network.sockets).toHaveLength(1);

  await row("team/dashboard").getByRole("link", { name: "team/dashboard:1.0.0" }).click();
  await expect(page).toHaveURL(`/builds/${encodeURIComponent(waiting)}`);
  // It would be in flight for ever, and the registry is the others' as well.
  await page.getByRole("button", { name: "Cancel build…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel build" }).click();
  await expect(page.getByText("Canceled").first()).toBeVisible();
});

test("the history of an image leads to its builds, says why one failed, and shows a new one on top as it begins", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const image = "team/history";
  await emulator.setImageScenario(`${image}:1.0.0`, "fails");
  const failing = await api.startBuild(`${image}:1.0.0`);
  const registry = registryPageOn(page);
  await registry.open(await api.findRegistryId());
  await expect(registry.row(image).lastBuild).toContainText(WHY_IT_FAILED, { timeout: 90_000 });
  await registry.row(image).all.getByRole("link", { name: image, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Build history" })).toBeVisible();
  await expect(page).toHaveURL(/\/builds\?image=team%2Fhistory$/);
  const rows = page.getByRole("table", { name: "Builds, newest first" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText(`Failed${WHY_IT_FAILED}`);

  await emulator.setSpeed(SLOW);
  await api.startBuild(`${image}:2.0.0`);
  await api.startBuild("team/another:1.0.0");
  await expect(rows.nth(1)).toContainText(/^team\/history:2\.0\.0cf\d+(Queued|Starting|Running)/);
  await emulator.setSpeed(FAST);
  await expect(rows.nth(1)).toContainText("Succeeded", { timeout: 90_000 });
  await expect(rows, "builds of other images are left out").toHaveCount(3);

  await page.getByRole("combobox", { name: "State" }).selectOption("Failed");
  await expect(page).toHaveURL(/\/builds\?image=team%2Fhistory&state=failed$/);
  await expect(rows).toHaveCount(2);
  await page.reload();
  await expect(rows, "the address holds the filter").toHaveCount(2);
  await rows
    .nth(1)
    .getByRole("link", { name: `${image}:1.0.0` })
    .click();
  await expect(page).toHaveURL(`/builds/${encodeURIComponent(failing)}`);
});

test("everybody can read and use the history", async ({ watchedPage: page, api, emulator }) => {
  await emulator.setImageScenario("team/unread:1.0.0", "fails");
  await api.startBuild("team/unread:1.0.0");
  await page.goto(`/registries/${encodeURIComponent(await api.findRegistryId())}/builds`);
  await expect(page.getByRole("row", { name: /team\/unread:1\.0\.0.*Failed/ })).toBeVisible({ timeout: 90_000 });
  expect(await violationsOn(page, { looks: LOOKS })).toEqual([]);
  expect(await overflowOn(page)).toEqual([]);
});

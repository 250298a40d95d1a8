import { readyCreateForm } from "../fixtures/create-form.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, test } from "../fixtures/test.ts";

const REFUSED_BY_QUOTA = "Insufficient regional vcpu quota left for location westeurope";

test("the quota is too small: I read why in Azure's own words, and the form comes back as I filled it in", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "too-big-for-us";
  await emulator.setScenario(name, "quota-exceeded");
  await provisionPageOn(page).open(await api.startProvision(name));

  await expect(provisionPageOn(page).headline).toHaveText(/^Failed in step 3\/5 · Creating AKS cluster/);
  await expect(page.getByRole("heading", { name: "The subscription's quota is too small" })).toBeVisible();
  await expect(page.getByText(/the request needs 6 vCPUs, but only 4 are free/).first()).toBeVisible();
  await provisionPageOn(page).openAzuresWords();
  await expect(page.getByText(REFUSED_BY_QUOTA).first()).toBeVisible();
  await expect(page.getByText("ErrCode_InsufficientVCPUQuota", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Ask for more quota" })).toHaveAttribute(
    "href",
    /^https:\/\/aka\.ms\/quotas\/view-quotas\?subscriptionId=/,
  );
  await expect(page.getByRole("button", { name: "Retry" })).toBeVisible();
  await expect(page).toHaveTitle(`Failed · ${name}`);
  await expect(provisionPageOn(page).bar).toHaveCount(0);

  await page.getByRole("link", { name: "Use fewer or smaller nodes" }).click();
  const { form, pool } = await readyCreateForm(page);
  await expect(form.getByLabel("Cluster name")).toHaveValue(name);
  await expect(form.getByLabel("Resource group")).toHaveValue(`rg-${name}`);
  await expect(form.getByRole("combobox", { name: "Location" })).toHaveValue("West Europe");
  await expect(pool("systempool").getByRole("combobox", { name: "Size" })).toHaveValue("Standard_D2s_v3");
  await expect(pool("userpool").getByRole("combobox", { name: "Size" })).toHaveValue("Standard_D2s_v5");
  await expect(pool("userpool").getByLabel("Nodes", { exact: true })).toHaveValue("2");
  await expect(pool("userpool").getByLabel("Mode")).toHaveValue("USER");
});

test("one node pool fails: its chip and its own message say so, and the others keep their state", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "half-of-it";
  await emulator.setScenario(name, "pool-fails");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name));

  await expect(provision.headline).toHaveText(/^Failed in step 3\/5/, { timeout: 90_000 });
  await expect(provision.pools).toHaveText([/systempool.*Succeeded/, /userpool.*Failed.*CreateVMSSAgentPoolFailed/]);
  await expect(page.getByText(/they can't reach the internet/).first()).toBeVisible();
  await provision.openAzuresWords();
  await expect(page.getByText(/^Unable to establish outbound connection from agents, please see /)).toBeVisible();
  await expect(provision.portalLink).toBeVisible();
  await expect(page.getByText("Still in Azure, and it may cost money")).toBeVisible();
});

test("a role can't be granted: I read that the cluster is there, what is missing and the command for it", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "no-pull";
  await emulator.setScenario(name, "rbac-denied");
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name, { withRegistry: true }));

  await expect(provision.headline).toHaveText(/^Failed in step 4\/5 · Granting role assignments/, { timeout: 90_000 });
  await expect(
    page.getByRole("heading", { name: "The cluster was created, but its permissions are incomplete" }),
  ).toBeVisible();
  await provision.openAzuresWords();
  await expect(page.getByText("AuthorizationFailed", { exact: true }).first()).toBeVisible();
  await expect(
    page
      .getByText(/does not have authorization to perform action 'Microsoft.Authorization\/roleAssignments\/write'/)
      .first(),
  ).toBeVisible();
  await expect(page.getByText(/^az role assignment create /)).toBeVisible();
  await expect(provision.pools).toHaveText([/Succeeded/, /Succeeded/]);
});

test("the dashboard lists what failed, with its reason, and leads to it", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "listed-failure";
  await emulator.setScenario(name, "sku-not-allowed");
  await page.goto("/");
  await api.startProvision(name);
  const row = page
    .getByRole("table", { name: "Provisions that have ended" })
    .getByRole("row")
    .filter({ hasText: name });
  await expect(row).toContainText("Failed");
  await expect(row).toContainText("A VM size can't be had in this location");
  await row.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await provisionPageOn(page).openAzuresWords();
  await expect(
    page.getByText(/^The VM size of Standard_D2s_v3 is not allowed in your subscription/).first(),
  ).toBeVisible();
});

for (const { trouble, name, then, said } of [
  {
    trouble: "limits requests",
    name: "throttled",
    then: {
      status: 429,
      headers: { "retry-after": "2" },
      body: { error: { code: "TooManyRequests", message: "Slow down." } },
    },
    said: "Azure limits its requests (429 TooManyRequests); trying again in 2 s",
  },
  {
    trouble: "is away",
    name: "unavailable",
    then: { status: 503, body: { error: { code: "ServiceUnavailable", message: "Come back later." } } },
    said: "Azure answered 503 ServiceUnavailable; trying again in 1 s",
  },
] as const) {
  test(`Azure ${trouble} for a while: the page says what it waits for and the cluster is made all the same`, async ({
    watchedPage: page,
    api,
    emulator,
  }) => {
    await emulator.addFault({ match: { method: "PUT", path: `/managedClusters/${name}\\?` }, times: 1, then });
    const provision = provisionPageOn(page);
    await provision.open(await api.startProvision(name));
    await expect(provision.timeline.filter({ hasText: said })).toBeVisible();
    await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
    expect(await emulator.countCreates(name)).toBe(1);
  });
}

test("the reply to the create is lost: I see one cluster being made, not two and no failure", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "lost-reply";
  await emulator.addFault({
    match: { method: "PUT", path: `/managedClusters/${name}\\?` },
    times: 1,
    then: { dropConnection: "after" },
  });
  const provision = provisionPageOn(page);
  await provision.open(await api.startProvision(name));
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  expect(await emulator.countCreates(name)).toBe(1);
});

test("an address that names no provision says so", async ({ page }) => {
  const answer = await page.goto("/provisions/there-is-none");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("There is nothing at this address")).toBeVisible();
  await expect(page.getByRole("link", { name: "Back to clusters" })).toBeVisible();
});

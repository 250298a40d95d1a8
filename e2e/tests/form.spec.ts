import { openCreateForm } from "../fixtures/create-form.ts";
import { DEMO } from "../fixtures/demo-world.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, test } from "../fixtures/test.ts";

test("a field tells what is wrong when I leave it, and takes it back as I mend it", async ({ watchedPage: page }) => {
  const { form, pool } = await openCreateForm(page);
  const name = form.getByLabel("Cluster name");
  await name.fill("not good!");
  await expect(name, "nobody is corrected while still typing").not.toHaveAttribute("aria-invalid");
  await name.blur();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription("Use letters, digits, hyphens and underscores only.");
  await name.fill("good-now");
  await expect(name).not.toHaveAttribute("aria-invalid");

  const poolName = pool("systempool").getByLabel("Name");
  await poolName.fill("Systempool");
  await poolName.blur();
  await expect(form.getByText("Use lower-case letters and digits only.")).toBeVisible();
  await form.getByLabel("Nodes", { exact: true }).fill("0");
  await form.getByLabel("Nodes", { exact: true }).blur();
  await expect(form.getByText("A system pool has at least one node.")).toBeVisible();
});

test("names that would make Azure's own group name too long are told of before anything is sent", async ({
  watchedPage: page,
}) => {
  const { form } = await openCreateForm(page);
  await form.getByLabel("Cluster name").fill("a".repeat(60));
  await form.getByLabel("Cluster name").blur();
  await expect(form.getByLabel("Resource group")).toHaveAccessibleDescription(
    /AKS names its node resource group “MC_rg-a+_a+_westeurope”.*at most 80 characters/,
  );
});

test("I press Create with fields missing and the focus goes to the first of them", async ({
  watchedPage: page,
  emulator,
}) => {
  const { form, create } = await openCreateForm(page);
  const before = (await emulator.requests()).filter(({ method }) => method === "PUT").length;
  await create();
  await expect(form.getByLabel("Cluster name")).toBeFocused();
  await expect(form.getByLabel("Cluster name")).toHaveAccessibleDescription("Give the cluster a name.");
  await expect(form.getByText(/fields? needs? attention/)).toBeVisible();
  await form.getByLabel("Cluster name").fill("fine-name");
  await form.getByLabel("Resource group").fill("ends-with-a-stop.");
  await create();
  await expect(form.getByLabel("Resource group")).toBeFocused();
  expect((await emulator.requests()).filter(({ method }) => method === "PUT")).toHaveLength(before);
  await expect(page).toHaveURL(/\/clusters\/new$/);
});

test("a cluster that exists already is refused with what I typed still there", async ({ watchedPage: page }) => {
  const { form, create } = await openCreateForm(page);
  await form.getByLabel("Cluster name").fill(DEMO.existingCluster.name);
  await form.getByLabel("Resource group").fill(DEMO.existingCluster.resourceGroup);
  await create();
  const refusal = page.getByRole("alert").filter({ hasText: "A cluster with this name exists already" });
  await expect(refusal).toContainText(DEMO.existingCluster.name);
  await expect(form.getByLabel("Cluster name")).toHaveValue(DEMO.existingCluster.name);
  await expect(form.getByRole("button", { name: "Create" })).toBeEnabled();
});

test("a tag name that is Azure's own is told at its field, and the focus goes there", async ({ watchedPage: page }) => {
  const { form, create } = await openCreateForm(page);
  await form.getByLabel("Cluster name").fill("reserved-tag");
  await form.getByRole("button", { name: "Add tag" }).click();
  const tag = form.getByRole("group", { name: "Tag 1" });
  await tag.getByLabel("Name").fill("microsoft.owner");
  await form.getByRole("group", { name: /^Tag/ }).getByLabel("Value").fill("me");
  await create();
  const tagName = form.getByRole("group", { name: /^Tag/ }).getByLabel("Name");
  await expect(tagName).toHaveAccessibleDescription(
    "Tag names that begin with microsoft, azure or windows are Azure's own.",
  );
  await expect(tagName).toBeFocused();
});

test("what only the server knows to be wrong is told at its field, with what I typed still there", async ({
  watchedPage: page,
  emulator,
}) => {
  const { form, pool, create } = await openCreateForm(page);
  await form.getByLabel("Cluster name").fill("too-much-said");
  await pool("systempool").getByText("Options").click();
  // Each is fine by itself; together they are more than Slipway keeps.
  const key = (index: number): string => `${"p".repeat(250)}/${"n".repeat(60)}${index}`;
  const lines = (count: number, end: string): string =>
    Array.from({ length: count }, (_none, index) => `${key(index)}=${end}`).join(",");
  await pool("systempool")
    .getByLabel("Labels")
    .fill(lines(20, "v".repeat(63)));
  await pool("systempool").getByLabel("Taints").fill(lines(3, "v:NoSchedule"));
  const before = (await emulator.requests()).filter(({ method }) => method === "PUT").length;
  await create();
  await expect(
    form.getByText("Taints and labels of all pools have at most 8000 characters together.").first(),
  ).toBeVisible();
  await expect(form.getByLabel("Cluster name")).toHaveValue("too-much-said");
  await expect(form.getByRole("button", { name: "Create" })).toBeEnabled();
  await expect(page).toHaveURL(/\/clusters\/new$/);
  expect((await emulator.requests()).filter(({ method }) => method === "PUT")).toHaveLength(before);
});

test("a cluster that is being made already is refused with a way to watch it", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "twice-wanted";
  await emulator.setSpeed(1);
  const id = await api.startProvision(name);
  const { form, create } = await openCreateForm(page);
  await form.getByLabel("Cluster name").fill(name);
  await create();
  const refusal = page.getByRole("alert").filter({ hasText: "This cluster is being created already" });
  await refusal.getByRole("link", { name: "Watch it" }).click();
  await expect(page).toHaveURL(new RegExp(`/provisions/${encodeURIComponent(id)}$`));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});

test("I press Create twice in a row and get one cluster", async ({ watchedPage: page, emulator }) => {
  const name = "double-press";
  const { form } = await openCreateForm(page);
  await form.getByLabel("Cluster name").fill(name);
  await form.getByRole("button", { name: "Create" }).dblclick();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(provisionPageOn(page).headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  expect(await emulator.countCreates(name)).toBe(1);
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Clusters" }).click();
  const rows = page
    .getByRole("table", { name: "Provisions that have ended" })
    .getByRole("row")
    .filter({ hasText: name });
  await expect(rows).toHaveCount(1);
});

test("sizes that my subscription may not use are listed with the reason and can't be chosen", async ({
  watchedPage: page,
}) => {
  const { form, pool } = await openCreateForm(page);
  await form.getByLabel("Subscription").selectOption({ label: DEMO.sandboxSubscriptionName });
  const size = pool("systempool").getByRole("combobox", { name: "Size" });
  await expect(size).toHaveValue(/^Standard_/);
  await size.fill("E2s_v5");
  const restricted = page.getByRole("option", { name: /Standard_E2s_v5/ });
  await expect(restricted).toContainText("Not offered to this kind of subscription");
  await expect(restricted).toHaveAttribute("aria-disabled", "true");
  await restricted.click({ force: true });
  await expect(restricted, "the list stays open: nothing was chosen").toBeVisible();
  await page.keyboard.press("Escape");
  await expect(size).not.toHaveValue("Standard_E2s_v5");
});

import { openCreateForm } from "../fixtures/create-form.ts";
import { DEMO } from "../fixtures/demo-world.ts";
import { expect, test } from "../fixtures/test.ts";

test("while I fill in the form I read what would fail, apply the number of nodes that fits, and nothing stands in the way", async ({
  watchedPage: page,
  emulator,
}) => {
  const { form, pool } = await openCreateForm(page);
  const checks = form.getByRole("list", { name: "Checks" });
  const check = (name: string) => checks.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  await form.getByLabel("Cluster name").fill("fits-in");
  await form.getByLabel("Subscription").selectOption({ label: DEMO.sandboxSubscriptionName });
  await expect(pool("systempool").getByText("4 vCPU · 16 GB")).toBeVisible();
  await expect(pool("systempool").getByRole("combobox", { name: "Size" })).toHaveValue("Standard_D4s_v5");
  await pool("systempool").getByLabel("Nodes", { exact: true }).fill("3");

  await expect(check("Quota")).toContainText(/Fail.*Total Regional vCPUs in westeurope: 0 of 10 are used/);
  await expect(check("Cluster name")).toContainText("Pass");
  await expect(form.getByText("This create would fail: quota.")).toBeVisible();
  await expect(page.getByTestId("announcements")).toContainText("This create would fail: quota.");
  await expect(pool("systempool").getByLabel("Nodes", { exact: true })).toHaveAccessibleDescription(
    "The quota has room for 2.",
  );
  await expect(form.getByRole("button", { name: "Create" })).toBeEnabled();

  await checks.getByRole("button", { name: "Apply 2 nodes to systempool" }).click();
  await expect(pool("systempool").getByLabel("Nodes", { exact: true })).toHaveValue("2");
  await expect(form.getByText("Nothing stands in the way.")).toBeVisible();
  const asked = (await emulator.requests()).length;
  await pool("systempool").getByText("Options").click();
  await expect(checks.getByText("Checking")).toHaveCount(0);
  expect((await emulator.requests()).slice(asked).filter(({ path }) => path.includes("/usages"))).toEqual([]);
});

import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderLive } from "../../../testing/render-live.tsx";
import { CreateClusterForm } from "../create-cluster-form.tsx";
import { type CreateClusterValues, initialValues } from "../create-cluster-values.ts";

const choices = { azure: { subscriptions: [{ subscriptionId: "s1", displayName: "Contoso" }] }, registries: [] };
const initial: CreateClusterValues = {
  ...initialValues("s1"),
  clusterName: "blast",
  resourceGroup: "rg-blast",
  location: "westeurope",
  nodePools: initialValues("s1").nodePools.map((pool) => ({ ...pool, vmSize: "Standard_D4s_v5", count: 3 })),
};

function renderForm(part: Partial<CreateClusterValues> = {}) {
  const user = userEvent.setup();
  const view = renderLive(
    <CreateClusterForm initial={{ ...initial, ...part }} choices={choices} onStarted={() => undefined} />,
  );
  act(() => view.api.connect());
  const counts = () =>
    view.api.asked
      .filter(({ name }) => name === "PreflightChecks")
      .map(({ variables }) => (variables as { input: { nodePools: { count: number }[] } }).input.nodePools[0]?.count);
  const wait = (ms: number) => act(() => view.clock.advance(ms));
  const push = (part: object) =>
    act(() =>
      view.api.push("PreflightChecks", { preflightChecks: { checks: [], pending: [], maxNodeCounts: [], ...part } }),
    );
  return { ...view, user, counts, wait, push };
}

const quotaFails = {
  checks: [
    {
      name: "quota",
      status: "FAIL",
      message: "Standard DSv5: 0 of 8 are used, 8 are free, 12 are needed.",
      endsByItself: false,
      remedies: [
        { kind: "EDIT", label: "Change the number of nodes or the size", url: null, command: null, field: "nodePools" },
      ],
    },
  ],
  maxNodeCounts: [{ poolName: "systempool", count: 2 }],
};
const nodes = () => screen.getByLabelText("Nodes") as HTMLInputElement;
const checks = () => within(screen.getByRole("list", { name: "Checks" }));

test("asks half a second after the last change, once, and not again by itself", async () => {
  const { user, counts, wait, push } = renderForm();
  wait(499);
  await user.click(screen.getByRole("button", { name: "Increase" }));
  wait(499);
  expect(counts()).toEqual([]);
  wait(1);
  expect(counts()).toEqual([4]);
  push({});
  wait(3_600_000);
  expect(counts()).toEqual([4]);
});

test("shows each check as it comes and says the verdict once all are there", () => {
  const { wait, push } = renderForm();
  wait(500);
  push({
    checks: [{ name: "location", status: "PASS", message: "West Europe it is.", endsByItself: false, remedies: [] }],
    pending: ["quota"],
  });
  expect(checks().getByText("West Europe it is.")).toBeDefined();
  expect(screen.getByTestId("announcements").textContent).toBe("");
  push(quotaFails);
  expect(checks().getByText(/12 are needed/)).toBeDefined();
});

test("a late answer about other values is dropped", async () => {
  const { user, wait, push } = renderForm();
  wait(500);
  await user.click(screen.getByRole("button", { name: "Increase" }));
  push(quotaFails);
  expect(screen.queryByText(/12 are needed/)).toBeNull();
});

test("the count that fits is applied with one press, and asked about again", async () => {
  const { user, counts, wait, push } = renderForm();
  wait(500);
  push(quotaFails);
  expect(screen.getByText("The quota has room for 2.")).toBeDefined();
  expect(nodes().getAttribute("aria-invalid")).toBe("true");
  await user.click(screen.getByRole("button", { name: "Apply 2 nodes to systempool" }));
  expect(nodes().value).toBe("2");
  wait(500);
  expect(counts()).toEqual([3, 2]);
});

test("Create stays possible whatever a check says, and what would fail stands beside it", () => {
  const { wait, push, api } = renderForm();
  wait(500);
  push({
    checks: [
      ...quotaFails.checks,
      ...[
        "names",
        "location",
        "vm_sizes",
        "system_pool",
        "kubernetes_version",
        "resource_group",
        "cluster",
        "providers",
        "permissions",
      ].map((name) => ({ name, status: "PASS", message: "fine", endsByItself: false, remedies: [] })),
    ],
  });
  expect(screen.getByText("This create would fail: quota.")).toBeDefined();
  expect(screen.getByTestId("announcements").textContent).toContain("Preflight: This create would fail: quota.");
  expect(screen.getByRole("button", { name: "Create" })).toHaveProperty("disabled", false);
  expect(api.asked.some(({ name }) => name === "CreateCluster")).toBe(false);
});

test("a check again asks about the same values, and a command can be copied whole", async () => {
  const { user, counts, wait, push } = renderForm();
  const command = "az role assignment create --role Contributor";
  wait(500);
  push({
    checks: [
      {
        name: "permissions",
        status: "FAIL",
        message: "It may not.",
        endsByItself: false,
        remedies: [{ kind: "COMMAND", label: "Grant Contributor", url: null, command, field: null }],
      },
    ],
  });
  expect(checks().getByText(command)).toBeDefined();
  expect(checks().getByRole("button", { name: "Copy the command: Grant Contributor" })).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Check again" }));
  wait(500);
  expect(counts()).toEqual([3, 3]);
});

test("without a place there is nothing to ask about", () => {
  const { wait, counts } = renderForm({ location: "" });
  wait(5000);
  expect(counts()).toEqual([]);
  expect(screen.getByText(/once a location is chosen/)).toBeDefined();
});

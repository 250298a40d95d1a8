import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { CreateClusterForm } from "./create-cluster-form.tsx";
import { initialValues } from "./create-cluster-values.ts";

const choices = {
  azure: {
    subscriptions: [
      { subscriptionId: "s1", displayName: "Contoso Platform" },
      { subscriptionId: "s2", displayName: "Contoso Sandbox" },
    ],
  },
  registries: [{ id: "r1", name: "demoacr", loginServer: "demoacr.azurecr.io" }],
};

async function renderForm(startProvision?: (input: Record<string, unknown>) => Record<string, unknown>) {
  const started: string[] = [];
  const user = userEvent.setup();
  const view = renderLive(
    <CreateClusterForm initial={initialValues("s1")} choices={choices} onStarted={(id) => started.push(id)} />,
  );
  const { api } = view;
  api.answer("CreateFormLocations", () => ({ locations: [{ name: "westeurope", displayName: "West Europe" }] }));
  api.answer("CreateFormCatalogue", () => ({
    vmSizes: [{ name: "Standard_D4s_v3", family: "standardDSv3Family", vCpus: 4, memoryGb: 16, restriction: null }],
    kubernetesVersions: [{ version: "1.34", patchVersions: ["1.34.1"], isDefault: true, isPreview: false }],
  }));
  if (startProvision)
    api.answer("CreateCluster", ({ input }) => ({ startProvision: startProvision(input as Record<string, unknown>) }));
  await act(async () => api.connect());
  await waitFor(() => expect((screen.getByLabelText("Size") as HTMLInputElement).value).toBe("Standard_D4s_v3"));
  const inputs = () =>
    api.asked
      .filter((asked) => asked.name === "CreateCluster")
      .map((asked) => asked.variables["input"] as Record<string, unknown>);
  return { ...view, user, started, inputs };
}

const create = () => screen.getByRole("button", { name: "Create" });
const nameField = () => screen.getByLabelText("Cluster name");
const success = () => ({ __typename: "StartProvisionSuccess", provision: { id: "p1" } });

test("a name is enough: everything else has a sensible start, and Azure's own version is kept", async () => {
  const { user, started, inputs } = await renderForm(success);
  await user.type(nameField(), "blast");
  await user.click(create());
  await waitFor(() => expect(started).toEqual(["p1"]));
  expect(inputs()[0]).toMatchObject({
    clusterName: "blast",
    resourceGroup: "rg-blast",
    location: "westeurope",
    kubernetesVersion: null,
    registryId: null,
    nodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D4s_v3", count: 1 }],
  });
});

test("says nothing while a field is typed in for the first time, then keeps up with the typing", async () => {
  const { user } = await renderForm();
  await user.type(nameField(), "-");
  expect(screen.queryByText("Start with a letter or a digit.")).toBeNull();
  await user.tab();
  expect(screen.getByText("Start with a letter or a digit.")).toBeDefined();
  expect(nameField().getAttribute("aria-invalid")).toBe("true");
  await user.clear(nameField());
  await user.type(nameField(), "blast");
  expect(nameField().getAttribute("aria-invalid")).toBeNull();
});

test("an empty form is not sent: the focus goes to the first field in error", async () => {
  const { user, inputs } = await renderForm(success);
  await user.click(create());
  expect(inputs()).toEqual([]);
  expect(document.activeElement).toBe(nameField());
});

test("a double press sends one request", async () => {
  const { user, started, inputs } = await renderForm(success);
  await user.type(nameField(), "blast");
  await user.dblClick(create());
  await waitFor(() => expect(started).toEqual(["p1"]));
  expect(inputs()).toHaveLength(1);
});

test("pressing again after no answer carries the same key; changed values carry a new one", async () => {
  const { user, inputs } = await renderForm(() => ({
    __typename: "ServiceUnavailableError",
    message: "The store is away.",
    code: "STORE_UNAVAILABLE",
  }));
  await user.type(nameField(), "blast");
  await user.click(create());
  await screen.findByText("The store is away.");
  await user.click(create());
  await waitFor(() => expect(inputs()).toHaveLength(2));
  await user.type(nameField(), "2");
  await waitFor(() => expect(create()).toHaveProperty("disabled", false));
  await user.click(create());
  await waitFor(() => expect(inputs()).toHaveLength(3));
  const [first, second, third] = inputs().map((input) => input["idempotencyKey"]);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("the server's field errors stand at their fields, the first one has the focus, and what was typed stays", async () => {
  const { user } = await renderForm(() => ({
    __typename: "InvalidInputError",
    message: "Some fields need attention.",
    code: "INVALID_INPUT",
    fields: [
      { path: "nodePools.0.vmSize", message: "Standard_D4s_v3 is sold out." },
      { path: "location", message: "No such location." },
    ],
  }));
  await user.type(nameField(), "blast");
  await user.click(create());
  expect(await screen.findByText("Standard_D4s_v3 is sold out.")).toBeDefined();
  expect(screen.getByText("No such location.")).toBeDefined();
  expect(document.activeElement).toBe(screen.getByLabelText("Size"));
  expect(nameField()).toHaveProperty("value", "blast");
});

test("a cluster that exists and one that is being made are told apart, the latter with a way to it", async () => {
  let answer: Record<string, unknown> = {
    __typename: "ClusterExistsError",
    message: "Cluster 'blast' exists in rg-blast.",
    code: "CLUSTER_EXISTS",
  };
  const { user } = await renderForm(() => answer);
  await user.type(nameField(), "blast");
  await user.click(create());
  expect(await screen.findByText("Cluster 'blast' exists in rg-blast.")).toBeDefined();
  answer = {
    __typename: "ProvisionInProgressError",
    message: "It is at step 3.",
    code: "PROVISION_IN_PROGRESS",
    provision: { id: "p/7=" },
  };
  await user.click(create());
  expect((await screen.findByRole("link", { name: "Watch it" })).getAttribute("href")).toBe("/provisions/p%2F7%3D");
});

test("pools can be added and removed, and the vCPUs follow", async () => {
  const { user } = await renderForm();
  await user.click(screen.getByRole("button", { name: "Add node pool" }));
  expect(screen.getByRole("group", { name: "Node pool userpool" })).toBeDefined();
  expect(screen.getByText("8")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Remove userpool" }));
  expect(screen.queryByRole("group", { name: "Node pool userpool" })).toBeNull();
  expect(screen.getByRole("button", { name: "Remove systempool" })).toHaveProperty("disabled", true);
});

test("a pool's options are sent, and an error in the fold opens it", async () => {
  const { user, inputs } = await renderForm(success);
  await user.type(nameField(), "blast");
  await user.click(screen.getByText("Options"));
  await user.click(screen.getByLabelText("Let AKS choose the number of nodes"));
  await user.click(screen.getByLabelText("Zone 2"));
  await user.type(screen.getByLabelText(/Taints/), "sku=gpu");
  await user.type(screen.getByLabelText(/Labels/), "team=shop");
  const fold = screen.getByText("Options").closest("details");
  await user.click(screen.getByText("Options"));
  expect(fold?.open).toBe(false);
  await user.click(create());
  expect(inputs()).toEqual([]);
  expect(fold?.open).toBe(true);
  expect(document.activeElement).toBe(screen.getByLabelText(/Taints/));
  await user.type(screen.getByLabelText(/Taints/), ":NoSchedule");
  await user.click(create());
  await waitFor(() => expect(inputs()).toHaveLength(1));
  expect(inputs()[0]).toMatchObject({
    nodePools: [
      {
        count: 1,
        autoscale: { minCount: 1, maxCount: 3 },
        availabilityZones: ["2"],
        taints: ["sku=gpu:NoSchedule"],
        labels: [{ name: "team", value: "shop" }],
      },
    ],
  });
});

test("Create is off without a connection, with the reason", async () => {
  const { api } = await renderForm();
  act(() => api.disconnect());
  expect(create()).toHaveProperty("disabled", true);
  expect(screen.getByText("Create is off while there is no connection to Slipway.")).toBeDefined();
});

test("when Azure's catalogue is away the form says so, keeps what was typed and asks again on demand", async () => {
  const { user, api } = await renderForm();
  await user.type(nameField(), "blast");
  api.fail("CreateFormCatalogue", "Azure is limiting requests; try again in a minute.");
  api.answer("CreateFormLocations", () => ({
    locations: [
      { name: "westeurope", displayName: "West Europe" },
      { name: "eastus", displayName: "East US" },
    ],
  }));
  await user.selectOptions(screen.getByLabelText("Subscription"), "Contoso Sandbox");
  expect(await screen.findByText("Azure is limiting requests; try again in a minute.")).toBeDefined();
  expect(nameField()).toHaveProperty("value", "blast");
  api.answer("CreateFormCatalogue", () => ({ vmSizes: [], kubernetesVersions: [] }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByText(/Azure is limiting requests/)).toBeNull());
});

test("opened to change a field, the form has the focus there", () => {
  renderLive(
    <CreateClusterForm
      initial={initialValues("s1")}
      choices={choices}
      fieldToChange="nodePools.0.count"
      onStarted={() => undefined}
    />,
  );
  expect(document.activeElement?.id).toBe("field-nodePools-0-count");
});

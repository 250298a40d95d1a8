import { act, fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import type { ClusterDetail } from "./cluster-page-documents.ts";
import { ClusterView } from "./cluster-view.tsx";
import { clusterDetailFixture, clusterFixture, operationFixture, poolFixture } from "./cluster.fixture.ts";
import type { Operation } from "./operations/operation-documents.ts";

function open(part: Partial<ClusterDetail> = {}, operations: readonly Operation[] = []) {
  const view = renderLive(<ClusterView clusterId="c1" initial={{ cluster: clusterDetailFixture(part, operations) }} />);
  act(() => view.api.connect());
  return view;
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const dialog = () => within(screen.getByRole("alertdialog"));

test("both of Azure's words are shown, and the state in one", () => {
  open({ powerState: "Stopped", status: "STOPPED" });
  expect(screen.getByText("Provisioning state").nextSibling?.textContent).toBe("Succeeded");
  expect(screen.getByText("Power state").nextSibling?.textContent).toBe("Stopped");
  expect(button("Start")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Stop" })).toBeNull();
});

test("a stop is asked about, sent once, and shown as the server tells it", async () => {
  const { api } = open();
  api.answer("StopThisCluster", () => ({
    stopCluster: { __typename: "StopClusterSuccess", operation: operationFixture({ status: "PENDING" }) },
  }));
  fireEvent.click(button("Stop"));
  expect(dialog().getByText(/everything that runs on them ends/)).toBeDefined();
  expect(screen.queryByRole("progressbar")).toBeNull();
  await act(async () => fireEvent.click(dialog().getByRole("button", { name: "Stop cluster" })));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(api.asked.filter(({ kind }) => kind === "mutation")).toEqual([
    expect.objectContaining({ name: "StopThisCluster", variables: { clusterId: "c1" } }),
  ]);
  expect(screen.getByRole("progressbar", { name: "Stopping the cluster: shop-prod" })).toBeDefined();
});

test("while something is done, nothing else can be asked for, and the reason is told", () => {
  const { api } = open({}, [operationFixture()]);
  for (const name of ["Stop", "Delete", "Add pool", "Scale apps", "Remove apps"]) {
    expect(button(name).getAttribute("aria-disabled")).toBe("true");
    expect(button(name).getAttribute("title")).toMatch(/^Stopping the cluster is under way, asked for by Ada/);
  }
  fireEvent.click(button("Delete"));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  const ended = operationFixture({ status: "SUCCEEDED" }, { sequence: 8, status: "SUCCEEDED", percent: 100 });
  act(() => api.push("OperationUpdated", { clusterOperationUpdated: ended }));
  expect(screen.queryByRole("progressbar")).toBeNull();
  expect(button("Delete").getAttribute("aria-disabled")).toBeNull();
});

test("an older message changes nothing, and one about another cluster neither", () => {
  const { api } = open({}, [operationFixture()]);
  const older = operationFixture({}, { sequence: 2, message: "older" });
  const other = operationFixture({ id: "o2", clusterId: "c2" }, { message: "other" });
  act(() => api.push("OperationUpdated", { clusterOperationUpdated: older }));
  act(() => api.push("OperationUpdated", { clusterOperationUpdated: other }));
  expect(screen.queryByText("older")).toBeNull();
  expect(screen.queryByText("other")).toBeNull();
});

test("a delete wants the name, exactly, and also of a failed cluster", async () => {
  const { api } = open({ status: "FAILED", provisioningState: "Failed" });
  fireEvent.click(button("Delete"));
  expect(dialog().getByText("This can't be undone.")).toBeDefined();
  const confirm = dialog().getByRole<HTMLButtonElement>("button", { name: "Delete cluster" });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(dialog().getByLabelText("Type shop-prod to delete it"), { target: { value: "Shop-prod" } });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(dialog().getByLabelText("Type shop-prod to delete it"), { target: { value: "shop-prod" } });
  expect(confirm.disabled).toBe(false);
  await act(async () => fireEvent.click(confirm));
  expect(api.asked.at(-1)).toMatchObject({
    name: "DeleteThisCluster",
    variables: { clusterId: "c1", confirmName: "shop-prod" },
  });
});

test("what the server says no to is said in the dialog, at its field", async () => {
  const { api } = open();
  api.answer("ScaleThisPool", () => ({
    scaleNodePool: {
      __typename: "InvalidInputError",
      message: "no",
      fields: [{ path: "count", message: "A user pool has 0 to 1000 nodes." }],
    },
  }));
  fireEvent.click(button("Scale apps"));
  fireEvent.change(dialog().getByLabelText("Nodes"), { target: { value: "2000" } });
  await act(async () => fireEvent.click(dialog().getByRole("button", { name: /^Scale to/ })));
  expect(dialog().getByText("A user pool has 0 to 1000 nodes.")).toBeDefined();
});

test("pools that can't be scaled or removed say why", () => {
  const apps = poolFixture({ name: "apps", mode: "USER", autoscale: { minCount: 1, maxCount: 9 } });
  open({ nodePools: [poolFixture(), apps] });
  expect(button("Scale apps").getAttribute("title")).toBe("AKS scales it itself, between 1 and 9 nodes.");
  expect(button("Remove systempool").getAttribute("title")).toContain("last system pool");
  expect(button("Remove apps").getAttribute("aria-disabled")).toBeNull();
});

test("Azure at work without us is told, and stands in nobody's way", () => {
  open({ status: "UPDATING", provisioningState: "Upgrading" });
  expect(screen.getByText("Azure is at work on it: Upgrading")).toBeDefined();
  expect(button("Stop").getAttribute("aria-disabled")).toBeNull();
});

test("a failure stays on the page with Azure's words until something else is done", () => {
  const failure = {
    code: "QuotaExceeded",
    category: "QUOTA" as const,
    summary: "The region has 4 vCPUs left; 36 are needed.",
    message: "Insufficient regional vcpu quota left.",
    correlationId: "corr-1",
    operationId: null,
    remedies: [
      { kind: "LINK" as const, label: "View quotas", url: "https://aka.ms/quotas", command: null, field: null },
    ],
  };
  const failed = operationFixture({ status: "FAILED" }, { status: "FAILED", failure });
  const { api } = open({}, [failed]);
  expect(screen.getByText("Stopping the cluster failed")).toBeDefined();
  expect(screen.getByText("The region has 4 vCPUs left; 36 are needed.", { selector: "p" })).toBeDefined();
  expect(screen.getByText("Insufficient regional vcpu quota left.")).toBeDefined();
  expect(screen.getByRole("link", { name: /View quotas/ })).toBeDefined();
  const next = operationFixture({ id: "o2", createdAt: "2026-11-22T10:35:19Z" });
  act(() => api.push("OperationUpdated", { clusterOperationUpdated: next }));
  expect(screen.queryByText("Stopping the cluster failed")).toBeNull();
});

test("a cluster that is gone stays on its page with what became of its group", () => {
  const outcome = { fate: "KEPT_NOT_OURS" as const, message: "The resource group was kept: Slipway did not make it." };
  const { api } = open({}, [
    operationFixture({ kind: "DELETE", status: "SUCCEEDED", resourceGroupOutcome: outcome }, { status: "SUCCEEDED" }),
  ]);
  act(() => api.push("ClusterListUpdated", { clusterUpdated: clusterFixture({ version: 9, status: "DELETED" }) }));
  expect(screen.getByText("This cluster is gone")).toBeDefined();
  expect(button("Delete").getAttribute("title")).toBe("The cluster is gone.");
});

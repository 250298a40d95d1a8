import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import type { Cluster } from "./cluster-documents.ts";
import { ClustersSection } from "./clusters-section.tsx";

function clusterFixture(part: Partial<Cluster> = {}): Cluster {
  return {
    id: "c1",
    name: "shop-prod",
    resourceGroup: "shop-prod-weu",
    location: "westeurope",
    kubernetesVersion: "1.35.1",
    provisioningState: "Succeeded",
    powerState: "Running",
    status: "READY",
    version: 4,
    observedAt: "2026-11-22T10:35:00Z",
    portalUrl: "https://portal.azure.com/x",
    nodePools: [
      { name: "systempool", mode: "SYSTEM", vmSize: "Standard_D4s_v3", count: 3, provisioningState: "Succeeded" },
    ],
    ...part,
  };
}

test("a cluster's row follows its changes and ignores older ones", () => {
  const { api } = renderLive(<ClustersSection initial={[clusterFixture()]} />);
  act(() => api.push("ClusterListUpdated", { clusterUpdated: clusterFixture({ version: 6, status: "STOPPING" }) }));
  act(() => api.push("ClusterListUpdated", { clusterUpdated: clusterFixture({ version: 5, status: "UPDATING" }) }));
  expect(screen.getByRole("row", { name: /shop-prod Stopping/ })).toBeDefined();
});

test("a cluster that is gone leaves the table", () => {
  const { api } = renderLive(
    <ClustersSection initial={[clusterFixture(), clusterFixture({ id: "c2", name: "shop-dev" })]} />,
  );
  act(() => api.push("ClusterListUpdated", { clusterUpdated: clusterFixture({ version: 9, status: "DELETED" }) }));
  expect(screen.queryByText("shop-prod")).toBeNull();
  expect(screen.getByText("shop-dev")).toBeDefined();
});

test("empty, not known and disconnected have different faces", () => {
  const empty = renderLive(<ClustersSection initial={[]} />);
  expect(screen.getByText("No clusters yet")).toBeDefined();
  empty.unmount();
  const unknown = renderLive(<ClustersSection initial={undefined} />);
  expect(screen.getByText("Loading…")).toBeDefined();
  act(() => unknown.api.push("ClusterListUpdated", { clusterUpdated: clusterFixture() }));
  expect(screen.getByText("Loading…")).toBeDefined();
  unknown.unmount();
  const cut = renderLive(<ClustersSection initial={[clusterFixture()]} />);
  act(() => cut.api.connect());
  act(() => cut.api.disconnect());
  expect(screen.getByText("shop-prod")).toBeDefined();
  expect(screen.getByText(/last known, as of/)).toBeDefined();
});

test("a state of tomorrow is shown by its own word", () => {
  renderLive(<ClustersSection initial={[clusterFixture({ status: "HIBERNATING" as never })]} />);
  expect(screen.getByText("HIBERNATING")).toBeDefined();
});

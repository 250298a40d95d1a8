import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { clusterFixture, operationFixture } from "./cluster.fixture.ts";
import { ClustersSection } from "./clusters-section.tsx";

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

test("a row shows what is being done to its cluster and says why nothing else can be asked for", () => {
  const { api } = renderLive(<ClustersSection initial={[clusterFixture()]} />);
  act(() => api.connect());
  act(() => api.push("OperationUpdated", { clusterOperationUpdated: operationFixture() }));
  expect(screen.getByText("Stopping the cluster · 40 %")).toBeDefined();
  const stop = screen.getByRole("button", { name: "Stop shop-prod" });
  expect(stop.getAttribute("aria-disabled")).toBe("true");
  expect(stop.getAttribute("title")).toContain("Stopping the cluster is under way, asked for by Ada");
  const ended = operationFixture({ status: "SUCCEEDED" }, { sequence: 9, status: "SUCCEEDED", percent: 100 });
  act(() => api.push("OperationUpdated", { clusterOperationUpdated: ended }));
  expect(screen.queryByText(/Stopping the cluster ·/)).toBeNull();
  expect(screen.getByRole("button", { name: "Stop shop-prod" }).getAttribute("aria-disabled")).toBeNull();
});

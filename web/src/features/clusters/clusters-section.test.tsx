import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { parseClusterFilter } from "./cluster-filter.ts";
import { clusterFixture, operationFixture } from "./cluster.fixture.ts";
import { ClustersSection } from "./clusters-section.tsx";

beforeEach(() => window.history.replaceState(null, "", "/"));

const several = [
  clusterFixture({ id: "c1", name: "shop-prod" }),
  clusterFixture({ id: "c2", name: "shop-dev", status: "STOPPED" }),
  clusterFixture({ id: "c3", name: "blast", status: "FAILED" }),
];
const shownNames = () =>
  within(screen.getByRole("table", { name: "Clusters" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("link")[0]?.textContent);

test("the order is chosen in the headings by keyboard, told to screen readers, and stands in the address", async () => {
  const user = userEvent.setup();
  renderLive(<ClustersSection initial={several} />);
  expect(shownNames()).toEqual(["blast", "shop-dev", "shop-prod"]);
  screen.getByRole("button", { name: "Status" }).focus();
  await user.keyboard("{Enter}");
  expect(shownNames()).toEqual(["blast", "shop-prod", "shop-dev"]);
  expect(screen.getByRole("columnheader", { name: /Status/ }).getAttribute("aria-sort")).toBe("ascending");
  expect(window.location.search).toBe("?sort=status");
  await user.keyboard("{Enter}");
  expect(shownNames()).toEqual(["shop-dev", "shop-prod", "blast"]);
  expect(window.location.search).toBe("?sort=-status");
});

test("a change of a cluster does not move its row", () => {
  const { api } = renderLive(
    <ClustersSection initial={several} initialFilter={parseClusterFilter({ sort: "status" })} />,
  );
  act(() => api.push("ClusterListUpdated", { clusterUpdated: { ...several[1], version: 9, status: "FAILED" } }));
  expect(shownNames()).toEqual(["blast", "shop-prod", "shop-dev"]);
});

test("a filter from the address shows what matches and how much it hides, and can be cleared", async () => {
  const user = userEvent.setup();
  renderLive(
    <ClustersSection initial={several} initialFilter={parseClusterFilter({ search: "dev", status: "failed" })} />,
  );
  expect(screen.getByText("No cluster matches")).toBeDefined();
  await user.selectOptions(screen.getByLabelText("Status"), "Stopped");
  expect(shownNames()).toEqual(["shop-dev"]);
  expect(screen.getByText("1 of 3")).toBeDefined();
  expect(window.location.search).toBe("?status=stopped");
  await user.clear(screen.getByLabelText("Search clusters"));
  await user.selectOptions(screen.getByLabelText("Status"), "Any status");
  expect(shownNames()).toHaveLength(3);
  expect(window.location.search).toBe("");
});

test("says which subscription can't be listed and since when its clusters are old, until it can again", () => {
  const { api } = renderLive(<ClustersSection initial={several} />);
  const look = { subscriptionId: "s2", subscriptionName: "Contoso Sandbox", lookedAt: "2026-11-22T10:30:18Z" };
  const push = (problem: string | null, part: object = {}) =>
    act(() => api.push("ClusterLookUpdated", { clusterLookUpdated: { ...look, problem, ...part } }));
  push("Azure can't be reached");
  expect(screen.getByText("The clusters of Contoso Sandbox can't be listed now")).toBeDefined();
  expect(screen.getByText(/Azure can't be reached\. They are shown as last seen/)).toBeDefined();
  expect(screen.getByText("4 min ago")).toBeDefined();
  push("Azure can't be reached", { lookedAt: null });
  expect(screen.getByText(/this list is not whole/)).toBeDefined();
  push(null);
  expect(screen.queryByText(/can't be listed now/)).toBeNull();
});

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
  expect(screen.getByRole("row", { name: /shop-prod HIBERNATING/ })).toBeDefined();
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

test("what changes while the tab is hidden is drawn together every ten seconds, or at once when the tab is seen", () => {
  const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  const { api, clock } = renderLive(<ClustersSection initial={[clusterFixture()]} />);
  const change = (version: number, status: "STOPPING" | "STOPPED" | "STARTING") =>
    act(() => api.push("ClusterListUpdated", { clusterUpdated: clusterFixture({ version, status }) }));
  const isShown = (state: string) => screen.queryByRole("row", { name: new RegExp(`shop-prod ${state}`) }) !== null;
  change(6, "STOPPING");
  change(7, "STOPPED");
  act(() => clock.advance(9_999));
  expect(isShown("Stopping")).toBe(true);
  act(() => clock.advance(1));
  expect(isShown("Stopped")).toBe(true);
  change(8, "STARTING");
  expect(isShown("Stopped")).toBe(true);
  visibility.mockReturnValue("visible");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
  expect(isShown("Starting")).toBe(true);
});

import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import type { ActivityEntry, ActivityPage } from "./activity-documents.ts";
import { type ActivityFilter, NO_FILTER, parseActivityFilter } from "./activity-filter.ts";
import { ActivityView } from "./activity-view.tsx";
import { entryFixture, pageFixture } from "./activity.fixture.ts";
import { RecentActivity } from "./recent-activity.tsx";

afterEach(() => window.history.replaceState(null, "", "/"));

function renderActivity(initial: ActivityPage | undefined, filter: ActivityFilter = NO_FILTER) {
  const view = renderLive(
    <ActivityView initialFilter={filter} initial={initial} exportUrl="http://localhost:4000/activity.jsonl" />,
  );
  const { api } = view;
  return {
    ...view,
    user: userEvent.setup(),
    record: (entry: ActivityEntry) => act(() => api.push("ActivityRecorded", { activityRecorded: entry })),
    asked: () => api.asked.filter(({ name }) => name === "Activity").map(({ variables }) => variables),
  };
}

const rows = () => screen.getAllByRole("listitem").map((row) => row.textContent);

test("a row says who asked for what, when, and what came of it, with the way to it", () => {
  renderActivity(
    pageFixture([
      entryFixture(4, {
        action: "START_PROVISION",
        started: [{ __typename: "Provision", id: "p1", provisionStatus: "RUNNING" }],
      }),
      entryFixture(3, { outcome: "REFUSED", message: "You may not do this." }),
      entryFixture(2, { outcome: "UNKNOWN", message: "Slipway ended." }),
      entryFixture(1),
    ]),
  );
  expect(rows()[0]).toContain("Ada asked to create cluster shop-dev");
  expect(rows()[0]).toContain("Running");
  expect(rows()[1]).toContain("RefusedYou may not do this.");
  expect(rows()[2]).toContain("Outcome unknownSlipway ended.");
  expect(rows()[3]).toContain("Ada asked to stop shop-dev");
  expect(rows()[3]).toContain("Accepted");
  expect(rows()[3]).toContain("18 s ago");
  const [first, , , last] = screen.getAllByRole("listitem");
  if (!first || !last) throw new Error("rows were expected");
  expect(within(first).getByRole("link", { name: "Running" }).getAttribute("href")).toBe("/provisions/p1");
  expect(within(last).getByRole("link", { name: "shop-dev" }).getAttribute("href")).toBe("/clusters/c1");
});

test("what anyone does appears on top, and what was begun is followed to its end", () => {
  const { api, record } = renderActivity(pageFixture([entryFixture(1)]));
  expect(api.asked.find(({ name }) => name === "ActivityRecorded")?.variables).toMatchObject({ afterSequence: 1 });
  record(entryFixture(2, { started: [{ __typename: "ClusterOperation", id: "o1", operationStatus: "RUNNING" }] }));
  expect(rows()[0]).toContain("Running");
  act(() => api.push("StartedOperation", { started: { status: "SUCCEEDED" } }));
  expect(rows()[0]).toContain("Succeeded");
  expect(rows()).toHaveLength(2);
});

test("filters are asked of the API and stand in the address", async () => {
  const { api, user, asked } = renderActivity(pageFixture([entryFixture(1)]));
  await act(async () => api.connect());
  api.answer("Activity", () => ({ activity: pageFixture([entryFixture(1)]) }));
  await user.click(screen.getByRole("button", { name: "Show only what concerns shop-dev" }));
  expect(window.location.search).toBe("?about=c1");
  expect(asked().at(-1)).toMatchObject({ aboutId: "c1", action: null });
  api.answer("Activity", () => ({ activity: pageFixture([]) }));
  await user.selectOptions(screen.getByRole("combobox", { name: "Action" }), "Delete cluster");
  expect(window.location.search).toBe("?action=delete-cluster&about=c1");
  expect(asked().at(-1)).toMatchObject({ aboutId: "c1", action: "DELETE_CLUSTER" });
  expect(await screen.findByText("Nothing like that yet")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Show everything" }));
  expect(window.location.pathname + window.location.search).toBe("/activity");
});

test("an address is read as it was written, and nonsense is no filter", () => {
  expect(parseActivityFilter({ action: "scale-node-pool", about: "c1" })).toEqual({
    action: "SCALE_NODE_POOL",
    about: "c1",
    scope: "",
    outcome: "",
  });
  expect(parseActivityFilter({ scope: "access", outcome: "refused" })).toMatchObject({
    scope: "ACCESS",
    outcome: "REFUSED",
  });
  expect(parseActivityFilter({ action: "explode", about: ["a", "b"] })).toEqual(NO_FILTER);
});

test("older entries are loaded behind the last one", async () => {
  const { api, user, asked } = renderActivity(pageFixture([entryFixture(2)], "cursor-2"));
  api.answer("Activity", () => ({ activity: pageFixture([entryFixture(1)]) }));
  await user.click(screen.getByRole("button", { name: "Load more" }));
  expect(await screen.findAllByRole("listitem")).toHaveLength(2);
  expect(asked().at(-1)).toMatchObject({ after: "cursor-2" });
  expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();
});

test("loading, refused and nothing yet have different faces", async () => {
  const loading = renderActivity(undefined);
  expect(screen.getByText("Loading…")).toBeDefined();
  loading.api.fail("Activity", "The store is away.");
  await act(async () => loading.api.connect());
  expect(screen.getByText("The activity can't be listed")).toBeDefined();
  loading.unmount();
  renderActivity(pageFixture([]));
  expect(screen.getByText("Nothing done yet")).toBeDefined();
});

test("the dashboard shows the newest five and the way to all, and nothing while there is none", () => {
  const none = renderLive(<RecentActivity initial={pageFixture([])} />);
  expect(none.container.textContent).toBe("");
  none.unmount();
  const { api } = renderLive(<RecentActivity initial={pageFixture([5, 4, 3, 2, 1].map((one) => entryFixture(one)))} />);
  act(() => api.push("ActivityRecorded", { activityRecorded: entryFixture(6, { viewerName: "Bob" }) }));
  expect(rows()).toHaveLength(5);
  expect(rows()[0]).toContain("Bob asked to stop shop-dev");
  expect(screen.getByRole("link", { name: "All activity" }).getAttribute("href")).toBe("/activity");
});

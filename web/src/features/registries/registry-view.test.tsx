import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { OFFLINE_AFTER_MS } from "../../graphql/connection-monitor.ts";
import { renderLive } from "../../testing/render-live.tsx";
import { failedBuildFixture } from "./builds/build.fixture.ts";
import type { RegistryHead, Repository } from "./registry-documents.ts";
import { RegistryView } from "./registry-view.tsx";
import {
  ghostFixture,
  headFixture,
  lockedFixture,
  registryFixture,
  repositoryFixture,
  runFixture,
  tagFixture,
} from "./registry.fixture.ts";
import { parseRowFilter } from "./row-filter.ts";

afterEach(() => window.history.replaceState(null, "", "/"));

/** Longer than a batch and than the pause after which a snapshot counts as whole. */
const A_WHILE_MS = 1000;

const filter = parseRowFilter({});

function renderRegistry(rows: readonly Repository[] | undefined, head: RegistryHead | undefined = headFixture()) {
  const user = userEvent.setup();
  const view = renderLive(
    <RegistryView registryId="r1" registry={registryFixture()} head={head} rows={rows} filter={filter} />,
  );
  const { api, clock } = view;
  return {
    ...view,
    user,
    push: (repository: Repository) => act(() => api.push("RegistryRowsUpdated", { acrRepositoryUpdated: repository })),
    pushHead: (next: RegistryHead) => act(() => api.push("RegistryHeadUpdated", { registryUpdated: next })),
    wait: () => act(() => clock.advance(A_WHILE_MS)),
  };
}

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[0]?.firstChild?.textContent);
const rowOf = (name: string) => {
  const row = screen.getAllByRole("row").find((one) => one.textContent?.startsWith(name));
  if (!row) throw new Error(`no row begins with ${name}`);
  return row;
};

test("a build that is in flight when the page opens shows its true time, which goes on ticking", () => {
  const { clock } = renderRegistry([ghostFixture("ncbi/elb"), repositoryFixture("shop/web")]);
  expect(rowOf("ncbi/elb").textContent).toContain("Running2m 24s");
  expect(rowOf("ncbi/elb").textContent).toContain("pushes when done");
  expect(rowOf("ncbi/elb").textContent).toContain("started by Local operator");
  act(() => clock.advance(5000));
  expect(rowOf("ncbi/elb").textContent).toContain("Running2m 29s");
});

test("a build that anyone starts appears on top and ends with ACR's reason, without a row moving", () => {
  const { push, wait } = renderRegistry([repositoryFixture("shop/web")]);
  push(ghostFixture("ncbi/elb", { startedBy: null }));
  wait();
  expect(names()).toEqual(["ncbi/elb", "shop/web"]);
  expect(rowOf("ncbi/elb").textContent).toContain("started outside Slipway");
  push(
    repositoryFixture("ncbi/elb", {
      version: 9,
      state: "FAILED",
      tags: [],
      tagCount: 0,
      lastBuild: failedBuildFixture({ id: "build:ncbi/elb" }),
    }),
  );
  wait();
  expect(names()).toEqual(["ncbi/elb", "shop/web"]);
  expect(rowOf("ncbi/elb").textContent).toContain("failed during run, err: exit status 1");
  expect(screen.getByTestId("announcements").textContent).toContain("ncbi/elb:1.4.1: failed");
});

test("the card shows that it builds and has no Build button then; every row can still be used", () => {
  const { push, pushHead, wait } = renderRegistry([repositoryFixture("shop/web")]);
  expect(screen.getByRole("link", { name: "Build images" })).toBeDefined();
  push(ghostFixture("ncbi/elb"));
  pushHead(headFixture({ buildingCount: 1, snapshotVersion: 11 }));
  wait();
  expect(screen.queryByRole("link", { name: "Build images" })).toBeNull();
  expect(screen.getByRole("button", { name: "1 building" })).toBeDefined();
  expect(screen.getByRole("link", { name: "Build shop/web" })).toBeDefined();
  expect(screen.getByRole("link", { name: "Build again ncbi/elb" }).getAttribute("href")).toContain(
    "from=build%3Ancbi%2Felb",
  );
  push(repositoryFixture("ncbi/elb", { version: 9 }));
  pushHead(headFixture({ snapshotVersion: 12 }));
  wait();
  expect(screen.getByRole("link", { name: "Build images" })).toBeDefined();
});

test("the last outcome says which tag it is about and why, and leads to its build; the name leads to all of them", () => {
  const error = "failed to download the context: ".repeat(6);
  const lastBuild = failedBuildFixture({ image: "shop/web", tag: "0.4.0", error });
  renderRegistry([repositoryFixture("shop/web", { state: "FAILED", lastBuild })]);
  const outcome = screen.getByRole("link", { name: /^Build of shop\/web/ });
  expect(outcome.textContent).toBe("Build of shop/web0.4.0 Failed");
  expect(outcome.getAttribute("href")).toBe("/builds/b1");
  expect(rowOf("shop/web").textContent).toContain(error);
  expect(screen.getByRole("button", { name: "Show all" })).toBeDefined();
  expect(screen.getByRole("link", { name: "shop/web" }).getAttribute("href")).toBe(
    "/registries/r1/builds?image=shop%2Fweb",
  );
});

test("the order is always in sight and stands in the address; rows that changes brought out of it can be sorted again", async () => {
  const { user, push, wait } = renderRegistry([repositoryFixture("b"), repositoryFixture("a")]);
  const order = screen.getByRole("combobox", { name: "Order" });
  expect(order).toHaveProperty("value", "newest");
  await user.selectOptions(order, "By name");
  expect(names()).toEqual(["a", "b"]);
  expect(window.location.search).toBe("?sort=name");
  push(ghostFixture("c"));
  wait();
  expect(names()).toEqual(["c", "a", "b"]);
  await user.click(screen.getByRole("button", { name: "Sort again" }));
  expect(names()).toEqual(["a", "b", "c"]);
  expect(screen.queryByRole("button", { name: "Sort again" })).toBeNull();
});

test("the numbers are the registry's own, whatever rows there are", () => {
  const head = headFixture({ repositoryCount: 12, builtCount: 11, buildingCount: 3, failedCount: 2 });
  renderRegistry([repositoryFixture("shop/web")], head);
  for (const name of ["11 built", "3 building", "2 failed"]) expect(screen.getByRole("button", { name })).toBeDefined();
  expect(screen.getByText("12 repositories")).toBeDefined();
});

test("a run whose image nobody knows has a row of its own, which goes when it is over", () => {
  const { push, wait } = renderRegistry([repositoryFixture("shop/web")]);
  const row = ghostFixture("run cf9", { tag: "", runId: "cf9", startedBy: null });
  push({ ...row, placeholder: true });
  wait();
  expect(names()).toEqual(["run cf9", "shop/web"]);
  expect(rowOf("run cf9").textContent).toContain("image not told by Azure");
  expect(screen.queryByRole("link", { name: /^Build.* run cf9$/ }), "there is no image to build").toBeNull();
  push({ ...row, placeholder: true, activeBuilds: [], state: "UNKNOWN", version: 9 });
  wait();
  expect(names()).toEqual(["shop/web"]);
});

test("the row of a run that ended while the page was cut off for long is gone after the reconnect; what comes meanwhile stays", async () => {
  const { api, push, wait } = renderRegistry([
    runFixture("run cf9", 5),
    repositoryFixture("shop/web"),
    repositoryFixture("gone"),
  ]);
  act(() => api.connect());
  wait();
  expect(api.asked.filter(({ name }) => name === "RegistryRowIds")).toEqual([]);
  act(() => api.disconnect());
  api.answer("RegistryRowIds", () => ({ registry: { repositories: [{ id: "id:shop/web" }] } }));
  act(() => api.connect());
  push(ghostFixture("late"));
  wait();
  await expect.poll(names).toEqual(["late", "shop/web"]);
});

test("rows that come while somebody reads further down wait behind a button", async () => {
  const { user, push, wait } = renderRegistry([repositoryFixture("shop/web")]);
  Object.defineProperty(window, "scrollY", { value: 900, configurable: true });
  push(ghostFixture("a"));
  wait();
  push(ghostFixture("b"));
  wait();
  expect(names()).toEqual(["shop/web"]);
  Object.defineProperty(window, "scrollY", { value: 0, configurable: true });
  window.scrollTo = () => undefined;
  await user.click(screen.getByRole("button", { name: "2 new" }));
  expect(names()).toEqual(["b", "a", "shop/web"]);
});

test("a registry that can't be asked says why and what to do, and its rows stay", () => {
  const { pushHead } = renderRegistry([repositoryFixture("shop/web")]);
  pushHead(headFixture(lockedFixture()));
  expect(
    screen.getByText("client with IP '1.2.3.4' is not allowed access. Let it through the firewall."),
  ).toBeDefined();
  expect(screen.getByText(/Its images are what was last known, from/).textContent).toContain("from 5 min ago");
  expect(rowOf("shop/web").textContent).toContain("Available");
  expect(rowOf("shop/web").textContent).toContain("as of 5 min ago");
  // A later look at the builds makes the images no newer.
  pushHead(headFixture({ ...lockedFixture(), snapshotVersion: 12, observedAt: "2026-11-22T10:35:20Z" }));
  expect(screen.getByText(/Its images are what was last known, from/).textContent).toContain("from 5 min ago");
  pushHead(headFixture({ snapshotVersion: 13 }));
  expect(rowOf("shop/web").textContent).not.toContain("as of");
  expect(screen.queryByText(/Let it through the firewall/)).toBeNull();
});

test("a registry that can't be asked shows the command that helps, to be copied whole", () => {
  const { pushHead } = renderRegistry([repositoryFixture("shop/web")]);
  const command = "az acr network-rule add --name demoacr --ip-address 1.2.3.4";
  const remedy = { kind: "COMMAND", label: "Let 1.2.3.4 through", url: null, command, field: null } as const;
  pushHead(headFixture(lockedFixture({ remedies: [remedy] })));
  expect(screen.getByText(command)).toBeDefined();
  expect(screen.getByRole("button", { name: "Copy the command: Let 1.2.3.4 through" })).toBeDefined();
});

test("loading, empty, not told and no match are four different things", async () => {
  const { user, push, pushHead, wait } = renderRegistry(
    undefined,
    headFixture({ repositoryCount: 0, listingComplete: false }),
  );
  expect(screen.getByText("Loading…")).toBeDefined();
  pushHead(
    headFixture({
      repositoryCount: 0,
      listingComplete: false,
      ...lockedFixture({ lastKnownAt: null }),
    }),
  );
  wait();
  expect(screen.getByText("Not known yet")).toBeDefined();
  pushHead(headFixture({ repositoryCount: 0 }));
  expect(screen.getByText("Nothing in this registry yet")).toBeDefined();
  push(repositoryFixture("shop/web"));
  wait();
  await user.type(screen.getByRole("searchbox"), "zzz");
  expect(screen.getByText("No repository matches")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Clear the filter" }));
  expect(names()).toEqual(["shop/web"]);
});

test("a listing that is not whole says so", () => {
  renderRegistry([repositoryFixture("shop/web")], headFixture({ listingComplete: false, repositoryCount: 1 }));
  expect(screen.getByText("1 so far · listing incomplete")).toBeDefined();
});

test("five thousand repositories are searched whole and rendered in part", async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => repositoryFixture(`team/service-${index}`));
  const { user } = renderRegistry(rows, headFixture({ repositoryCount: 5000 }));
  const table = screen.getByRole("table");
  expect(table.getAttribute("aria-rowcount")).toBe("5001");
  expect(within(table).getAllByRole("row").length).toBeLessThan(60);
  await user.type(screen.getByRole("searchbox"), "4999");
  expect(names()).toEqual(["team/service-4999"]);
});

test("tags open below their row with digest, size and age", async () => {
  const tags = [tagFixture({ name: "1.1.0" }), tagFixture({ name: "1.0.0", sizeBytes: 51_000_000 })];
  const { user } = renderRegistry([repositoryFixture("shop/web", { tags, tagCount: 14 })]);
  await user.click(screen.getByRole("button", { name: /^14 tags/ }));
  const list = screen.getByRole("list", { name: "Newest tags of shop/web" });
  expect(within(list).getAllByRole("listitem")[1]?.textContent).toContain("51.0 MB");
  expect(screen.getByText("and 12 older")).toBeDefined();
});

test("cancelling asks first, with the focus on the safe answer, and leaves the focus in the row", async () => {
  const { api, user, push, wait } = renderRegistry([ghostFixture("ncbi/elb")]);
  const canceled = () => api.asked.filter((asked) => asked.name === "CancelImageBuild").map((asked) => asked.variables);
  await user.click(screen.getByRole("button", { name: "Cancel build of ncbi/elb" }));
  const dialog = await screen.findByRole("alertdialog", { name: "Cancel the build of ncbi/elb:1.4.1?" });
  const keep = within(dialog).getByRole("button", { name: "Keep building" });
  await expect.poll(() => document.activeElement).toBe(keep);
  await user.keyboard("{Enter}");
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(canceled()).toEqual([]);

  api.answer("CancelImageBuild", () => ({
    cancelBuild: { __typename: "CancelBuildSuccess", build: { id: "build:ncbi/elb", status: "RUNNING" } },
  }));
  await user.click(screen.getByRole("button", { name: "Cancel build of ncbi/elb" }));
  await user.click(await screen.findByRole("button", { name: "Cancel build" }));
  expect(await screen.findByText("Canceling")).toBeDefined();
  await expect.poll(() => document.activeElement?.textContent).toBe(" Cancel");
  expect(canceled()).toEqual([{ buildId: "build:ncbi/elb" }]);
  const ended = failedBuildFixture({ id: "build:ncbi/elb", status: "CANCELED", error: null });
  push(repositoryFixture("ncbi/elb", { version: 9, state: "CANCELED", tags: [], tagCount: 0, lastBuild: ended }));
  wait();
  expect(screen.queryByText("Canceling")).toBeNull();
  expect(document.activeElement, "the focus stays in the row").toBe(
    screen.getByRole("link", { name: "Build again ncbi/elb" }),
  );
});

test("a cancel that Azure refuses says why and stays open", async () => {
  const { api, user } = renderRegistry([ghostFixture("ncbi/elb")]);
  api.answer("CancelImageBuild", () => ({
    cancelBuild: {
      __typename: "CannotCancelBuildError",
      message: "Azure says that the run has ended already.",
      code: "CANNOT_CANCEL",
    },
  }));
  await user.click(screen.getByRole("button", { name: "Cancel build of ncbi/elb" }));
  await user.click(await screen.findByRole("button", { name: "Cancel build" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Azure says that the run has ended already.");
});

test("without a connection the rows stay with their time, and nothing can be canceled", () => {
  const { api, clock } = renderRegistry([ghostFixture("ncbi/elb")]);
  act(() => api.connect());
  act(() => api.disconnect());
  act(() => clock.advance(OFFLINE_AFTER_MS));
  expect(screen.getByText("No connection to Slipway")).toBeDefined();
  const cancel = screen.getByRole("button", { name: "Cancel build of ncbi/elb" });
  expect(cancel.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(cancel);
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { OFFLINE_AFTER_MS } from "../../../graphql/connection-monitor.ts";
import { renderLive } from "../../../testing/render-live.tsx";
import type { Build } from "../builds/build-documents.ts";
import { buildFixture, buildRegistryFixture, failedBuildFixture } from "../builds/build.fixture.ts";
import { BuildHistoryView } from "./build-history-view.tsx";
import type { HistoryPage } from "./history-documents.ts";
import { type HistoryFilter, parseHistoryFilter } from "./history-filter.ts";

const A_WHILE_MS = 500;

afterEach(() => window.history.replaceState(null, "", "/"));

function build(id: string, part: Partial<Build> = {}): Build {
  const { input: _input, __typename: _typename, ...rest } = buildFixture();
  return { ...rest, id, image: id, ...part };
}

function page(builds: Build[], endCursor: string | null = null): HistoryPage {
  return { edges: builds.map((node) => ({ node })), pageInfo: { hasNextPage: endCursor !== null, endCursor } };
}

function renderHistory(initial: HistoryPage | undefined, filter: HistoryFilter = parseHistoryFilter({})) {
  const user = userEvent.setup();
  const view = renderLive(
    <BuildHistoryView registryId="r1" registry={buildRegistryFixture()} initialFilter={filter} initial={initial} />,
  );
  const { api, clock } = view;
  return {
    ...view,
    user,
    push: (changed: Build) =>
      act(() => {
        api.push("RegistryBuildUpdated", { buildUpdated: changed });
        clock.advance(A_WHILE_MS);
      }),
    asked: () => api.asked.filter(({ name }) => name === "BuildHistory").map(({ variables }) => variables),
  };
}

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getByRole("link").textContent);

test("a row says which build it is, how it ended and why, when, how long it took and who started it", () => {
  const failed = { ...failedBuildFixture(), id: "b1", startedBy: null };
  renderHistory(page([failed]));
  const [, row] = screen.getAllByRole("row");
  if (!row) throw new Error("a row was expected");
  const cells = within(row)
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
  expect(cells[0]).toBe("ncbi/elb:1.4.1ca1");
  expect(cells[1]).toBe("Failedfailed during run, err: exit status 1");
  expect(cells[5]).toContain("2m 0s");
  expect(cells[6]).toBe("outside Slipway");
  expect(within(row).getByRole("link").getAttribute("href")).toBe("/builds/b1");
  expect([...row.querySelectorAll("time")].map((time) => time.dateTime)).toEqual([
    failed.queuedAt,
    failed.startedAt,
    failed.finishedAt,
  ]);
});

test("a build that anyone starts appears on top, and its row follows it to its end", () => {
  const { push } = renderHistory(page([build("old")]));
  push(build("new", { createdAt: "2026-11-22T10:35:00Z", startedAt: null, status: "QUEUED" }));
  expect(names()).toEqual(["new:1.4.1", "old:1.4.1"]);
  expect(screen.getByRole("row", { name: /^new.*Queued/ })).toBeDefined();
  push(build("new", { version: 9, createdAt: "2026-11-22T10:35:00Z", status: "FAILED", error: "no such file" }));
  expect(screen.getByRole("row", { name: /^new.*Failed.*no such file/ })).toBeDefined();
  expect(screen.getByTestId("announcements").textContent).toContain("new:1.4.1: failed. no such file");
});

test("older builds are loaded behind the last one, and an answer that fails can be asked for again", async () => {
  const { api, user, asked } = renderHistory(page([build("b")], "cursor-b"));
  api.fail("BuildHistory", "The store is away.");
  await user.click(screen.getByRole("button", { name: "Load more" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The store is away.");
  api.answer("BuildHistory", () => ({ builds: page([build("a", { createdAt: "2026-11-22T10:00:00Z" })]) }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("a:1.4.1")).toBeDefined();
  expect(names()).toEqual(["b:1.4.1", "a:1.4.1"]);
  expect(asked().map(({ after }) => after)).toEqual(["cursor-b", "cursor-b"]);
  expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();
});

test("the filter is asked of the API, and stands in the address", async () => {
  const { api, user, asked } = renderHistory(page([build("shop/web"), build("team/app")]));
  await act(async () => api.connect());
  api.answer("BuildHistory", ({ image }) => ({ builds: page(image === null ? [] : [build("shop/web")]) }));
  await user.type(screen.getByRole("combobox", { name: /Image/ }), "shop/we{Enter}");
  expect(window.location.search).toBe("?image=shop%2Fwe");
  await user.clear(screen.getByRole("combobox", { name: /Image/ }));
  await user.selectOptions(screen.getByRole("combobox", { name: "State" }), "Did not succeed");
  expect(window.location.search).toBe("?state=unsuccessful");
  expect(asked().at(-1)).toMatchObject({ image: null, statuses: ["FAILED", "ERROR", "TIMEOUT", "CANCELED"] });
  expect(await screen.findByText("No build matches")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Clear the filter" }));
  expect(window.location.pathname + window.location.search).toBe("/registries/r1/builds");
});

test("a build that matches no more leaves the list", () => {
  const { push } = renderHistory(page([build("a"), build("b")]), { image: "", state: "in-flight" });
  push(build("a", { version: 9, status: "SUCCEEDED" }));
  expect(names()).toEqual(["b:1.4.1"]);
});

test("after a cut the list is what the API says, and what the topic told meanwhile", async () => {
  const { api, clock } = renderHistory(page([build("a")]));
  await act(async () => api.connect());
  act(() => api.disconnect());
  act(() => clock.advance(OFFLINE_AFTER_MS));
  expect(screen.getByText("No connection to Slipway")).toBeDefined();
  expect(names()).toEqual(["a:1.4.1"]);
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  api.answer("BuildHistory", () => {
    answer();
    return { builds: page([build("a", { version: 9, status: "SUCCEEDED" })]) };
  });
  await act(async () => {
    api.connect();
    api.push("RegistryBuildUpdated", { buildUpdated: build("b", { createdAt: "2026-11-22T10:35:00Z" }) });
    await answered;
  });
  expect(names()).toEqual(["b:1.4.1", "a:1.4.1"]);
  expect(screen.getByRole("row", { name: /^a:.*Succeeded/ })).toBeDefined();
});

test("loading, refused, none and none so far have different faces", async () => {
  const loading = renderHistory(undefined);
  expect(screen.getByText("Loading…")).toBeDefined();
  loading.api.fail("BuildHistory", "The store is away.");
  await act(async () => loading.api.connect());
  expect(screen.getByText("The builds can't be listed")).toBeDefined();
  loading.unmount();
  const none = renderHistory(page([]));
  expect(screen.getByText("No builds yet")).toBeDefined();
  none.unmount();
  renderHistory(page([], "further"), { image: "", state: "failed" });
  expect(screen.getByText("No match among the newest builds")).toBeDefined();
  expect(screen.getByRole("button", { name: "Look further back" })).toBeDefined();
});

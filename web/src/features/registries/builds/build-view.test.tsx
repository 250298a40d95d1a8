import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderLive } from "../../../testing/render-live.tsx";
import type { BuildDetail } from "./build-documents.ts";
import { BuildView } from "./build-view.tsx";
import { buildFixture, buildPageFixture, buildRegistryFixture, failedBuildFixture } from "./build.fixture.ts";

const A_WHILE_MS = 500;

beforeEach(() => localStorage.clear());
afterEach(() => window.history.replaceState(null, "", "/"));

function renderBuild(build: BuildDetail = buildFixture()) {
  const user = userEvent.setup();
  const view = renderLive(
    <BuildView buildId="b1" initial={buildPageFixture(build)} registry={buildRegistryFixture()} />,
  );
  const { api, clock } = view;
  const log = (firstLine: number, lines: string[], part: { restarted?: boolean; complete?: boolean } = {}) =>
    act(() => {
      api.push("BuildPageLog", {
        buildLog: { buildId: "b1", firstLine, lines, restarted: false, complete: false, ...part },
      });
      clock.advance(A_WHILE_MS);
    });
  const change = (part: Partial<BuildDetail>) =>
    act(() => {
      const { input: _input, __typename: _typename, ...next } = buildFixture({ version: 9, ...part });
      api.push("BuildPageProgress", { buildProgress: next });
    });
  return { ...view, user, log, change };
}

const lines = () =>
  within(screen.getByRole("log"))
    .getAllByRole("link")
    .map((link) => link.nextSibling?.textContent);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

test("tells the state, and follows it to ACR's reason", () => {
  const { change } = renderBuild();
  expect(screen.getByRole("heading", { level: 1, name: "ncbi/elb:1.4.1" })).toBeDefined();
  expect(screen.getByText("2m 24s")).toBeDefined();
  change(failedBuildFixture({ version: 9 }));
  expect(screen.getByText("failed during run, err: exit status 1")).toBeDefined();
  expect(screen.getByRole("link", { name: "Build again" }).getAttribute("href")).toBe("/registries/r1/build?from=b1");
  expect(screen.getByTestId("announcements").textContent).toContain("failed");
});

test("a failure that the log explains says what happened and what can be done, and keeps ACR's own words", () => {
  const failure: BuildDetail["failure"] = {
    category: "BASE_IMAGE",
    summary: "The base image node:99 is missing.",
    message: "manifest for node:99 not found",
    remedies: [
      { kind: "EDIT", label: "Change the source", url: null, command: null, field: "source.ref" },
      { kind: "COMMAND", label: "List the tags", url: null, command: "docker search node", field: null },
    ],
  };
  renderBuild(failedBuildFixture({ failure }));
  expect(screen.getByText("The base image node:99 is missing.")).toBeDefined();
  expect(screen.getByRole("link", { name: "Change the source" }).getAttribute("href")).toBe(
    "/registries/r1/build?from=b1&field=source.ref",
  );
  expect(screen.getByText("docker search node")).toBeDefined();
  for (const words of ["manifest for node:99 not found", "failed during run, err: exit status 1"])
    expect(screen.getByText(words).closest("details")).not.toBeNull();
});

test("a verdict is not taken back by a message that comes late", async () => {
  const { api, change } = renderBuild();
  change({ version: 5 });
  api.answer("BuildPage", () => buildPageFixture(failedBuildFixture({ version: 8 })));
  await act(async () => api.connect());
  expect(screen.getByText("Failed")).toBeDefined();
  change({ version: 7 });
  expect(screen.getByText("Failed")).toBeDefined();
  expect(screen.queryByText("Running")).toBeNull();
});

test("listens to this build alone, and to nothing once it has ended", () => {
  const { api, unmount } = renderBuild();
  const topics = () => api.asked.filter(({ kind }) => kind === "subscription").map(({ name }) => name);
  expect(topics()).toEqual(["BuildPageProgress", "BuildPageLog"]);
  expect(api.asked[0]?.variables).toEqual({ buildId: "b1" });
  unmount();
  const ended = renderBuild(failedBuildFixture());
  expect(ended.api.asked.map(({ name }) => name)).not.toContain("BuildPageProgress");
});

test("stop watching leaves the page; cancel build asks", async () => {
  const { api, user } = renderBuild();
  expect(screen.getByRole("link", { name: "Stop watching" }).getAttribute("href")).toBe("/registries/r1");
  await user.click(screen.getByRole("button", { name: "Cancel build…" }));
  expect(await screen.findByRole("alertdialog")).toBeDefined();
  expect(api.asked.some((asked) => asked.kind === "mutation")).toBe(false);
});

test.each([
  ["QUEUED", /waits in ACR's queue/],
  ["RUNNING", /starting an agent/],
  ["UNKNOWN", /waiting for Azure to name the run/],
] as const)("without a log a %s build says what it waits for", (status, words) => {
  renderBuild(buildFixture({ status }));
  expect(screen.getByText(words)).toBeDefined();
});

test("while it is queued it says how many wait before it, live, until it begins", () => {
  const { change } = renderBuild(buildFixture({ status: "QUEUED", startedAt: null, runsAheadCount: 2 }));
  expect(screen.getByText("2m 37s · 2 ahead")).toBeDefined();
  expect(screen.getByText(/waits in ACR's queue, 2 ahead of it/)).toBeDefined();
  change({ version: 6, status: "QUEUED", startedAt: null, runsAheadCount: 1 });
  expect(screen.getByText("2m 37s · 1 ahead")).toBeDefined();
  change({ version: 9, status: "RUNNING" });
  expect(screen.queryByText(/ahead/)).toBeNull();
});

test("a log that can't be read says so, and that the build goes on", () => {
  const { api } = renderBuild();
  act(() => api.refuse("BuildPageLog", "The log's storage refuses."));
  expect(screen.getByText(/The log can't be read now: The log's storage refuses. The build goes on/)).toBeDefined();
});

test("asks for the whole log and shows each line once", () => {
  const { api, log } = renderBuild();
  expect(api.asked.find((asked) => asked.name === "BuildPageLog")?.variables).toEqual({ buildId: "b1", afterLine: 0 });
  log(1, ["a", "b"]);
  log(2, ["b", "c"]);
  expect(lines()).toEqual(["a", "b", "c"]);
  expect(screen.getByText("3 lines · live")).toBeDefined();
  log(4, [], { complete: true });
  expect(screen.getByText("3 lines · complete")).toBeDefined();
});

test("a log that Azure replaced begins again below a divider", () => {
  const { log } = renderBuild();
  log(1, ["a", "b"]);
  expect(screen.queryByRole("separator")).toBeNull();
  log(1, ["A"], { restarted: true });
  expect(lines()).toEqual(["A"]);
  expect(screen.getByRole("separator").textContent).toContain("log replaced by Azure");
});

test("of fifty thousand lines only those in view are in the page", () => {
  const { log } = renderBuild();
  log(1, numbered(50_000));
  expect(screen.getByText("50,000 lines · live")).toBeDefined();
  expect(lines().length).toBeLessThan(100);
});

/** jsdom lays nothing out: a view of 600 pixels on 2,000, of which a test says how far down it is. */
function scrollable(scroller: HTMLElement) {
  let top = 1400;
  Object.defineProperties(scroller, {
    scrollHeight: { value: 2000, configurable: true },
    clientHeight: { value: 600, configurable: true },
    scrollTop: {
      get: () => top,
      set: (value: number) => {
        top = Math.min(value, 1400);
      },
      configurable: true,
    },
  });
  fireEvent.scroll(scroller);
}

test("scrolling up pauses, counts what comes, and Resume follows again", async () => {
  const { log, user } = renderBuild();
  log(1, numbered(100));
  const scroller = screen.getByRole("log");
  scrollable(scroller);
  expect(screen.queryByRole("button", { name: /Resume|Follow/ })).toBeNull();
  scroller.scrollTop = 300;
  fireEvent.scroll(scroller);
  log(101, numbered(3));
  expect(scroller.scrollTop).toBe(300);
  await user.click(screen.getByRole("button", { name: "3 new lines · Resume" }));
  expect(scroller.scrollTop).toBe(1400);
  expect(screen.queryByRole("button", { name: /Resume|Follow/ })).toBeNull();
});

test("lines that come between somebody's scrolling and the browser telling of it do not pull the view back", () => {
  const { log } = renderBuild();
  log(1, numbered(100));
  const scroller = screen.getByRole("log");
  scrollable(scroller);
  scroller.scrollTop = 300;
  log(101, numbered(3));
  fireEvent.scroll(scroller);
  expect(scroller.scrollTop).toBe(300);
  expect(screen.getByRole("button", { name: /Follow|Resume/ })).toBeDefined();
});

test("the wheel pauses before the view has moved", () => {
  const { log } = renderBuild();
  log(1, numbered(100));
  const scroller = screen.getByRole("log");
  scrollable(scroller);
  fireEvent.wheel(scroller, { deltaY: 100 });
  expect(screen.queryByRole("button", { name: /Resume|Follow/ })).toBeNull();
  fireEvent.wheel(scroller, { deltaY: -100 });
  expect(screen.getByRole("button", { name: "Follow" })).toBeDefined();
});

test("after the wheel, a late event of the following itself does not follow again; scrolling down to the end does", () => {
  const { log } = renderBuild();
  log(1, numbered(100));
  const scroller = screen.getByRole("log");
  scrollable(scroller);
  log(101, numbered(3));
  expect(scroller.scrollTop).toBe(1400);
  fireEvent.wheel(scroller, { deltaY: -100 });
  fireEvent.scroll(scroller);
  expect(screen.getByRole("button", { name: "Follow" })).toBeDefined();
  scroller.scrollTop = 1390;
  fireEvent.scroll(scroller);
  expect(screen.getByRole("button", { name: "Follow" })).toBeDefined();
  scroller.scrollTop = 1400;
  fireEvent.scroll(scroller);
  expect(screen.queryByRole("button", { name: /Resume|Follow/ })).toBeNull();
});

test("the search counts, marks and goes round by Enter and the buttons", async () => {
  const { log, user } = renderBuild();
  log(1, ["Step 1", "error: one", "Step 2", "an error"]);
  await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "error");
  expect(screen.getByText("1 of 2")).toBeDefined();
  expect(document.querySelectorAll("mark").length).toBe(2);
  await user.keyboard("{Enter}");
  expect(screen.getByText("2 of 2")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Next match" }));
  expect(screen.getByText("1 of 2")).toBeDefined();
  await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "zzz");
  expect(screen.getByText("no match")).toBeDefined();
});

test("a line's number is a link to share, and such a link marks its line", async () => {
  window.history.replaceState(null, "", "#L2");
  const { log, user } = renderBuild();
  log(1, ["a", "b", "c"]);
  expect(screen.getByRole("link", { name: "Line 2" }).parentElement?.className).toContain("log-target");
  await user.click(screen.getByRole("link", { name: "Line 3" }));
  expect(window.location.hash).toBe("#L3");
  expect(screen.getByRole("link", { name: "Line 3" }).parentElement?.className).toContain("log-target");
});

test("a slash in the log leads to its search, and is not written there", async () => {
  const { log, user } = renderBuild();
  log(1, numbered(3));
  act(() => screen.getByRole("log").focus());
  await user.keyboard("/");
  const search: HTMLInputElement = screen.getByRole("searchbox", { name: "Search the log" });
  expect(document.activeElement).toBe(search);
  expect(search.value).toBe("");
});

test("wrap and timestamps are remembered", async () => {
  const { log, user, unmount } = renderBuild();
  log(1, ["2026/11/22 10:31:06 Downloading"]);
  await user.click(screen.getByRole("button", { name: "Timestamps" }));
  expect(lines()).toEqual(["Downloading"]);
  unmount();
  const again = renderBuild();
  again.log(1, ["2026/11/22 10:31:06 Downloading"]);
  expect(lines()).toEqual(["Downloading"]);
  expect(screen.getByRole("button", { name: "Wrap" }).getAttribute("aria-pressed")).toBe("true");
});

test("new lines are read aloud only when that is switched on", async () => {
  const { log, user, clock } = renderBuild();
  log(1, ["first"]);
  act(() => clock.advance(5000));
  expect(screen.getByTestId("announcements").textContent).not.toContain("first");
  await user.click(screen.getByRole("button", { name: "Announce" }));
  log(2, ["second"]);
  act(() => clock.advance(5000));
  expect(screen.getByTestId("announcements").textContent).toContain("second");
});

test("an id of no build says so", () => {
  renderLive(<BuildView buildId="b9" initial={buildPageFixture(null)} registry={undefined} />);
  expect(screen.getByText("There is no such build")).toBeDefined();
});

const STEPS = [
  "2026/11/22 10:31:00 Downloading source code...",
  "2026/11/22 10:31:03 Executing step ID: build. Timeout(sec): 3600, Working directory: '', Network: ''",
  "Step 1/2 : FROM node:24-alpine",
  "Step 2/2 : RUN npm run build",
  "the reason",
];
const heads = () =>
  [...document.querySelectorAll(".log-step-button")].map((head) => [
    head.textContent,
    head.getAttribute("aria-expanded"),
  ]);

test("the log's steps have a head each, with state, time and size, which folds their lines", async () => {
  const { log, user } = renderBuild();
  log(1, STEPS);
  expect(heads()).toEqual([
    ["succeeded: Preparation3s · 1 line", "true"],
    ["running: build4 lines", "true"],
    ["succeeded: Step 1/2 : FROM node:24-alpine1 line", "true"],
    ["running: Step 2/2 : RUN npm run build2 lines", "true"],
  ]);
  await user.click(screen.getByRole("button", { name: /Preparation/ }));
  expect(lines()).toEqual(STEPS.slice(1));
  await user.click(screen.getByRole("button", { name: "Unfold all" }));
  expect(lines()).toEqual(STEPS);
  await user.click(screen.getByRole("button", { name: /^running.*4 lines$/ }));
  expect(lines()).toEqual(STEPS.slice(0, 1));
  expect(heads().length, "docker's steps fold with theirs").toBe(2);
  await user.click(screen.getByRole("button", { name: "Unfold all" }));
  await user.click(screen.getByRole("button", { name: "Fold all" }));
  expect(screen.queryByRole("link", { name: /^Line / })).toBeNull();
});

test("of a build that failed the steps before the one that failed are folded; a search opens what it finds", async () => {
  const { log, user } = renderBuild(failedBuildFixture());
  log(1, [...STEPS, "failed to run step ID: build: exit status 1"], { complete: true });
  expect(heads().map(([, isOpen]) => isOpen)).toEqual(["false", "true", "false", "true"]);
  expect(screen.getByText("the reason")).toBeDefined();
  await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "Downloading");
  expect(heads().map(([, isOpen]) => isOpen)).toEqual(["true", "true", "false", "true"]);
  await user.click(screen.getByRole("button", { name: "Unfold all" }));
  await user.click(screen.getByRole("button", { name: "Fold all" }));
  await user.clear(screen.getByRole("searchbox", { name: "Search the log" }));
  await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "the reason");
  expect(heads().map(([, isOpen]) => isOpen)).toEqual(["false", "true", "false", "true"]);
});

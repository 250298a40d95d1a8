import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../../testing/render-live.tsx";
import { buildFixture } from "../builds/build.fixture.ts";
import { BuildsInFlight } from "./builds-in-flight.tsx";
import type { FlyingBuild } from "./in-flight-documents.ts";

function build(id: string, part: Partial<FlyingBuild> = {}): FlyingBuild {
  const { input: _input, __typename: _typename, ...rest } = buildFixture();
  return { ...rest, id, image: id, registryName: "demoacr", ...part };
}

function renderInFlight(initial: readonly FlyingBuild[] | undefined) {
  const view = renderLive(<BuildsInFlight initial={initial} />);
  return {
    ...view,
    push: (changed: FlyingBuild) => act(() => view.api.push("AnyBuildUpdated", { buildUpdated: changed })),
  };
}

const rows = () => screen.queryAllByRole("listitem").map((row) => row.textContent);

test("nothing is shown while nothing is built", () => {
  renderInFlight([]);
  expect(screen.queryByRole("region", { name: "Builds in flight" })).toBeNull();
});

test("a build that anyone starts in any registry appears on top, with links to itself and its registry", () => {
  const { push, api } = renderInFlight([build("old")]);
  push(build("new", { createdAt: "2026-11-22T10:35:00Z", startedBy: null, registryName: "otheracr" }));
  expect(rows()).toEqual([
    expect.stringMatching(/^new:1\.4\.1.*Running.*otheracr · outside Slipway$/),
    expect.stringMatching(/^old:1\.4\.1.*Running2m 24s.*demoacr · by Local operator$/),
  ]);
  const [row] = screen.getAllByRole("listitem");
  if (!row) throw new Error("a row was expected");
  expect(
    within(row)
      .getAllByRole("link")
      .map((link) => link.getAttribute("href")),
  ).toEqual(["/builds/new", "/registries/r1"]);
  expect(api.asked.filter(({ kind }) => kind === "subscription").map(({ name }) => name)).toEqual(["AnyBuildUpdated"]);
});

test("one that ends says how for a minute, then leaves", () => {
  const { push, clock } = renderInFlight([build("a")]);
  push(build("a", { version: 9, status: "FAILED", error: "no such file", observedAt: "2026-11-22T10:35:18Z" }));
  expect(rows()).toEqual([expect.stringMatching(/^a:1\.4\.1Failed/)]);
  expect(screen.getByTestId("announcements").textContent).toContain("a:1.4.1: failed. no such file");
  act(() => clock.advance(50_000));
  expect(rows()).toHaveLength(1);
  act(() => clock.advance(15_000));
  expect(rows()).toEqual([]);
});

test("one that ended while the tab was cut off is gone after the reconnect; one that began stays", async () => {
  const { api } = renderInFlight([build("ended"), build("flying")]);
  api.answer("BuildsInFlight", () => ({ buildsInFlight: [build("flying")] }));
  await act(async () => {
    api.connect();
    api.push("AnyBuildUpdated", { buildUpdated: build("begun", { createdAt: "2026-11-22T10:35:00Z" }) });
  });
  expect(rows()).toEqual([expect.stringMatching(/^begun/), expect.stringMatching(/^flying/)]);
});

test("an older message takes nothing back", () => {
  const { push } = renderInFlight([build("a", { version: 8, status: "RUNNING" })]);
  push(build("a", { version: 7, status: "QUEUED" }));
  expect(rows()).toEqual([expect.stringMatching(/Running/)]);
});

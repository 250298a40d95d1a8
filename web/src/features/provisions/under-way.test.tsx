import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { ProvisionListProvider } from "./provision-list.tsx";
import { progressFixture, provisionFixture } from "./provision.fixture.ts";
import { RecentProvisions } from "./recent-provisions.tsx";
import { ProvisionsUnderWay } from "./under-way.tsx";

function renderBoard(initial: Parameters<typeof ProvisionListProvider>[0]["initial"]) {
  return renderLive(
    <ProvisionListProvider initial={initial}>
      <ProvisionsUnderWay />
      <RecentProvisions />
    </ProvisionListProvider>,
  );
}

test("a provision that someone else starts appears, and moves to the recent ones when it ends", () => {
  const { api } = renderBoard([]);
  act(() => api.push("ProvisionListUpdated", { provisionUpdated: provisionFixture() }));
  expect(screen.getByRole("progressbar", { name: "Progress of blast-prod-02" })).toBeDefined();
  const done = provisionFixture({
    status: "SUCCEEDED",
    progress: progressFixture({ sequence: 41, status: "SUCCEEDED" }),
  });
  act(() => api.push("ProvisionListUpdated", { provisionUpdated: done }));
  expect(screen.queryByRole("progressbar")).toBeNull();
  expect(screen.getByRole("row", { name: /blast-prod-02 Succeeded/ })).toBeDefined();
  expect(screen.getByTestId("announcements").textContent).toContain("cluster ready");
});

test("one that ended while the tab was cut off is corrected by the reading on reconnect", async () => {
  const { api } = renderBoard([provisionFixture()]);
  api.answer("ProvisionList", () => ({
    provisions: {
      edges: [
        { node: provisionFixture({ status: "FAILED", progress: progressFixture({ sequence: 90, status: "FAILED" }) }) },
      ],
    },
  }));
  await act(async () => api.connect());
  expect(screen.queryByRole("progressbar")).toBeNull();
});

test("a list that is not known yet is loading, not empty", () => {
  renderBoard(undefined);
  expect(screen.getByText("Loading…")).toBeDefined();
});

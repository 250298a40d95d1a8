import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { SessionProvider } from "../../graphql/session.tsx";
import { renderLive } from "../../testing/render-live.tsx";
import type { SystemHealth } from "./health-documents.ts";
import { HealthView } from "./health-view.tsx";
import { healthFixture } from "./health.fixture.ts";

function renderHealth(roles: string[], initial?: SystemHealth) {
  return renderLive(
    <SessionProvider
      initial={{ viewer: { name: "Ada", roles }, azure: { mode: "EMULATOR", speed: 10 } }}
      signIn={undefined}
    >
      <HealthView initial={initial} />
    </SessionProvider>,
  );
}

const rowsOf = (table: string) =>
  within(screen.getByRole("table", { name: table }))
    .getAllByRole("row")
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    );

test("an administrator sees checks, jobs, watchers, Azure's limits, requests and subscribers", () => {
  renderHealth(["Slipway.Admin"], healthFixture());
  expect(within(screen.getByRole("list", { name: "Health checks" })).getAllByText("Good")).toHaveLength(4);
  expect(screen.getByText("Slipway 0.1.0 · up for 2h 02m")).toBeDefined();
  expect(rowsOf("Job queue")).toEqual([
    ["provision", "Waiting for its next look", "1", "5 min ago", "none", "none"],
    ["watch-registry", "Resting until asked", "1", "1 h ago", "none", "none"],
  ]);
  expect(rowsOf("Watchers").map((cells) => cells.slice(1))).toEqual([
    ["Clusters of a subscription", "Looking", "8 s ago", ""],
    ["Registry", "Resting", "31 min ago", ""],
  ]);
  expect(rowsOf("Azure's limits")).toEqual([["subscription-reads", "00000000…0001", "187", "8 s ago"]]);
  expect(rowsOf("Requests to Azure")).toEqual([
    ["GET microsoft.containerservice/managedclusters", "1,234", "2", "none"],
  ]);
  expect(rowsOf("Live subscribers")).toEqual([["provisionProgress", "2"]]);
  expect(screen.getByText("3 connections")).toBeDefined();
});

test("what changes appears by itself, by one subscription and nothing else", () => {
  const { api } = renderHealth(["Slipway.Admin"]);
  expect(screen.getByText("Loading…")).toBeDefined();
  act(() => api.push("SystemHealthUpdated", { systemHealthUpdated: healthFixture() }));
  expect(screen.getAllByText("Good")).toHaveLength(4);
  const broken = { kind: "EMBEDDED", problem: "The disk is full." } as const;
  act(() =>
    api.push("SystemHealthUpdated", {
      systemHealthUpdated: healthFixture({ store: broken, jobs: null, watchers: null }),
    }),
  );
  expect(screen.getByText("The disk is full.")).toBeDefined();
  expect(screen.getAllByText("Not known while the store can't be read.")).toHaveLength(2);
  expect(api.asked.map(({ name }) => name).filter((name) => name !== "Session")).toEqual(["SystemHealthUpdated"]);
});

test("a late look is told, and of many requests the most frequent come first with the way to the rest", async () => {
  const [job] = healthFixture().jobs ?? [];
  if (!job) throw new Error("a job was expected");
  const azureRequests = Array.from({ length: 10 }, (_, index) => ({
    operation: `GET type-${index}`,
    requestCount: 20 - index,
    throttledCount: 0,
    failedCount: 0,
  }));
  renderHealth(["Slipway.Admin"], healthFixture({ jobs: [{ ...job, overdueSeconds: 3 }], azureRequests }));
  expect(rowsOf("Job queue")[0]?.[4]).toBe("3s");
  expect(rowsOf("Requests to Azure")).toHaveLength(8);
  await userEvent.click(screen.getByRole("button", { name: "Show 2 more" }));
  expect(rowsOf("Requests to Azure")).toHaveLength(10);
});

test("whoever is no administrator is told why, and asks for nothing", () => {
  const { api } = renderHealth(["Slipway.Operator"]);
  expect(screen.getByText(/needs the role Slipway\.Admin/)).toBeDefined();
  expect(api.asked.map(({ name }) => name)).not.toContain("SystemHealthUpdated");
});

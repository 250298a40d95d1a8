import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { RegistriesCard } from "./registries-card.tsx";
import { headFixture, lockedFixture, registryFixture } from "./registry.fixture.ts";

const row = () => within(screen.getByRole("listitem"));
const build = () => row().queryByRole("link", { name: "Build images in demoacr" });

test("a registry shows where images go and, live, what it has, with links to each of it", () => {
  const { api } = renderLive(<RegistriesCard initial={[registryFixture()]} />);
  expect(row().getByRole("link", { name: "demoacr" }).getAttribute("href")).toBe("/registries/r1");
  expect(screen.getByRole("listitem").textContent).toContain("demoacr.azurecr.ioStandard · westeurope");
  const head = headFixture({ repositoryCount: 12, builtCount: 11, failedCount: 2 });
  act(() => api.push("RegistryHeadUpdated", { registryUpdated: head }));
  expect(
    row()
      .getAllByRole("link")
      .map((link) => [link.textContent.trim(), link.getAttribute("href")]),
  ).toEqual([
    ["demoacr", "/registries/r1"],
    ["12 repositories", "/registries/r1"],
    ["11 built", "/registries/r1?state=available"],
    ["2 failed", "/registries/r1?state=failed"],
    ["Build", "/registries/r1/build"],
  ]);
});

test("it shows that it loads, and has no Build button then nor while anything is built", () => {
  const { api } = renderLive(<RegistriesCard initial={[registryFixture()]} />);
  expect(row().getByRole("status").textContent).toBe("Loading…");
  expect(build()).toBeNull();
  act(() => api.push("RegistryHeadUpdated", { registryUpdated: headFixture({ buildingCount: 1 }) }));
  expect(row().getByRole("link", { name: "1 building" })).toBeDefined();
  expect(build()).toBeNull();
  act(() => api.push("RegistryHeadUpdated", { registryUpdated: headFixture({ snapshotVersion: 11 }) }));
  expect(build()).not.toBeNull();
});

test("one that Azure refuses says so, and keeps what was last counted", () => {
  const { api } = renderLive(<RegistriesCard initial={[registryFixture()]} />);
  act(() => api.push("RegistryHeadUpdated", { registryUpdated: headFixture(lockedFixture({ message: "locked" })) }));
  expect(row().getByText("Not reachable").parentElement?.parentElement?.title).toBe("locked");
  expect(row().getByText("2 repositories")).toBeDefined();
});

test("the first few registries alone are watched; the rest is a link away", () => {
  const many = Array.from({ length: 7 }, (_, index) => ({
    ...registryFixture(),
    id: `r${index}`,
    name: `acr${index}`,
  }));
  const { api } = renderLive(<RegistriesCard initial={many} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(5);
  expect(screen.getByRole("link", { name: "All 7 registries" }).getAttribute("href")).toBe("/registries");
  expect(api.asked.filter(({ kind }) => kind === "subscription")).toHaveLength(5);
});

test("no registries leave the card out; a refusal does not", async () => {
  const none = renderLive(<RegistriesCard initial={[]} />);
  expect(screen.queryByRole("region", { name: "Registries" })).toBeNull();
  none.unmount();
  const { api } = renderLive(<RegistriesCard initial={undefined} />);
  api.fail("RegistryList", "Azure refuses to list registries.");
  await act(async () => api.connect());
  expect(screen.getByText(/Azure refuses to list registries/)).toBeDefined();
});

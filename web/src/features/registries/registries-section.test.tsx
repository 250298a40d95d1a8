import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { RegistriesSection } from "./registries-section.tsx";
import { headFixture, lockedFixture, registryFixture } from "./registry.fixture.ts";

test("each registry has a link and, once it is known, how it stands", () => {
  const { api } = renderLive(<RegistriesSection initial={[registryFixture()]} />);
  expect(screen.getByRole("link", { name: "demoacr" }).getAttribute("href")).toBe("/registries/r1");
  expect(screen.getByText("Looking…")).toBeDefined();
  act(() => api.push("RegistryHeadUpdated", { registryUpdated: headFixture({ repositoryCount: 12 }) }));
  expect(screen.getByText("12 repositories")).toBeDefined();
  const locked = headFixture(lockedFixture({ message: "not allowed" }));
  act(() => api.push("RegistryHeadUpdated", { registryUpdated: locked }));
  expect(screen.getByText("Not reachable")).toBeDefined();
});

test("not known, none and refused have different faces", async () => {
  const unknown = renderLive(<RegistriesSection initial={undefined} />);
  expect(screen.getByText("Loading…")).toBeDefined();
  unknown.api.fail("RegistryList", "Azure refuses to list registries.");
  await act(async () => unknown.api.connect());
  expect(screen.getByText(/Azure refuses to list registries/)).toBeDefined();
  unknown.unmount();
  renderLive(<RegistriesSection initial={[]} />);
  expect(screen.getByText("No registries yet")).toBeDefined();
});

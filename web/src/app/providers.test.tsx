import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { StoreNotice } from "../features/session/store-notice.tsx";
import { StoreStateProvider } from "../graphql/store-state.tsx";
import { NOW, renderLive } from "../testing/render-live.tsx";
import { ActionButton } from "../ui/action-button.tsx";
import { ReadOnlyNow } from "./providers.tsx";

test("while the store is away the page stays, says so, and turns actions off with the reason; it recovers by itself", () => {
  const { api } = renderLive(
    <StoreStateProvider>
      <ReadOnlyNow>
        <StoreNotice />
        <p>Last known</p>
        <ActionButton>Create cluster</ActionButton>
      </ReadOnlyNow>
    </StoreStateProvider>,
  );
  const tell = (isAvailable: boolean): void =>
    act(() =>
      api.push("StoreStateUpdated", { storeStateUpdated: { isAvailable, since: new Date(NOW).toISOString() } }),
    );
  const action = () => screen.getByRole("button", { name: "Create cluster" });
  act(() => api.connect());
  tell(true);
  expect(action().getAttribute("aria-disabled")).toBeNull();
  expect(screen.queryByText("Slipway's own store can't be reached")).toBeNull();

  tell(false);
  expect(screen.getByText("Slipway's own store can't be reached")).toBeDefined();
  expect(screen.getByText("Last known")).toBeDefined();
  expect(action().getAttribute("aria-disabled")).toBe("true");
  expect(action().title).toContain("store can't be reached");

  tell(true);
  expect(screen.queryByText("Slipway's own store can't be reached")).toBeNull();
  expect(action().getAttribute("aria-disabled")).toBeNull();
});

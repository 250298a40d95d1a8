import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { SessionProvider } from "../../graphql/session.tsx";
import { renderLive } from "../../testing/render-live.tsx";
import { HealthLink } from "./health-link.tsx";

test("the way to how Slipway is keeps its place for other roles and leads nowhere", () => {
  renderLive(
    <SessionProvider
      initial={{ viewer: { name: "Ada", roles: ["Slipway.Viewer"] }, azure: { mode: "EMULATOR", speed: 10 } }}
      signIn={undefined}
    >
      <HealthLink />
    </SessionProvider>,
  );
  const way = screen.getByRole("button", { name: "Health" });
  expect(way.getAttribute("aria-disabled")).toBe("true");
  expect(screen.queryByRole("link")).toBeNull();
});

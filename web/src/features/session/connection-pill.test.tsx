import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { OFFLINE_AFTER_MS } from "../../graphql/connection-monitor.ts";
import { formatHourMinute } from "../../lib/format.ts";
import { NOW, renderLive } from "../../testing/render-live.tsx";
import { ConnectionPill } from "./connection-pill.tsx";
import { modeText } from "./mode-pill.tsx";
import { parseTheme } from "./theme.ts";

const pill = () => screen.getAllByRole("status")[0]?.textContent;

test("tells the truth about the connection all along", () => {
  const { api, clock } = renderLive(<ConnectionPill />);
  expect(pill()).toBe("Connecting…");
  act(() => api.connect());
  expect(pill()).toBe("Live");
  act(() => api.disconnect());
  expect(pill()).toBe("Reconnecting…");
  act(() => clock.advance(OFFLINE_AFTER_MS));
  expect(pill()).toBe(`Offline since ${formatHourMinute(NOW)}`);
  act(() => api.connect());
  expect(pill()).toBe("Live");
});

test.each([
  [{ mode: "EMULATOR", speed: 10 }, "Emulated Azure · 10×"],
  [{ mode: "EMULATOR", speed: 1 }, "Emulated Azure"],
  [{ mode: "AZURE", speed: 1 }, "Azure"],
] as const)("mode %o is shown as %s", (azure, text) => expect(modeText(azure)).toBe(text));

test.each([
  ["dark", "dark"],
  ["light", "light"],
  [undefined, "system"],
  ["purple", "system"],
])("a stored theme %s counts as %s", (stored, theme) => expect(parseTheme(stored)).toBe(theme));

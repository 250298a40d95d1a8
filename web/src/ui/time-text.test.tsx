import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { NOW, renderLive } from "../testing/render-live.tsx";
import { TimeAgo } from "./time-text.tsx";

test("a moment ago goes on by the second, what is older by the minute", () => {
  const { clock } = renderLive(<TimeAgo iso={new Date(NOW - 3000).toISOString()} />);
  const shown = () => screen.getByRole("time").textContent;
  expect(shown()).toBe("3 s ago");
  act(() => clock.advance(1000));
  expect(shown()).toBe("4 s ago");
  act(() => clock.advance(55_000));
  expect(shown()).toBe("59 s ago");
  act(() => clock.advance(21_000));
  expect(shown()).toBe("1 min ago");
  act(() => clock.advance(60_000));
  expect(shown()).toBe("2 min ago");
});

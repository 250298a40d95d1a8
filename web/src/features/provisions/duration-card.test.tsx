import { act, fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { DurationCard } from "./duration-card.tsx";
import { durationsFixture, progressFixture, provisionFixture } from "./provision.fixture.ts";

const bars = () => screen.getAllByRole("link", { name: /seconds?|minutes?/ });
const names = () => bars().map((bar) => bar.getAttribute("aria-label"));

test("shows earlier creates with their outcome from the oldest on, and this one marked as the last", () => {
  renderLive(<DurationCard provision={provisionFixture()} progress={progressFixture()} />);
  expect(bars()).toHaveLength(13);
  expect(names()[0]).toBe("shop-12: Succeeded, 6 minutes 48 seconds");
  expect(names()).toContain("shop-3: Failed, 30 seconds");
  expect(names()).toContain("shop-8: Canceled, 3 minutes");
  expect(names().at(-1)).toBe("blast-prod-02, this one: under way, 4 minutes 12 seconds");
  expect(bars().at(-1)?.getAttribute("aria-current")).toBe("page");
  expect(screen.getByText("nine of ten took 6–9 min")).toBeDefined();
});

test("this one grows while it runs, and stands once it has ended", () => {
  const { clock, rerender } = renderLive(<DurationCard provision={provisionFixture()} progress={progressFixture()} />);
  act(() => clock.advance(10_000));
  expect(names().at(-1)).toContain("4 minutes 22 seconds");
  rerender(<></>);
  const ended = progressFixture({ status: "SUCCEEDED", elapsedSeconds: 400 });
  const durations = durationsFixture();
  const own = { provisionId: "p1", clusterName: "blast-prod-02", startedAt: ended.startedAt, tookSeconds: 400 };
  const provisions = [{ ...own, outcome: "SUCCEEDED" as const, isThis: true }, ...durations.provisions];
  renderLive(
    <DurationCard provision={provisionFixture({ durations: { ...durations, provisions } })} progress={ended} />,
  );
  expect(bars()).toHaveLength(13);
  expect(names().at(-1)).toBe("blast-prod-02, this one: Succeeded, 6 minutes 40 seconds");
});

test("is one tab stop in which the arrow keys go from bar to bar and tell the facts of each", () => {
  renderLive(<DurationCard provision={provisionFixture()} progress={progressFixture()} />);
  expect(bars().filter((bar) => bar.tabIndex === 0)).toEqual([bars().at(-1)]);
  act(() => bars().at(-1)?.focus());
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "ArrowLeft" });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("shop-1: Succeeded, 7 minutes 30 seconds");
  expect(screen.getByText("shop-1").parentElement?.textContent).toContain("shop-1 · 7m 30s · Succeeded · 21 Nov 2026");
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "Home" });
  expect(document.activeElement).toBe(bars()[0]);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "ArrowLeft" });
  expect(document.activeElement).toBe(bars()[0]);
});

test("is a table as well, with the newest first", () => {
  renderLive(<DurationCard provision={provisionFixture()} progress={progressFixture()} />);
  fireEvent.click(screen.getByRole("button", { name: "As a table" }));
  const rows = within(screen.getByRole("table")).getAllByRole("row").slice(1);
  expect(rows).toHaveLength(13);
  expect(rows[0]?.textContent).toContain("blast-prod-02 (this one)4m 12sunder way");
  expect(rows[1]?.textContent).toContain("shop-17m 30sSucceeded");
});

test("says that there is nothing to compare with yet, and whose estimate there is", () => {
  const durations = durationsFixture({ basis: "AZURE", samples: 0, lowSeconds: 300, highSeconds: 600, provisions: [] });
  renderLive(<DurationCard provision={provisionFixture({ durations })} progress={progressFixture()} />);
  expect(screen.getByText(/^Nothing to compare with yet\. Azure says 5–10 min;/)).toBeDefined();
  expect(screen.queryByRole("list")).toBeNull();
});

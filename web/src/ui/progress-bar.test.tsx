import { act, fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { renderLive } from "../testing/render-live.tsx";
import { ProgressBar } from "./progress-bar.tsx";

/** A bar that goes to the next of `percents` when `say` is called. */
function Bar({ percents }: { percents: readonly number[] }) {
  const [said, setSaid] = useState(0);
  const percent = percents[said] ?? 0;
  return (
    <>
      <ProgressBar percent={percent} label="Progress" valueText={`${percent} percent`} />
      <button type="button" onClick={() => setSaid(said + 1)}>
        Say
      </button>
    </>
  );
}

const say = () => fireEvent.click(screen.getByRole("button", { name: "Say" }));

/** Where the bar is to be drawn, and in what time. */
function aim(): readonly [string, string] {
  const fill = screen.getByRole("progressbar").firstElementChild as HTMLElement;
  return [fill.style.transform, fill.style.getPropertyValue("--ease-ms")];
}

test("glides to each value for as long as the values are apart: it moves between messages, and never ahead of them", () => {
  const { clock } = renderLive(<Bar percents={[10, 20, 24]} />);
  expect(aim()[0]).toBe("translateX(-90%)");
  act(() => clock.advance(5000));
  say();
  expect(aim()).toEqual(["translateX(-80%)", "5000ms"]);
  act(() => clock.advance(2500));
  say();
  expect(aim()).toEqual(["translateX(-76%)", "2500ms"]);
});

test("waits when nothing new is said, and is soon right again afterwards", () => {
  const { clock } = renderLive(<Bar percents={[10, 50]} />);
  act(() => clock.advance(120_000));
  expect(aim()[0]).toBe("translateX(-90%)");
  say();
  expect(aim()).toEqual(["translateX(-50%)", "6000ms"]);
});

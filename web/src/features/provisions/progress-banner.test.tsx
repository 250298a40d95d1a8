import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { ProgressBanner } from "./progress-banner.tsx";
import { bareProgressFixture, poolFixture, progressFixture } from "./provision.fixture.ts";

test("says the step, Azure's state, the time left and what is usual", () => {
  renderLive(<ProgressBanner progress={progressFixture()} clusterName="blast" />);
  expect(screen.getByText("Step 3/5 · Creating AKS cluster (5–10 min) · 4m 12s")).toBeDefined();
  expect(screen.getByText("AKS state: Creating · ARM 3m 40s")).toBeDefined();
  expect(screen.getByText("About 1–5 min left")).toBeDefined();
  expect(screen.getByText("usually 6–9 min here · last 24 creates")).toBeDefined();
});

test("elapsed and ARM time tick without a message", () => {
  const { clock } = renderLive(<ProgressBanner progress={progressFixture()} clusterName="blast" />);
  act(() => clock.advance(3000));
  expect(screen.getByText("Step 3/5 · Creating AKS cluster (5–10 min) · 4m 15s")).toBeDefined();
  expect(screen.getByText("AKS state: Creating · ARM 3m 43s")).toBeDefined();
});

test("before the first detail it still says phase and elapsed", () => {
  renderLive(
    <ProgressBanner
      progress={bareProgressFixture({ step: 1, label: "Preparing ARM request", elapsedSeconds: 1, percent: 0 })}
      clusterName="blast"
    />,
  );
  expect(screen.getByText("Step 1/5 · Preparing ARM request · 1s")).toBeDefined();
  expect(screen.queryByRole("list", { name: "Node pools" })).toBeNull();
});

test("the bar has a value in words", () => {
  renderLive(<ProgressBanner progress={progressFixture()} clusterName="blast" />);
  const bar = screen.getByRole("progressbar", { name: "Progress of blast" });
  expect(bar.getAttribute("aria-valuenow")).toBe("58");
  expect(bar.getAttribute("aria-valuetext")).toBe("Step 3 of 5, Creating AKS cluster (5–10 min), 58 percent");
});

test.each(["SUCCEEDED", "FAILED", "CANCELED"] as const)(
  "an ended provision (%s) has no bar and no estimate",
  (status) => {
    renderLive(<ProgressBanner progress={progressFixture({ status })} clusterName="blast" />);
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.queryByText(/usually/)).toBeNull();
  },
);

test.each([
  ["SLOW", "Slower than usual"],
  ["STUCK", "Looks stuck"],
] as const)("a %s one says so, and what it means, in words", (pace, words) => {
  const paceHint = "Nothing is known to be wrong, so wait on.";
  renderLive(<ProgressBanner progress={progressFixture({ pace, paceHint })} clusterName="blast" />);
  expect(screen.getByText(words)).toBeDefined();
  expect(screen.getByText(paceHint)).toBeDefined();
});

test("when something last changed and when it was last looked at tick on without a message", () => {
  const { clock } = renderLive(<ProgressBanner progress={progressFixture()} clusterName="blast" />);
  expect(screen.getByText("last change 32 s ago · checked just now")).toBeDefined();
  act(() => clock.advance(5000));
  expect(screen.getByText("last change 37 s ago · checked 5 s ago")).toBeDefined();
});

test("each pool is a chip with its name, Azure's word and its nodes, and a failed one tells its own error", () => {
  const nodePools = [
    poolFixture(),
    poolFixture({ name: "blastpool", count: 10, provisioningState: "Creating", tone: "IN_PROGRESS" }),
    poolFixture({
      name: "gpupool",
      count: 2,
      provisioningState: "Failed",
      tone: "FAILED",
      error: { code: "QuotaExceeded", message: "The quota of 8 vCPUs is used up." },
    }),
  ];
  renderLive(<ProgressBanner progress={progressFixture({ nodePools })} clusterName="blast" />);
  const chips = within(screen.getByRole("list", { name: "Node pools" })).getAllByRole("listitem");
  expect(chips.map((chip) => chip.textContent)).toEqual([
    "systempool· Succeeded · 1n node",
    "blastpool· Creating · 10n nodes",
    "gpupool· Failed · 2n nodes · QuotaExceeded",
  ]);
  expect(chips.map((chip) => /(success|accent|danger)-soft/.exec(chip.innerHTML)?.[1])).toEqual([
    "success",
    "accent",
    "danger",
  ]);
  expect(chips.every((chip) => chip.querySelector("svg") !== null)).toBe(true);
  expect(screen.getByText(/The quota of 8 vCPUs is used up/)).toBeDefined();
});

test("a pool's error is not told twice when the verdict says the same", () => {
  const error = { code: "QuotaExceeded", message: "The quota of 8 vCPUs is used up." };
  const failure = {
    code: "QuotaExceeded",
    category: "QUOTA" as const,
    message: `gpupool: ${error.message}`,
    summary: "A node pool could not be made.",
    fault: "AZURE" as const,
    correlationId: null,
    operationId: null,
    remedies: [],
  };
  const nodePools = [poolFixture({ name: "gpupool", tone: "FAILED", provisioningState: "Failed", error })];
  renderLive(
    <ProgressBanner progress={progressFixture({ status: "FAILED", failure, nodePools })} clusterName="blast" />,
  );
  expect(screen.queryByText(error.message)).toBeNull();
});

test("nothing turns once it has ended, also where a pool was last seen in a state that passes", () => {
  const nodePools = [poolFixture({ provisioningState: "Deleting", tone: "IN_PROGRESS" })];
  const { container } = renderLive(
    <ProgressBanner progress={progressFixture({ status: "FAILED", nodePools })} clusterName="blast" />,
  );
  expect(screen.getByText("Deleting", { exact: false })).toBeDefined();
  expect(container.querySelector(".icon-spin")).toBeNull();
});

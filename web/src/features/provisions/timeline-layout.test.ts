import { describe, expect, test } from "vitest";
import { bareProgressFixture, poolFixture, progressFixture, stepsFixture } from "./provision.fixture.ts";
import { layoutTimeline, ticksOf, type TimelineLayout } from "./timeline-layout.ts";

const NOW = Date.parse("2026-11-22T10:35:18Z");
const START = Date.parse("2026-11-22T10:31:06Z");

/** `label: state duration [look from-to …]`, in seconds from the start. */
function tell({ rows }: TimelineLayout): string[] {
  return rows.map(({ label, state, duration, spans }) => {
    const drawn = spans.map(({ look, fromMs, toMs }) => `${look} ${(fromMs - START) / 1000}-${(toMs - START) / 1000}`);
    return `${label}: ${state} ${duration} [${drawn.join(", ")}]`;
  });
}

const ended = (status: "SUCCEEDED" | "FAILED" | "CANCELED") =>
  progressFixture({
    status,
    elapsedSeconds: 252,
    ...(status === "SUCCEEDED" ? { step: 5, phase: "COMPLETED" as const } : {}),
    steps: stepsFixture().map((step) => {
      if (step.phase === "ARM_CREATE_OR_UPDATE") return { ...step, finishedAt: "2026-11-22T10:35:18Z" };
      if (status !== "SUCCEEDED" || step.startedAt !== null) return step;
      return { ...step, startedAt: "2026-11-22T10:35:18Z", finishedAt: "2026-11-22T10:35:18Z" };
    }),
  });

describe("the rows", () => {
  test("of one under way: what was, what is, and what is to come by what is usual here", () => {
    const nodePools = [
      poolFixture(),
      poolFixture({
        name: "apps",
        provisioningState: "Creating",
        states: [{ state: "Creating", at: "2026-11-22T10:31:18Z" }],
      }),
    ];
    expect(tell(layoutTimeline(progressFixture({ nodePools }), NOW))).toEqual([
      "Preparing ARM request: Done 1s [done 0-1]",
      "Ensuring resource group: Done 6s [done 1-7]",
      "Creating AKS cluster: Under way 4m 5s [running 7-252, expected 252-427]",
      "systempool: Succeeded 3m 28s [done 12-220]",
      "apps: Creating 4m 0s [running 12-252]",
      "Granting role assignments: Waiting ~20s [expected 427-447]",
    ]);
  });

  test("of one past what is usual: the next step is expected from now on", () => {
    const rows = tell(layoutTimeline(progressFixture({ nodePools: [] }), NOW + 600_000));
    expect(rows.slice(2)).toEqual([
      "Creating AKS cluster: Under way 14m 5s [running 7-852]",
      "Granting role assignments: Waiting ~20s [expected 852-872]",
    ]);
  });

  test("of one that failed: where it failed, and what was not reached", () => {
    const nodePools = [
      poolFixture({
        name: "gpu",
        provisioningState: "Failed",
        states: [
          { state: "Creating", at: "2026-11-22T10:31:18Z" },
          { state: "Failed", at: "2026-11-22T10:34:46Z" },
        ],
      }),
    ];
    expect(tell(layoutTimeline({ ...ended("FAILED"), nodePools }, NOW + 86_400_000)).slice(2)).toEqual([
      "Creating AKS cluster: Failed 4m 5s [failed 7-252]",
      "gpu: Failed 3m 28s [failed 12-220]",
      "Granting role assignments: Not reached  []",
    ]);
  });

  test("of one that was canceled, and of one that succeeded", () => {
    const rowsOf = (status: "CANCELED" | "SUCCEEDED") => tell(layoutTimeline({ ...ended(status), nodePools: [] }, NOW));
    expect(rowsOf("CANCELED")[2]).toBe("Creating AKS cluster: Canceled 4m 5s [stopped 7-252]");
    expect(rowsOf("SUCCEEDED").at(-1)).toBe("Granting role assignments: Done 0s [done 252-252]");
  });

  test("of one that nothing is known of: the words alone", () => {
    expect(tell(layoutTimeline(bareProgressFixture({ step: 1 }), NOW))).toEqual([
      "Preparing ARM request: Waiting  []",
      "Ensuring resource group: Waiting  []",
      "Creating AKS cluster: Waiting  []",
      "Granting role assignments: Waiting  []",
    ]);
  });

  test("a pool that was canceled has done nothing to its end", () => {
    const states = ["Creating", "Canceling", "Canceled"].map((state, index) => ({
      state,
      at: new Date(START + index * 60_000).toISOString(),
    }));
    const pool = poolFixture({ states, provisioningState: "Canceled" });
    expect(tell(layoutTimeline({ ...ended("CANCELED"), nodePools: [pool] }, NOW))).toContain(
      "systempool: Canceled 2m 0s [stopped 0-60, stopped 60-120]",
    );
  });

  test("a pool whose cluster was deleted before it was ready has done nothing to its end", () => {
    const states = [
      { state: "Creating", at: new Date(START).toISOString() },
      { state: "Deleting", at: new Date(START + 60_000).toISOString() },
    ];
    const pool = poolFixture({ states, provisioningState: "Deleting", tone: "IN_PROGRESS" });
    expect(tell(layoutTimeline({ ...ended("FAILED"), nodePools: [pool] }, NOW))).toContain(
      "systempool: Deleting 4m 12s [stopped 0-60, stopped 60-252]",
    );
  });

  test("a pool that went wrong and came right shows both", () => {
    const states = ["Creating", "Failed", "Updating", "Succeeded"].map((state, index) => ({
      state,
      at: new Date(START + index * 60_000).toISOString(),
    }));
    const progress = { ...ended("SUCCEEDED"), nodePools: [poolFixture({ states })] };
    expect(tell(layoutTimeline(progress, NOW))).toContain("systempool: Succeeded 2m 0s [failed 0-60, done 120-180]");
  });
});

test("the axis holds every span, and begins with the request", () => {
  for (const progress of [progressFixture(), bareProgressFixture(), ended("SUCCEEDED"), ended("FAILED")]) {
    const { startMs, endMs, rows } = layoutTimeline(progress, NOW);
    expect(startMs).toBe(START);
    expect(endMs).toBeGreaterThan(startMs);
    for (const span of rows.flatMap(({ spans }) => spans)) {
      expect(span.fromMs).toBeGreaterThanOrEqual(startMs);
      expect(span.toMs).toBeLessThanOrEqual(endMs);
    }
  }
});

test.each([
  [4, [1, 2, 3]],
  [47, [10, 20, 30, 40]],
  [447, [120, 240, 360]],
  [1800, [300, 600, 900, 1200, 1500]],
  [6 * 3600, [3600, 7200, 10800, 14400, 18000]],
])("an axis of %d s has few, round ticks", (seconds, ticks) => {
  expect(ticksOf(seconds)).toEqual(ticks);
});

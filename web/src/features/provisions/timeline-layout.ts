import { formatDuration } from "../../lib/format.ts";
import type { PoolProgress, Progress } from "./provision-documents.ts";
import { describeSteps, type Step } from "./provision-phases.ts";
import { isTerminal } from "./provision-state.ts";

/** `expected` is what is still to come, by what is usual here. */
export type SpanLook = "done" | "running" | "failed" | "stopped" | "expected";

export interface Span {
  look: SpanLook;
  fromMs: number;
  toMs: number;
}

export interface TimelineRow {
  key: string;
  label: string;
  kind: "step" | "pool";
  look: SpanLook;
  /** The state in words. */
  state: string;
  /** `3m 40s`, `~20s` for what is to come; empty when nothing can be said. */
  duration: string;
  spans: readonly Span[];
}

export interface TimelineLayout {
  startMs: number;
  /** Of the axis: the end, or as far as is expected. */
  endMs: number;
  rows: readonly TimelineRow[];
}

/** Steps and pools of a provision on one axis of time. The pools stand below the step that makes them. */
export function layoutTimeline(progress: Progress, nowMs: number): TimelineLayout {
  const startMs = Date.parse(progress.startedAt);
  const isEnded = isTerminal(progress.status);
  const untilMs = isEnded ? startMs + progress.elapsedSeconds * 1000 : Math.max(nowMs, startMs);
  let expectedMs = untilMs;
  const rows = describeSteps(progress)
    .filter((step) => step.phase !== "COMPLETED")
    .flatMap((step) => {
      const row = stepRow(step, progress, { untilMs, expectedMs });
      expectedMs = Math.max(expectedMs, row.spans.at(-1)?.toMs ?? 0);
      const pools = step.phase === "ARM_CREATE_OR_UPDATE" ? progress.nodePools : [];
      return [row, ...pools.map((pool) => poolRow(pool, isEnded, untilMs))];
    });
  const lastMs = Math.max(...rows.flatMap((row) => row.spans.map((span) => span.toMs)), untilMs, startMs + 1000);
  return { startMs, endMs: lastMs, rows };
}

function stepRow(step: Step, progress: Progress, now: { untilMs: number; expectedMs: number }): TimelineRow {
  const row = { key: step.phase, label: step.label, kind: "step" as const };
  const usualMs = (step.usualSeconds ?? 0) * 1000;
  const about = usualMs > 0 ? `~${formatDuration(usualMs / 1000)}` : "";
  if (step.startedMs === undefined) {
    if (step.state === "done") return { ...row, look: "done", state: "Done", duration: "", spans: [] };
    if (isTerminal(progress.status)) return { ...row, look: "stopped", state: "Not reached", duration: "", spans: [] };
    const expected: Span = { look: "expected", fromMs: now.expectedMs, toMs: now.expectedMs + usualMs };
    return { ...row, look: "expected", state: "Waiting", duration: about, spans: usualMs > 0 ? [expected] : [] };
  }
  const endMs = step.finishedMs ?? Math.max(now.untilMs, step.startedMs);
  const look = STEP_LOOKS[step.state];
  const span: Span = { look, fromMs: step.startedMs, toMs: endMs };
  const expectedEndMs = step.startedMs + usualMs;
  const rest: Span[] =
    look === "running" && expectedEndMs > endMs ? [{ look: "expected", fromMs: endMs, toMs: expectedEndMs }] : [];
  const state = { done: "Done", running: "Under way", failed: "Failed", stopped: "Canceled", expected: "Waiting" }[
    look
  ];
  return { ...row, look, state, duration: formatDuration((endMs - step.startedMs) / 1000), spans: [span, ...rest] };
}

const STEP_LOOKS: Record<Step["state"], SpanLook> = {
  done: "done",
  current: "running",
  failed: "failed",
  canceled: "stopped",
  waiting: "done",
};

const POOL_LOOKS: Record<string, SpanLook | undefined> = {
  Succeeded: "done",
  Failed: "failed",
  Canceled: "stopped",
};

/** A pool's work is a span; the state that it came to colours it and takes no room of its own. */
function poolRow(pool: PoolProgress, isEnded: boolean, untilMs: number): TimelineRow {
  const states = pool.states.map(({ state, at }) => ({ state, atMs: Date.parse(at) }));
  // Work that went over into other work, such as Creating into Canceling, came to what the pool came to.
  const end = POOL_LOOKS[pool.provisioningState] ?? (isEnded ? "stopped" : "done");
  const spans = states.flatMap(({ state, atMs }, index): Span[] => {
    if (POOL_LOOKS[state]) return [];
    const next = states[index + 1];
    const open: SpanLook = isEnded ? "stopped" : "running";
    const look = next ? (POOL_LOOKS[next.state] ?? end) : open;
    return [{ look, fromMs: atMs, toMs: Math.max(atMs, next?.atMs ?? untilMs) }];
  });
  const workedMs = spans.reduce((sum, span) => sum + span.toMs - span.fromMs, 0);
  return {
    key: `pool ${pool.name}`,
    label: pool.name,
    kind: "pool",
    look: POOL_LOOKS[pool.provisioningState] ?? (isEnded ? "stopped" : "running"),
    state: pool.provisioningState,
    duration: spans.length > 0 ? formatDuration(workedMs / 1000) : "",
    spans,
  };
}

const TICKS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const MOST_TICKS = 5;

/** Round times on an axis of this length, in seconds from its start; zero is not among them. */
export function ticksOf(seconds: number): readonly number[] {
  const every = TICKS_SECONDS.find((one) => seconds / one <= MOST_TICKS + 1) ?? 7200;
  const ticks = Array.from({ length: MOST_TICKS + 1 }, (_one, index) => (index + 1) * every);
  // One at the very end would stick out.
  return ticks.filter((tick) => tick < seconds * 0.97);
}

"use client";

import { formatDuration } from "../../lib/format.ts";
import { useServerNow } from "../../lib/time.tsx";
import { Card } from "../../ui/card.tsx";
import type { Progress } from "./provision-documents.ts";
import type { Step } from "./provision-phases.ts";
import { isTerminal } from "./provision-state.ts";

const FILLS: Record<Step["state"], string> = {
  done: "bg-success",
  current: "bg-accent",
  failed: "bg-danger",
  waiting: "",
};

/** How long each step has taken, drawn to one scale. Nothing while no step's start is known. */
export function StepTimes({ steps, progress }: { steps: readonly Step[]; progress: Progress }) {
  const isRunning = !isTerminal(progress.status);
  const nowMs = useServerNow(1000, isRunning);
  const beganMs = Date.parse(progress.startedAt);
  const endMs = isRunning ? Math.max(nowMs, beganMs + 1000) : beganMs + Math.max(1, progress.elapsedSeconds) * 1000;
  const timed = steps.filter((step) => step.startedAt !== undefined && step.label !== "Cluster ready");
  if (timed.length === 0) return null;
  return (
    <Card title="Time per step">
      <ul className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-2 text-[12.5px]">
        {timed.map((step) => {
          const startMs = Date.parse(step.startedAt ?? progress.startedAt);
          const seconds = step.seconds ?? Math.max(0, (endMs - startMs) / 1000);
          const left = share(startMs - beganMs, endMs - beganMs);
          const width = share(seconds * 1000, endMs - beganMs);
          return (
            <li key={step.label} className="contents">
              <span>{step.label}</span>
              <span aria-hidden="true" className="relative h-3 overflow-hidden rounded-[4px] bg-neutral-soft">
                <span
                  className={`step-bar absolute h-full min-w-1 rounded-[4px] ${FILLS[step.state]}`}
                  style={{ left: `${left}%`, width: `${Math.min(width, 100 - left)}%` }}
                />
              </span>
              <span className="text-right text-text-3 tabular-nums">{formatDuration(seconds)}</span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function share(partMs: number, wholeMs: number): number {
  return Math.min(99, Math.max(0, (partMs / wholeMs) * 100));
}

"use client";

import { useLayoutEffect, useRef } from "react";
import { useTime } from "../lib/time.tsx";
import { classNames } from "./class-names.ts";

const SHORTEST_EASE_MS = 400;
const LONGEST_EASE_MS = 6000;

interface ProgressBarProps {
  /** 0–100. */
  percent: number;
  /** What a screen reader says instead of the bare number. */
  valueText: string;
  label: string;
  tone?: "accent" | "warning";
  thin?: boolean;
}

/** A bar that glides to each new value for about as long as the values are apart, so that it moves all the time and never ahead of the facts. */
export function ProgressBar({ percent, valueText, label, tone = "accent", thin = false }: ProgressBarProps) {
  const { clock } = useTime();
  const fill = useRef<HTMLDivElement>(null);
  const lastChangeMs = useRef<number>(undefined);
  useLayoutEffect(() => {
    const nowMs = clock.now();
    const apartMs = lastChangeMs.current === undefined ? 0 : nowMs - lastChangeMs.current;
    lastChangeMs.current = nowMs;
    fill.current?.style.setProperty("--ease-ms", `${Math.min(LONGEST_EASE_MS, Math.max(SHORTEST_EASE_MS, apartMs))}ms`);
  }, [clock, percent]);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      aria-valuetext={valueText}
      className={classNames("progress-track overflow-hidden rounded-full bg-neutral-soft", thin ? "h-1" : "h-1.5")}
    >
      <div
        ref={fill}
        className={classNames("progress-fill h-full rounded-full", tone === "warning" ? "bg-warning" : "bg-accent")}
        style={{ transform: `translateX(${Math.min(100, Math.max(0, percent)) - 100}%)` }}
      />
    </div>
  );
}

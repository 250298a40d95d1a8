"use client";

import type { ReactNode } from "react";
import { useServerNow } from "../../lib/time.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { Freshness } from "./freshness.tsx";
import { PoolChips, PoolErrors } from "./pool-chips.tsx";
import type { Progress } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";
import { headline, outlook, spokenProgress, subMessage, usualDuration } from "./provision-words.ts";

interface ProgressBannerProps {
  progress: Progress;
  /** Names the bar for screen readers. */
  clusterName: string;
  /** Above the headline: the cluster's name where the page doesn't say it. */
  above?: ReactNode;
  /** Below the chips: the step list on the provision's own page. */
  below?: ReactNode;
}

const OUTLOOK_TONES = { plain: "", warning: "text-warning", danger: "text-danger" };

/** Where a provision is, how long it has taken and what to expect. It says what it knows: every detail may be missing. */
export function ProgressBanner({ progress, clusterName, above, below }: ProgressBannerProps) {
  const isRunning = !isTerminal(progress.status);
  const nowMs = useServerNow(1000, isRunning);
  const expectation = outlook(progress, nowMs);
  const usual = isRunning ? usualDuration(progress) : undefined;
  const message = subMessage(progress, nowMs);
  const isLate = progress.pace === "SLOW" || progress.pace === "STUCK";
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          {above}
          <p className="text-base leading-snug font-semibold tabular-nums">{headline(progress, nowMs)}</p>
          {message && <p className="mt-0.5 text-text-2 tabular-nums">{message}</p>}
        </div>
        {(expectation ?? usual) && (
          <div className="sm:text-right">
            {expectation && <p className={`font-semibold ${OUTLOOK_TONES[expectation.tone]}`}>{expectation.text}</p>}
            {usual && <p className="text-[12.5px] text-text-3">{usual}</p>}
          </div>
        )}
      </div>
      {isRunning && (
        <ProgressBar
          label={`Progress of ${clusterName}`}
          percent={progress.percent}
          valueText={spokenProgress(progress)}
          tone={isLate ? "warning" : "accent"}
        />
      )}
      {isRunning && (
        <div className="flex flex-wrap justify-between gap-x-6 gap-y-1 text-[12.5px] text-text-3">
          {progress.paceHint && <p className="max-w-[70ch] text-text-2">{progress.paceHint}</p>}
          <Freshness progress={progress} />
        </div>
      )}
      <PoolChips pools={progress.nodePools} isEnded={!isRunning} />
      <PoolErrors pools={progress.nodePools} saidAlready={progress.failure?.message ?? ""} />
      {below}
    </div>
  );
}

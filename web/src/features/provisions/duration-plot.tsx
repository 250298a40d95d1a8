"use client";

import { type KeyboardEvent, type ReactNode, useState } from "react";
import { formatDuration, formatRange, spellDuration } from "../../lib/format.ts";
import { routes } from "../../lib/routes.ts";
import { classNames } from "../../ui/class-names.ts";
import { InternalLink } from "../../ui/internal-link.tsx";
import { DateTime } from "../../ui/time-text.tsx";
import { type DurationBar, OUTCOME_WORDS, topOf } from "./duration-bars.ts";
import type { DurationComparison } from "./provision-documents.ts";

const BARS: Record<DurationBar["outcome"], string> = {
  PENDING: "bar-running",
  RUNNING: "bar-running",
  CANCELING: "bar-running",
  SUCCEEDED: "bar-succeeded",
  FAILED: "bar-failed",
  CANCELED: "bar-canceled",
};

/** Bars from the oldest to the newest, with what is usual behind them. One tab stop; arrow keys go from bar to bar. */
export function DurationPlot({ bars, durations }: { bars: readonly DurationBar[]; durations: DurationComparison }) {
  const [pointedId, setPointedId] = useState<string>();
  const own = bars.find((bar) => bar.isThis);
  const told = bars.find((bar) => bar.provisionId === pointedId) ?? own;
  const top = topOf(bars, durations);
  const height = (seconds: number): string => `${Math.min(100, (seconds / top) * 100)}%`;
  return (
    <>
      {told && <BarFacts bar={told} />}
      <div className="relative mt-2 h-32">
        <UsualBand durations={durations} height={height} />
        <ol
          aria-label="How long creates took, the oldest first"
          className="relative flex h-full items-end gap-1 border-b border-line-strong sm:gap-1.5"
        >
          {bars.map((bar) => (
            <li key={bar.provisionId} className="flex h-full max-w-9 min-w-0 flex-1 items-end">
              <InternalLink
                href={routes.provision(bar.provisionId)}
                aria-label={spokenBar(bar)}
                aria-current={bar.isThis ? "page" : undefined}
                tabIndex={bar.provisionId === told?.provisionId ? 0 : -1}
                onKeyDown={moveFocus}
                onFocus={() => setPointedId(bar.provisionId)}
                onMouseEnter={() => setPointedId(bar.provisionId)}
                onMouseLeave={() => setPointedId(undefined)}
                className="duration-hit relative flex h-full w-full items-end rounded-[3px]"
              >
                <span
                  className={classNames(
                    "duration-bar block w-full rounded-t-[3px]",
                    BARS[bar.outcome],
                    bar.isThis && "bar-this",
                    bar === told && "bar-told",
                    bar.seconds > top && "bar-cut",
                  )}
                  style={{ height: height(bar.seconds) }}
                />
              </InternalLink>
            </li>
          ))}
        </ol>
      </div>
      <Legend bars={bars} durations={durations} />
    </>
  );
}

function BarFacts({ bar }: { bar: DurationBar }) {
  return (
    <p className="text-[13px] tabular-nums" aria-hidden="true">
      <b className="font-semibold">{bar.isThis ? "This one" : bar.clusterName}</b> · {formatDuration(bar.seconds)} ·{" "}
      {OUTCOME_WORDS[bar.outcome]} · <DateTime iso={bar.startedAt} />
    </p>
  );
}

function UsualBand({ durations, height }: { durations: DurationComparison; height: (seconds: number) => string }) {
  const { lowSeconds, highSeconds, slowSeconds, samples } = durations;
  return (
    <div aria-hidden="true" className="absolute inset-0">
      <div
        className="usual-band absolute inset-x-0"
        style={{ bottom: height(lowSeconds), height: `calc(${height(highSeconds)} - ${height(lowSeconds)})` }}
      />
      {samples > 0 && <div className="slow-line absolute inset-x-0" style={{ bottom: height(slowSeconds) }} />}
    </div>
  );
}

function Legend({ bars, durations }: { bars: readonly DurationBar[]; durations: DurationComparison }) {
  const outcomes = [...new Set(bars.filter((bar) => !bar.isThis).map((bar) => bar.outcome))];
  const { lowSeconds, highSeconds, slowSeconds, samples } = durations;
  return (
    <ul className="mt-2.5 flex flex-wrap gap-x-4 gap-y-1 text-[12px] text-text-2">
      <LegendEntry swatch="bar-this size-3">this one</LegendEntry>
      {outcomes.map((outcome) => (
        <LegendEntry key={outcome} swatch={`size-3 ${BARS[outcome]}`}>
          {OUTCOME_WORDS[outcome]}
        </LegendEntry>
      ))}
      <LegendEntry swatch="usual-band h-3 w-4">
        {samples > 0 ? "nine of ten took" : "Azure says"} {formatRange(lowSeconds, highSeconds)}
      </LegendEntry>
      {samples > 0 && (
        <LegendEntry swatch="slow-line w-4">slow from {formatRange(slowSeconds, slowSeconds)} on</LegendEntry>
      )}
    </ul>
  );
}

function LegendEntry({ swatch, children }: { swatch: string; children: ReactNode }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={`duration-swatch inline-block rounded-[2px] ${swatch}`} />
      <span>{children}</span>
    </li>
  );
}

function spokenBar(bar: DurationBar): string {
  const name = bar.isThis ? `${bar.clusterName}, this one` : bar.clusterName;
  return `${name}: ${OUTCOME_WORDS[bar.outcome]}, ${spellDuration(bar.seconds)}`;
}

const STEPS: Record<string, (index: number, count: number) => number> = {
  ArrowLeft: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

function moveFocus(event: KeyboardEvent<HTMLAnchorElement>): void {
  const step = STEPS[event.key];
  if (!step) return;
  const links = [...(event.currentTarget.closest("ol")?.querySelectorAll("a") ?? [])];
  const next = links[step(links.indexOf(event.currentTarget), links.length)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

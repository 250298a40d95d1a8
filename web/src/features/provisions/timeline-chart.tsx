"use client";

import { useState } from "react";
import { formatDuration, formatTimeOfDay } from "../../lib/format.ts";
import { useHydrated, useServerNow } from "../../lib/time.tsx";
import { Card } from "../../ui/card.tsx";
import { type ChipIcon, StateIcon } from "../../ui/chip.tsx";
import { classNames } from "../../ui/class-names.ts";
import { TimeOfDay } from "../../ui/time-text.tsx";
import { ToggleButton } from "../../ui/toggle-button.tsx";
import type { Progress } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";
import { layoutTimeline, type SpanLook, ticksOf, type TimelineLayout, type TimelineRow } from "./timeline-layout.ts";

const ICONS: Record<SpanLook, { icon: ChipIcon; className: string }> = {
  done: { icon: "check", className: "text-success" },
  running: { icon: "spinner", className: "text-accent" },
  failed: { icon: "cross", className: "text-danger" },
  stopped: { icon: "ban", className: "text-text-3" },
  expected: { icon: "dashed", className: "text-text-3" },
};

/**
 * Steps and node pools on one axis of time. It is a table for those who hear it: each row says its state, its times and how long it took in
 * words, the bars only draw them.
 */
export function TimelineChart({ progress }: { progress: Progress }) {
  const isRunning = !isTerminal(progress.status);
  const nowMs = useServerNow(1000, isRunning);
  const [showsTimes, setShowsTimes] = useState(false);
  const layout = layoutTimeline(progress, nowMs);
  return (
    <Card
      title="Timeline"
      aside={
        <span className="flex flex-wrap items-center gap-3">
          <span>
            <TimeOfDay iso={progress.startedAt} /> –{" "}
            {isRunning ? (
              "now"
            ) : (
              <TimeOfDay iso={new Date(layout.startMs + progress.elapsedSeconds * 1000).toISOString()} />
            )}
          </span>
          <ToggleButton isOn={showsTimes} onChange={setShowsTimes}>
            Times
          </ToggleButton>
        </span>
      }
    >
      <table role="table" className="timeline text-[12.5px]">
        <caption className="sr-only">When each step and node pool was under way</caption>
        <thead role="rowgroup" className="sr-only">
          <tr role="row">
            {["Step or pool", "When", "State"].map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {layout.rows.map((row) => (
            <Row key={row.key} row={row} layout={layout} showsTimes={showsTimes} />
          ))}
        </tbody>
      </table>
      <Axis layout={layout} />
    </Card>
  );
}

interface RowProps {
  row: TimelineRow;
  layout: TimelineLayout;
  /** Shows the times that are otherwise for screen readers and the pointer. */
  showsTimes: boolean;
}

function Row({ row, layout, showsTimes }: RowProps) {
  const { icon, className } = ICONS[row.look];
  return (
    <tr role="row">
      <th
        role="rowheader"
        scope="row"
        className={classNames("timeline-name text-left font-normal", row.kind === "pool" && "pl-4 text-text-2")}
      >
        {row.label}
      </th>
      <td role="cell" className="timeline-track">
        <Spans row={row} layout={layout} showsTimes={showsTimes} />
      </td>
      <td role="cell" className="timeline-state tabular-nums">
        <span className="inline-flex items-center gap-1.5">
          <span className={className}>
            <StateIcon icon={icon} size={13} />
          </span>
          <span className={className}>{row.state}</span>
          {row.duration && <span className="text-text-3">· {row.duration}</span>}
        </span>
      </td>
    </tr>
  );
}

function Spans({ row, layout, showsTimes }: RowProps) {
  const zone = useHydrated() ? undefined : "UTC";
  const length = layout.endMs - layout.startMs;
  const share = (ms: number): number => Math.min(100, Math.max(0, (ms / length) * 100));
  const actual = row.spans.filter((span) => span.look !== "expected");
  const [first, last] = [actual[0], actual.at(-1)];
  const when =
    first && last
      ? `${formatTimeOfDay(first.fromMs, zone)} – ${row.look === "running" ? "now" : formatTimeOfDay(last.toMs, zone)}`
      : "";
  return (
    <>
      <span className={showsTimes ? "text-text-3 tabular-nums" : "sr-only"} suppressHydrationWarning>
        {when}
      </span>
      <span
        aria-hidden="true"
        title={when ? `${row.label}: ${row.state}, ${when}` : `${row.label}: ${row.state}`}
        className="relative block h-3.5 overflow-hidden rounded-[4px] bg-surface-2"
        suppressHydrationWarning
      >
        {row.spans.map((span) => {
          const left = share(span.fromMs - layout.startMs);
          return (
            <span
              key={`${span.look} ${span.fromMs}`}
              className={`timeline-span span-${span.look}`}
              style={{
                left: `min(${left}%, 100% - 4px)`,
                width: `${Math.min(100 - left, share(span.toMs - span.fromMs))}%`,
              }}
            />
          );
        })}
      </span>
    </>
  );
}

function Axis({ layout }: { layout: TimelineLayout }) {
  const seconds = (layout.endMs - layout.startMs) / 1000;
  return (
    <div aria-hidden="true" className="timeline-axis text-[11.5px] text-text-3 tabular-nums">
      <div className="relative h-5 border-t border-line">
        {ticksOf(seconds).map((tick) => (
          <span
            key={tick}
            className="absolute top-0 -translate-x-1/2 pt-0.5"
            style={{ left: `${(tick / seconds) * 100}%` }}
          >
            {formatDuration(tick).replace(/ 0s$/, "")}
          </span>
        ))}
      </div>
    </div>
  );
}

"use client";

import { useState } from "react";
import { formatDuration, formatRange } from "../../lib/format.ts";
import { routes } from "../../lib/routes.ts";
import { useServerNow } from "../../lib/time.tsx";
import { Card } from "../../ui/card.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { DateTime } from "../../ui/time-text.tsx";
import { ToggleButton } from "../../ui/toggle-button.tsx";
import { barsOf, describeBars, type DurationBar, OUTCOME_WORDS } from "./duration-bars.ts";
import { DurationPlot } from "./duration-plot.tsx";
import type { Progress, ProvisionDetail } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";

/** How long this provision takes beside earlier ones like it, as bars or as a table. */
export function DurationCard({ provision, progress }: { provision: ProvisionDetail; progress: Progress }) {
  const nowMs = useServerNow(1000, !isTerminal(progress.status));
  const [isTable, setIsTable] = useState(false);
  const { durations } = provision;
  const bars = barsOf(provision, progress, nowMs);
  return (
    <Card
      title="How long it takes here"
      flush={isTable}
      aside={
        bars.length > 1 && (
          <span className="flex flex-wrap items-center gap-3">
            {describeBars(durations)}
            <ToggleButton isOn={isTable} onChange={setIsTable}>
              As a table
            </ToggleButton>
          </span>
        )
      }
    >
      {bars.length < 2 && (
        <p className="text-text-2">
          Nothing to compare with yet. Azure says {formatRange(durations.lowSeconds, durations.highSeconds)}; once five
          creates have succeeded, this tells how long they take here.
        </p>
      )}
      {bars.length > 1 && isTable && <DurationTable bars={bars} />}
      {bars.length > 1 && !isTable && <DurationPlot bars={bars} durations={durations} />}
    </Card>
  );
}

function DurationTable({ bars }: { bars: readonly DurationBar[] }) {
  return (
    <DataTable
      caption="How long creates took, the newest first"
      rows={bars.toReversed()}
      rowKey={(bar) => bar.provisionId}
      columns={[
        {
          label: "Cluster",
          isTitle: true,
          cell: (bar) =>
            bar.isThis ? (
              `${bar.clusterName} (this one)`
            ) : (
              <InternalLink href={routes.provision(bar.provisionId)} className="link">
                {bar.clusterName}
              </InternalLink>
            ),
        },
        { label: "Took", cell: (bar) => <span className="tabular-nums">{formatDuration(bar.seconds)}</span> },
        { label: "Outcome", cell: (bar) => OUTCOME_WORDS[bar.outcome] },
        { label: "Started", cell: (bar) => <DateTime iso={bar.startedAt} /> },
      ]}
    />
  );
}

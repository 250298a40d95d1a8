"use client";

import { formatDuration, spellDuration } from "../../../lib/format.ts";
import { routes } from "../../../lib/routes.ts";
import { type Column, DataTable } from "../../../ui/data-table.tsx";
import { InternalLink } from "../../../ui/internal-link.tsx";
import { LongText } from "../../../ui/long-text.tsx";
import { ListTime } from "../../../ui/time-text.tsx";
import { BuildChip } from "../builds/build-chip.tsx";
import type { Build } from "../builds/build-documents.ts";
import { imageName, reasonOf, starterText } from "../builds/build-words.ts";
import type { HistoryList } from "./history-list.ts";

/** As much as three lines of the column hold. */
const LONG_CHARACTERS = 120;

const COLUMNS: readonly Column<Build>[] = [
  {
    label: "Build",
    isTitle: true,
    width: "26%",
    cell: (build) => (
      <>
        <InternalLink href={routes.build(build.id)} className="link [overflow-wrap:anywhere]">
          {imageName(build)}
        </InternalLink>
        <span className="block font-mono text-[12px] font-normal text-text-3">
          {build.runId ?? "run not named yet"}
        </span>
      </>
    ),
  },
  {
    label: "State",
    cell: (build) => <State build={build} />,
  },
  { label: "Queued", cell: (build) => <ListTime iso={build.queuedAt ?? build.createdAt} /> },
  { label: "Started", cell: (build) => build.startedAt && <ListTime iso={build.startedAt} /> },
  { label: "Finished", cell: (build) => build.finishedAt && <ListTime iso={build.finishedAt} /> },
  { label: "Took", cell: (build) => <Took build={build} /> },
  {
    label: "Started by",
    cell: (build) => <span className="text-text-2 sm:whitespace-nowrap">{starterText(build)}</span>,
  },
];

/** The builds that have been loaded. */
export function HistoryTable({ list }: { list: HistoryList }) {
  return (
    <DataTable
      caption="Builds, newest first"
      columns={COLUMNS}
      rows={list.builds}
      rowKey={(build) => build.id}
      rowClassName={(build) => (list.late.has(build.id) ? "slide-in" : undefined)}
    />
  );
}

function State({ build }: { build: Build }) {
  const reason = reasonOf(build);
  return (
    <span className="grid justify-items-start gap-1">
      <BuildChip build={build} />
      {reason && (
        <span className="text-[12.5px] text-text-2">
          <LongText text={reason} longCharacters={LONG_CHARACTERS} />
        </span>
      )}
    </span>
  );
}

/** The time from its start to its end: its wait in the queue is seen from the times before. */
function Took({ build: { startedAt, finishedAt } }: { build: Build }) {
  if (!startedAt || !finishedAt) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return (
    <>
      <span aria-hidden="true" className="whitespace-nowrap tabular-nums">
        {formatDuration(seconds)}
      </span>
      <span className="sr-only">{spellDuration(seconds)}</span>
    </>
  );
}

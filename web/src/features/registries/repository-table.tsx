"use client";

import { useCallback, useRef, useState } from "react";
import { isConnectionCut } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { useRowWindow } from "../../lib/use-row-window.ts";
import { useWidth } from "../../lib/use-width.ts";
import { RowSpacer } from "../../ui/row-spacer.tsx";
import type { CancelBuild } from "./builds/use-cancel-build.ts";
import type { Registry, Repository } from "./registry-documents.ts";
import type { RepositoryList } from "./repository-list.ts";
import { RepositoryRow } from "./repository-row.tsx";

const COLUMNS = [
  { label: "Image", width: "21%" },
  { label: "State", width: "22%" },
  { label: "Newest tag", width: "19%" },
  { label: "Last build", width: "20%" },
  { label: "Actions", width: "18%" },
];

/** Rows become cards below this width of the table, which a page of 900 pixels leaves; they are then this much higher. */
const CARDS_BELOW_PX = 852;
const ROW_PX = 68.5;
const CARD_PX = 201.5;

interface RepositoryTableProps {
  registry: Registry;
  rows: readonly Repository[];
  list: RepositoryList;
  cancel: CancelBuild;
  /** As of when the images are shown, while the registry tells nothing new. */
  lastKnownAt: string | null;
}

/** The repositories, of which only those in view are rendered. */
export function RepositoryTable({ registry, rows, list, cancel, lastKnownAt }: RepositoryTableProps) {
  const { status } = useConnection();
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const table = useRef<HTMLTableElement>(null);
  const width = useWidth(table);
  const estimatePx = width > 0 && width <= CARDS_BELOW_PX ? CARD_PX : ROW_PX;
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const estimate = useCallback(() => estimatePx, [estimatePx]);
  const { start, end, before, after } = useRowWindow({
    count: rows.length,
    keyOf,
    estimate,
    layoutKey: String(width),
    list: table,
  });

  const toggle = useCallback((id: string) => {
    setExpanded((open) => {
      const next = new Set(open);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const isCut = isConnectionCut(status);
  return (
    <table ref={table} role="table" aria-rowcount={rows.length + 1} className="data-table live-table">
      <caption className="sr-only">Repositories of {registry.name}</caption>
      <colgroup>
        {COLUMNS.map((column) => (
          <col key={column.label} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <th key={column.label} role="columnheader" scope="col">
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <RowSpacer height={before} columnCount={COLUMNS.length} />
      {rows.slice(start, end).map((repository, offset) => (
        <RepositoryRow
          key={repository.id}
          index={start + offset}
          registryId={registry.id}
          repository={repository}
          isLate={list.late.has(repository.id)}
          isExpanded={expanded.has(repository.id)}
          onToggle={toggle}
          cancel={cancel}
          isCut={isCut}
          lastKnownAt={lastKnownAt}
        />
      ))}
      <RowSpacer height={after} columnCount={COLUMNS.length} />
    </table>
  );
}

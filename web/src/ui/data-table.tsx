import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Sort } from "../lib/sort.ts";

export interface Column<Row> {
  /** Heading, and the label of the value where rows are shown as cards. */
  label: string;
  cell(row: Row): ReactNode;
  /** The column that names the row. */
  isTitle?: boolean;
  /** Of the table's, such as `28%`, where what stands in it would give it too little. */
  width?: string;
  /** Its name in a {@link Sort}; without one the table can't be sorted by it. */
  sortKey?: string;
}

interface DataTableProps<Row> {
  caption: string;
  /** Kept the same between renders, a change of one row renders that row alone. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  rowClassName?(row: Row): string | undefined;
  /** How the rows are sorted. The table only shows it and asks for another order. */
  sort?: Sort;
  onSort?(sort: Sort): void;
}

/** A table on wide screens and a list of cards on narrow ones. The explicit roles keep it a table for assistive technology in both. */
export function DataTable<Row>({ caption, columns, rows, rowKey, rowClassName, sort, onSort }: DataTableProps<Row>) {
  return (
    <table role="table" className="data-table">
      <caption className="sr-only">{caption}</caption>
      <colgroup>
        {columns.map(({ label, width }) => (
          <col key={label} style={{ width }} />
        ))}
      </colgroup>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <Heading key={column.label} label={column.label} sortKey={column.sortKey} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <BodyRow
            key={rowKey(row)}
            row={row}
            columns={columns as readonly Column<unknown>[]}
            className={rowClassName?.(row)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface BodyRowProps {
  row: unknown;
  columns: readonly Column<unknown>[];
  className: string | undefined;
}

const BodyRow = memo(function BodyRow({ row, columns, className }: BodyRowProps) {
  return (
    <tr role="row" className={className}>
      {columns.map((column) => (
        <td
          key={column.label}
          role="cell"
          data-label={column.label}
          className={column.isTitle ? "row-title font-semibold" : undefined}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
});

interface HeadingProps {
  label: string;
  sortKey: string | undefined;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}

function Heading({ label, sortKey, sort, onSort }: HeadingProps) {
  const direction = sort?.key === sortKey ? (sort?.isDescending ? "descending" : "ascending") : undefined;
  if (sortKey === undefined || !onSort) {
    return (
      <th role="columnheader" scope="col">
        {label}
      </th>
    );
  }
  const Icon = direction === undefined ? ChevronsUpDown : direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th role="columnheader" scope="col" aria-sort={direction}>
      {/* On a phone the headings are there for screen readers alone: what can't be seen must not take the focus. */}
      <span className="min-[721px]:hidden">{label}</span>
      <button
        type="button"
        onClick={() => onSort({ key: sortKey, isDescending: direction === "ascending" })}
        className="-ml-1.5 inline-flex min-h-6 items-center gap-1 rounded-control px-1.5 hover:bg-neutral-soft hover:text-text max-[720px]:hidden"
      >
        {label}
        <Icon size={13} aria-hidden="true" className={direction === undefined ? "opacity-50" : "text-accent"} />
      </button>
    </th>
  );
}

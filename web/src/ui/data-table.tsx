import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { memo, type ReactNode, type RefObject, useCallback, useRef } from "react";
import type { RowWindow } from "../lib/row-window.ts";
import type { Sort } from "../lib/sort.ts";
import { useRowWindow } from "../lib/use-row-window.ts";
import { useWidth } from "../lib/use-width.ts";
import { classNames } from "./class-names.ts";
import { RowSpacer } from "./row-spacer.tsx";

/** A table with more rows renders those in view alone. Below, the browser's own search in the page finds every row. */
const WHOLE_ROWS = 100;
const ROW_PX = 60;
/** Rows become cards below this width of the table, which a page of 900 pixels leaves. */
const CARDS_BELOW_PX = 852;
const CARD_PX = 250;

export interface Column<Row> {
  /** Heading, and the label of the value where rows are shown as cards. */
  label: string;
  cell(row: Row): ReactNode;
  /** The column that names the row. */
  isTitle?: boolean;
  /** Of the table's, such as `28%`, where what stands in it would give it too little, or where there may be more than a hundred rows. */
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
  const table = useRef<HTMLTableElement>(null);
  const isWhole = rows.length <= WHOLE_ROWS;
  const { start, end, before, after } = useTableWindow(table, rows, rowKey, isWhole);
  return (
    <table
      ref={table}
      role="table"
      aria-rowcount={isWhole ? undefined : rows.length + 1}
      className={classNames("data-table", !isWhole && "windowed")}
    >
      <caption className="sr-only">{caption}</caption>
      <colgroup>
        {columns.map(({ label, width }) => (
          <col key={label} style={{ width }} />
        ))}
      </colgroup>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={isWhole ? undefined : 1}>
          {columns.map((column) => (
            <Heading key={column.label} label={column.label} sortKey={column.sortKey} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <RowSpacer height={before} columnCount={columns.length} />
      <tbody role="rowgroup">
        {rows.slice(start, end).map((row, offset) => (
          <BodyRow
            key={rowKey(row)}
            row={row}
            index={isWhole ? undefined : start + offset}
            columns={columns as readonly Column<unknown>[]}
            className={rowClassName?.(row)}
          />
        ))}
      </tbody>
      <RowSpacer height={after} columnCount={columns.length} />
    </table>
  );
}

function useTableWindow<Row>(
  list: RefObject<HTMLTableElement | null>,
  rows: readonly Row[],
  rowKey: (row: Row) => string,
  isWhole: boolean,
): RowWindow {
  const width = useWidth(list);
  const estimatePx = width > 0 && width <= CARDS_BELOW_PX ? CARD_PX : ROW_PX;
  const keyOf = (index: number) => {
    const row = rows[index];
    return row === undefined ? index : rowKey(row);
  };
  const estimate = useCallback(() => estimatePx, [estimatePx]);
  return useRowWindow({ count: rows.length, keyOf, estimate, layoutKey: String(width), isWhole, list });
}

interface BodyRowProps {
  row: unknown;
  /** Place among all rows, where not all are rendered. */
  index: number | undefined;
  columns: readonly Column<unknown>[];
  className: string | undefined;
}

const BodyRow = memo(function BodyRow({ row, index, columns, className }: BodyRowProps) {
  return (
    <tr role="row" data-row={index} aria-rowindex={index === undefined ? undefined : index + 2} className={className}>
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
        className="-ml-1.5 inline-flex min-h-6 items-center gap-1 rounded-control px-1.5 text-left hover:bg-neutral-soft hover:text-text max-[720px]:hidden"
      >
        {label}
        <Icon size={13} aria-hidden="true" className={direction === undefined ? "opacity-50" : "text-accent"} />
      </button>
    </th>
  );
}

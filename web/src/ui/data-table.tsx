import type { ReactNode } from "react";

export interface Column<Row> {
  /** Heading, and the label of the value where rows are shown as cards. */
  label: string;
  cell(row: Row): ReactNode;
  /** The column that names the row. */
  isTitle?: boolean;
}

interface DataTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  rowClassName?(row: Row): string | undefined;
}

/** A table on wide screens and a list of cards on narrow ones. The explicit roles keep it a table for assistive technology in both. */
export function DataTable<Row>({ caption, columns, rows, rowKey, rowClassName }: DataTableProps<Row>) {
  return (
    <table role="table" className="data-table">
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.label} role="columnheader" scope="col">
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row" className={rowClassName?.(row)}>
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
        ))}
      </tbody>
    </table>
  );
}

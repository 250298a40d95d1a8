interface RowSpacerProps {
  /** In pixels. */
  height: number;
  columnCount: number;
}

/** Keeps the room of a table's rows that are out of view and therefore not rendered. */
export function RowSpacer({ height, columnCount }: RowSpacerProps) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true" className="row-spacer">
      <tr>
        <td aria-label="Rows out of view" colSpan={columnCount} style={{ height }} />
      </tr>
    </tbody>
  );
}

import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Card } from "./card.tsx";
import { Notice } from "./notice.tsx";
import { SkeletonRows } from "./skeleton.tsx";

interface ListCardProps<Row> {
  title: string;
  /** `undefined` while they are not known. */
  rows: readonly Row[] | undefined;
  /** Why they can't be known now. */
  error: string | undefined;
  /** What an error means for people, such as "The clusters can't be listed". */
  errorTitle: string;
  onRetry(): void;
  /** What stands there when there is none; the card is left out without it. */
  empty?: ReactNode;
  /** The whole card once there are rows. */
  children(rows: readonly Row[]): ReactNode;
}

/** A list in a card. What is not known is never shown as none: loading, refused, empty and full each have a face. */
export function ListCard<Row>({ title, rows, error, errorTitle, onRetry, empty, children }: ListCardProps<Row>) {
  if (rows && rows.length > 0) return children(rows);
  if (rows && empty === undefined) return null;
  return (
    <Card title={title} flush>
      {rows ? (
        empty
      ) : error === undefined ? (
        <SkeletonRows />
      ) : (
        <div className="p-[18px]">
          <Notice tone="danger" title={errorTitle} action={<Button onClick={onRetry}>Try again</Button>}>
            {error}
          </Notice>
        </div>
      )}
    </Card>
  );
}

import { classNames } from "./class-names.ts";

/** A place-holder of the size that `className` gives. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={classNames("skeleton", className)} />;
}

/** Place-holder rows of a table. */
export function SkeletonRows({ rows = 3 }: { rows?: number }) {
  return (
    <div className="grid gap-4 p-[18px]" role="status">
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="grid grid-cols-[2fr_1fr_1fr] gap-6">
          <Skeleton className="h-4" />
          <Skeleton className="h-4" />
          <Skeleton className="h-4" />
        </div>
      ))}
    </div>
  );
}

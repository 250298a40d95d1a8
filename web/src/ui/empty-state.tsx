import type { ReactNode } from "react";

/** What stands in the place of a list that is known to have nothing in it: what it would hold and the one thing to do. */
export function EmptyState({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-1.5 px-6 py-12 text-center">
      <p className="text-[15px] font-semibold">{title}</p>
      <p className="max-w-[46ch] text-text-2">{children}</p>
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

"use client";

import { useStoreLoss } from "../../graphql/store-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";

/** Says that Slipway can't read or keep anything now, and goes by itself. The page below stays as it was. */
export function StoreNotice() {
  const since = useStoreLoss();
  if (since === undefined) return null;
  return (
    <div className="mb-4">
      <Notice tone="warning" title="Slipway's own store can't be reached">
        What is shown is the last known, as of <TimeOfDay iso={since} />, and nothing can be begun or changed. Slipway
        keeps trying and this page goes on by itself; what is under way at Azure is not affected.
      </Notice>
    </div>
  );
}

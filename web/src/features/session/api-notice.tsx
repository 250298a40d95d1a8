"use client";

import { useConnection } from "../../graphql/live-provider.tsx";
import { Notice } from "../../ui/notice.tsx";

/** Says that the API is away, and goes by itself when it is back. `wasReached`: the server got an answer when it rendered the page. */
export function ApiNotice({ wasReached }: { wasReached: boolean }) {
  const { status, epoch } = useConnection();
  const isAway = status === "offline" || (!wasReached && epoch === 0);
  if (!isAway) return null;
  return (
    <Notice tone="warning" title="Can't reach the Slipway API">
      What is shown here may be old or missing. Slipway keeps trying and this page fills by itself; clusters and
      provisions under way are not affected.
    </Notice>
  );
}

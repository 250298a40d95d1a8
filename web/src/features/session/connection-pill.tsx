"use client";

import type { ConnectionState } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { formatHourMinute } from "../../lib/format.ts";

const DOTS: Record<ConnectionState["status"], string> = {
  connecting: "bg-text-3",
  live: "bg-success",
  reconnecting: "bg-warning",
  offline: "bg-danger",
  "signed-out": "bg-danger",
};

/** What the pill says for a state of the connection. */
export function connectionText({ status, sinceMs }: ConnectionState): string {
  switch (status) {
    case "live":
      return "Live";
    case "connecting":
      return "Connecting…";
    case "reconnecting":
      return "Reconnecting…";
    case "signed-out":
      return "Signed out";
    case "offline":
      return sinceMs === undefined ? "Offline" : `Offline since ${formatHourMinute(sinceMs)}`;
  }
}

/** Whether what this page shows is live, in one place for the whole page. */
export function ConnectionPill() {
  const connection = useConnection();
  return (
    <span
      role="status"
      className="pill inline-flex items-center gap-1.5 rounded-full border border-line px-2.5 py-[3px] text-xs whitespace-nowrap text-text-2"
    >
      <span aria-hidden="true" className={`dot size-[7px] rounded-full ${DOTS[connection.status]}`} />
      {connectionText(connection)}
    </span>
  );
}

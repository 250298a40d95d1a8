"use client";

import type { Session } from "../../graphql/session-documents.ts";
import { useSession } from "../../graphql/session.tsx";

/** Which Azure this is. Nothing while it is not known: a wrong guess could cost money. */
export function ModePill() {
  const { session } = useSession();
  if (!session) return null;
  return (
    <span className="pill rounded-full border border-line px-2.5 py-[3px] text-xs whitespace-nowrap text-text-2 max-md:hidden">
      {modeText(session.azure)}
    </span>
  );
}

export function modeText({ mode, speed }: Session["azure"]): string {
  if (mode === "AZURE") return "Azure";
  return speed === 1 ? "Emulated Azure" : `Emulated Azure · ${speed}×`;
}

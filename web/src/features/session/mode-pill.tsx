"use client";

import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { type AzureMode, azureModeQuery } from "./session-documents.ts";

/** Which Azure this is. Nothing while it is not known: a wrong guess could cost money. */
export function ModePill({ initial }: { initial: AzureMode | undefined }) {
  const { data } = useQueryOnConnect(azureModeQuery, {}, { initial });
  if (!data) return null;
  return (
    <span className="pill rounded-full border border-line px-2.5 py-[3px] text-xs whitespace-nowrap text-text-2 max-md:hidden">
      {modeText(data.azure)}
    </span>
  );
}

export function modeText({ mode, speed }: AzureMode["azure"]): string {
  if (mode === "AZURE") return "Azure";
  return speed === 1 ? "Emulated Azure" : `Emulated Azure · ${speed}×`;
}

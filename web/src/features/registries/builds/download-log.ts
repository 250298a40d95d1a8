import type { Build } from "./build-documents.ts";
import type { BuildLog } from "./build-log.ts";

/** `team-service-1.4.1-ca1.log`. */
export function logFileName({ image, tag, runId }: Pick<Build, "image" | "tag" | "runId">): string {
  const parts = [image, tag, runId].filter((part) => typeof part === "string" && part !== "");
  return `${parts.join("-").replaceAll(/[^A-Za-z0-9._-]+/g, "-")}.log`;
}

/** Saves the log as Azure wrote it, control sequences included. */
export function downloadLog(build: Build, log: BuildLog): void {
  const url = URL.createObjectURL(new Blob([`${log.raw.join("\n")}\n`], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = logFileName(build);
  link.click();
  URL.revokeObjectURL(url);
}

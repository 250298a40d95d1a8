import { AzureError } from "../../shared/azure-error.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";

/** What comes before the first step are a dozen lines of the service's own. */
const FIRST_BYTES = 16 * 1024;
/** Docker names the image when it is built, so that the whole of an ordinary log is looked through. */
const MOST_BYTES = 1024 * 1024;
/** What decides how a build ended stands in its last lines. */
const LAST_BYTES = 64 * 1024;

/**
 * Id of the step that a run began with, which ACR tells before the step's own output:
 * https://learn.microsoft.com/azure/container-registry/container-registry-tasks-multi-step
 */
export function firstStepOf(log: string): string | undefined {
  return /^(?:[\d/]+ [\d:]+ )?Executing step ID: ([^\s.]+)\. /m.exec(log)?.[1];
}

/**
 * The image that a log says was built: in a line of docker's classic builder, of BuildKit or of ACR Tasks, in this order. A
 * Dockerfile may begin FROM any image, so that being mentioned is not enough.
 */
export function builtImageOf(log: string, loginServer: string): Pick<AcrBuild, "image" | "tag"> | undefined {
  const name = new RegExp(
    `(?:Successfully tagged|naming to|Pushing image:) ${escape(loginServer.toLowerCase())}/([^\\s:,]+):([\\w.-]+)`,
  );
  const [, image, tag] = name.exec(log) ?? [];
  return image === undefined || tag === undefined ? undefined : { image, tag };
}

/** Whether a log says that `image:tag` was built, perhaps among others. */
export function logNamesImage(
  log: string,
  loginServer: string,
  { image, tag }: Pick<AcrBuild, "image" | "tag">,
): boolean {
  const name = escape(`${loginServer.toLowerCase()}/${image}:${tag}`);
  return new RegExp(`(Successfully tagged|naming to|Pushing image:) ${name}(?![\\w.-])`).test(log);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** What the log of a run that has ended says; most logs are read as a whole, long ones without their middle. */
export interface EndedRunLog {
  readonly text: string;
  /** No line will follow. */
  readonly isComplete: boolean;
}

/** Undefined when Azure does not give it now. A run that has ended without a log is complete. */
export async function readEndedLog(
  acr: AcrGateway,
  registry: Registry,
  runId: string,
  signal: AbortSignal,
): Promise<EndedRunLog | undefined> {
  try {
    const logUrl = await acr.getLogUrl(registry, runId, signal);
    const first = await acr.readLog(logUrl, 0, MOST_BYTES, signal);
    if (first.kind === "missing") return { text: "", isComplete: true };
    const text = new TextDecoder().decode(first.bytes);
    const tailFrom = Math.max(first.bytes.length, first.totalBytes - LAST_BYTES);
    if (tailFrom >= first.totalBytes) return { text, isComplete: first.isComplete };
    const last = await acr.readLog(logUrl, tailFrom, LAST_BYTES, signal);
    const tail = last.kind === "chunk" ? new TextDecoder().decode(last.bytes) : "";
    return { text: `${text}\n${tail}`, isComplete: first.isComplete };
  } catch (error) {
    if (error instanceof AzureError) return undefined;
    throw error;
  }
}

/** The log from its first byte on; empty while there is none. Undefined when Azure does not give it now. */
export async function readRunLog(
  acr: AcrGateway,
  registry: Registry,
  runId: string,
  part: "beginning" | "all",
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const logUrl = await acr.getLogUrl(registry, runId, signal);
    const chunk = await acr.readLog(logUrl, 0, part === "all" ? MOST_BYTES : FIRST_BYTES, signal);
    return chunk.kind === "chunk" ? new TextDecoder().decode(chunk.bytes) : "";
  } catch (error) {
    // A log that can't be read says nothing; who asks tries again.
    if (error instanceof AzureError) return undefined;
    throw error;
  }
}

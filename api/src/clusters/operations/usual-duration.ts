import type { AzureTime } from "../../shared/azure-time.ts";
import type { DurationHistory } from "../provisioning/duration-history.ts";
import type { ClusterOperation, OperationKind } from "./cluster-operation.ts";

/** How long each takes at Azure as a rule, until there are enough of our own to tell. */
const AT_FIRST_MS: Readonly<Record<OperationKind, number>> = {
  START: 235_000,
  STOP: 180_000,
  SCALE: 90_000,
  ADD_NODE_POOL: 180_000,
  REMOVE_NODE_POOL: 120_000,
  DELETE: 240_000,
  CLEAN_UP: 240_000,
};

/** Longer ones were held up by something else. */
const LONGEST_SAMPLE_MS = 45 * 60_000;

function historyKind(kind: OperationKind): string {
  return `operation:${kind}`;
}

/** What the bar of an operation fills by, and the range that is told to people when enough of its kind are known. */
export async function usualDuration(
  kind: OperationKind,
  { history, azureTime }: { readonly history: DurationHistory; readonly azureTime: AzureTime },
): Promise<Pick<ClusterOperation, "usualMs" | "expected">> {
  const range = await history.range(historyKind(kind));
  if (!range) return { usualMs: AT_FIRST_MS[kind] };
  const toSeconds = (azureMs: number): number => Math.max(1, Math.round(azureMs / azureTime.scale() / 1000));
  const expected = {
    lowSeconds: toSeconds(range.lowMs),
    highSeconds: toSeconds(range.highMs),
    samples: range.samples,
  };
  return { usualMs: range.medianMs, ...(azureTime.isByHand() ? {} : { expected }) };
}

/** Remembers how long Azure took for one that it was asked for and has done. */
export async function rememberDuration(
  { id, target, acceptedAt }: ClusterOperation,
  deps: { readonly history: DurationHistory; readonly azureTime: AzureTime },
  nowMs: number,
): Promise<void> {
  if (acceptedAt === undefined || deps.azureTime.isByHand()) return;
  const atMs = Date.parse(acceptedAt);
  const tookMs = deps.azureTime.toAzureMs(nowMs - atMs);
  if (tookMs < LONGEST_SAMPLE_MS) await deps.history.add(historyKind(target.kind), id, atMs, tookMs);
}

/** Real milliseconds; infinite while Azure's clock is moved by hand. */
export function usualRealMs({ usualMs }: ClusterOperation, azureTime: AzureTime): number {
  return azureTime.isByHand() ? Number.POSITIVE_INFINITY : usualMs / azureTime.scale();
}

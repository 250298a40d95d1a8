import type { Viewer } from "../auth/viewer.ts";
import type { Clock } from "../shared/clock.ts";
import type { ActivityAction } from "./activity-action.ts";
import type { ActivityRecorder } from "./activity-recorder.ts";
import type { ActivityTarget } from "./activity.ts";

/** Somebody who was refused before anything was begun. */
export interface Refusal {
  readonly viewer: Viewer;
  readonly address: string | undefined;
  readonly action: ActivityAction;
  /** For programs. */
  readonly code: string;
  /** Why; for people. */
  readonly message: string;
  /** What exactly was asked for. */
  readonly detail?: string;
}

/** What concerns Slipway itself and nothing at Azure. */
export const SLIPWAY_TARGET: ActivityTarget = { id: "", name: "Slipway" };

const SAME_FOR_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/**
 * Records refusals. Somebody who is refused the same again within a minute is recorded once: else whoever meets a limit a
 * thousand times a second would fill the store with it. How often each limit was met is counted by the metrics.
 */
export function createRefusalRecord(deps: {
  readonly recorder: Pick<ActivityRecorder, "begin">;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): (refusal: Refusal) => void {
  const { recorder, clock, onError } = deps;
  const recordedAtMs = new Map<string, number>();

  function isRepeated(key: string): boolean {
    const nowMs = clock.monotonicMs();
    const before = recordedAtMs.get(key);
    if (before !== undefined && nowMs - before < SAME_FOR_MS) return true;
    if (recordedAtMs.size >= MOST_REMEMBERED) recordedAtMs.clear();
    recordedAtMs.set(key, nowMs);
    return false;
  }

  async function record({ viewer, address, action, code, message, detail }: Refusal): Promise<void> {
    const target = { ...SLIPWAY_TARGET, ...(detail !== undefined && { detail }) };
    const open = await recorder.begin(viewer, action, target, address);
    await open.end({ outcome: "REFUSED", code, message, started: [] });
  }

  return (refusal) => {
    const { viewer, address, action, code, message, detail } = refusal;
    if (isRepeated(JSON.stringify([viewer.id, address, action, code, message, detail]))) return;
    record(refusal).catch(onError);
  };
}

"use client";

import { spellDuration } from "../../../lib/format.ts";
import { useServerNow } from "../../../lib/time.tsx";
import { Chip } from "../../../ui/chip.tsx";
import type { Build } from "./build-documents.ts";
import { buildLook, elapsedSeconds, hasEnded, progressText, runsAhead } from "./build-words.ts";

interface BuildChipProps {
  build: Build;
  /** Azure was asked to cancel it, and has not said more yet. */
  isCanceling?: boolean;
}

/** The state of a build; while it is in flight with its time, which comes from Azure's time stamps and so survives every reload. */
export function BuildChip({ build, isCanceling = false }: BuildChipProps) {
  const look = buildLook(build.status, isCanceling);
  return (
    <Chip tone={look.tone} icon={look.icon} label={look.label}>
      {!hasEnded(build.status) && <Ticking build={build} />}
    </Chip>
  );
}

function Ticking({ build }: { build: Build }) {
  const nowMs = useServerNow(1000);
  const ahead = runsAhead(build);
  const spoken = `${spellDuration(elapsedSeconds(build, nowMs))}${ahead > 0 ? `, ${ahead} ahead in the queue` : ""}`;
  return (
    <>
      <span aria-hidden="true" className="tabular-nums" suppressHydrationWarning>
        {progressText(build, nowMs)}
      </span>
      <span className="sr-only" suppressHydrationWarning>
        {spoken}
      </span>
    </>
  );
}

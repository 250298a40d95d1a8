import { Chip, type ChipIcon, type ChipTone } from "../../ui/chip.tsx";
import { LongText } from "../../ui/long-text.tsx";
import type { PoolProgress } from "./provision-documents.ts";

const LOOKS: Record<PoolProgress["tone"], { tone: ChipTone; icon: ChipIcon }> = {
  SUCCESS: { tone: "success", icon: "check" },
  IN_PROGRESS: { tone: "accent", icon: "spinner" },
  FAILED: { tone: "danger", icon: "cross" },
  NEUTRAL: { tone: "neutral", icon: "dashed" },
};

interface PoolChipsProps {
  pools: readonly PoolProgress[];
  /** Nobody looks any more, so nothing turns: a state that passes is the last one that was seen. */
  isEnded: boolean;
}

/** One chip a node pool, in Azure's own words: `systempool · Succeeded · 1n`, with the pool's own error when it has one. */
export function PoolChips({ pools, isEnded }: PoolChipsProps) {
  if (pools.length === 0) return null;
  return (
    <ul aria-label="Node pools" className="flex flex-wrap gap-2">
      {pools.map((pool) => (
        <li key={pool.name} title={`${pool.count} × ${pool.vmSize}, ${pool.mode.toLowerCase()} pool`}>
          <PoolChip pool={pool} isEnded={isEnded} />
        </li>
      ))}
    </ul>
  );
}

function lookOf({ tone, provisioningState }: PoolProgress, isEnded: boolean): { tone: ChipTone; icon: ChipIcon } {
  if (provisioningState === "Canceled") return { tone: "neutral", icon: "ban" };
  if (isEnded && tone === "IN_PROGRESS") return LOOKS.NEUTRAL;
  return (LOOKS as Record<string, (typeof LOOKS)["NEUTRAL"] | undefined>)[tone] ?? LOOKS.NEUTRAL;
}

function PoolChip({ pool, isEnded }: { pool: PoolProgress; isEnded: boolean }) {
  const look = lookOf(pool, isEnded);
  return (
    <Chip {...look} label={pool.name}>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span aria-hidden="true">· </span>
        {pool.provisioningState}
        <span aria-hidden="true"> · </span>
        <span className="whitespace-nowrap">
          {pool.count}
          <span aria-hidden="true">n</span>
          <span className="sr-only"> {pool.count === 1 ? "node" : "nodes"}</span>
        </span>
        {pool.error && ` · ${pool.error.code}`}
      </span>
    </Chip>
  );
}

/** What Azure says about each pool that failed, unless `saidAlready` has it: the verdict often repeats a pool's error. */
export function PoolErrors({ pools, saidAlready }: { pools: readonly PoolProgress[]; saidAlready: string }) {
  const failed = pools.filter((pool) => pool.error !== null && !saidAlready.includes(pool.error.message));
  if (failed.length === 0) return null;
  return (
    <ul className="grid gap-1 text-[13px] text-danger">
      {failed.map((pool) => (
        <li key={pool.name} className="[overflow-wrap:anywhere]">
          <b className="font-semibold">{pool.name}</b>: <LongText text={pool.error?.message ?? ""} />
        </li>
      ))}
    </ul>
  );
}

"use client";

import { useCallback, useState } from "react";
import type { BuildLog } from "./build-log.ts";
import { stepsOfLine, withOuter } from "./log-rows.ts";
import { failedStep, type LogStep } from "./log-steps.ts";

export interface LogFolds {
  folded: ReadonlySet<number>;
  toggle(step: number): void;
  foldAll(): void;
  unfoldAll(): void;
  /** Opens the steps that have this line. */
  reveal(lineNumber: number): void;
}

const NONE: ReadonlySet<number> = new Set();

/** Which steps of the log are folded. All are open; once a build has failed, those before the one that failed close, unless somebody has chosen. */
export function useLogFolds(log: BuildLog): LogFolds {
  const [chosen, setChosen] = useState<{ restarts: number; folded: ReadonlySet<number> }>();
  const failed = log.isComplete ? failedStep(log.steps) : undefined;
  const { steps, restarts } = log;
  const before = useFoldedBefore(steps, failed);
  const folded = chosen?.restarts === restarts ? chosen.folded : before;
  const choose = (next: ReadonlySet<number>) => setChosen({ restarts, folded: next });
  return {
    folded,
    toggle: useCallback(
      (step) => {
        const next = new Set(folded);
        if (!next.delete(step)) next.add(step);
        setChosen({ restarts, folded: next });
      },
      [folded, restarts],
    ),
    foldAll: () => choose(new Set(steps.keys())),
    unfoldAll: () => choose(NONE),
    reveal(lineNumber) {
      const next = new Set(folded);
      for (const step of stepsOfLine(steps, lineNumber - 1)) next.delete(step);
      if (next.size < folded.size) choose(next);
    },
  };
}

function useFoldedBefore(steps: readonly LogStep[], failed: number | undefined): ReadonlySet<number> {
  const [known, setKnown] = useState({ failed, folded: foldedBefore(steps, failed) });
  if (known.failed === failed) return known.folded;
  const next = { failed, folded: foldedBefore(steps, failed) };
  setKnown(next);
  return next.folded;
}

function foldedBefore(steps: readonly LogStep[], failed: number | undefined): ReadonlySet<number> {
  if (failed === undefined) return NONE;
  const folded = new Set(Array.from({ length: failed }, (_, at) => at));
  for (const step of withOuter(steps, failed)) folded.delete(step);
  return folded;
}

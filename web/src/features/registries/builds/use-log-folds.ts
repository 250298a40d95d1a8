"use client";

import { useCallback, useState } from "react";
import type { BuildLog } from "./build-log.ts";
import { stepOfLine } from "./log-rows.ts";
import { failedStep } from "./log-steps.ts";

export interface LogFolds {
  folded: ReadonlySet<number>;
  toggle(step: number): void;
  foldAll(): void;
  unfoldAll(): void;
  /** Opens the step that has this line. */
  reveal(lineNumber: number): void;
}

const NONE: ReadonlySet<number> = new Set();

/** Which steps of the log are folded. All are open; once a build has failed, those before the one that failed close, unless somebody has chosen. */
export function useLogFolds(log: BuildLog): LogFolds {
  const [chosen, setChosen] = useState<{ restarts: number; folded: ReadonlySet<number> }>();
  const failed = log.isComplete ? failedStep(log.steps) : undefined;
  const before = useFoldedBefore(failed);
  const { steps, restarts } = log;
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
      const step = stepOfLine(steps, lineNumber - 1);
      if (step === undefined || !folded.has(step)) return;
      const next = new Set(folded);
      next.delete(step);
      choose(next);
    },
  };
}

function useFoldedBefore(failed: number | undefined): ReadonlySet<number> {
  const [known, setKnown] = useState({ failed, folded: foldedBefore(failed) });
  if (known.failed === failed) return known.folded;
  const next = { failed, folded: foldedBefore(failed) };
  setKnown(next);
  return next.folded;
}

function foldedBefore(failed: number | undefined): ReadonlySet<number> {
  return failed === undefined ? NONE : new Set(Array.from({ length: failed }, (_, at) => at));
}

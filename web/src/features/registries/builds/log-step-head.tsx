import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { formatDuration } from "../../../lib/format.ts";
import { type ChipIcon, StateIcon } from "../../../ui/chip.tsx";
import { classNames } from "../../../ui/class-names.ts";
import type { LogStep } from "./log-steps.ts";

const LOOKS: Record<LogStep["state"] | "stopped", { icon: ChipIcon; word: string; colour: string }> = {
  running: { icon: "spinner", word: "running", colour: "text-accent" },
  succeeded: { icon: "check", word: "succeeded", colour: "text-success" },
  failed: { icon: "cross", word: "failed", colour: "text-danger" },
  stopped: { icon: "stop", word: "not finished", colour: "text-text-2" },
};

interface LogStepHeadProps {
  /** Of the row in the viewer. */
  row: number;
  at: number;
  step: LogStep;
  lineCount: number;
  isFolded: boolean;
  /** No line will follow: what runs now has been stopped. */
  isOver: boolean;
  onToggle(step: number): void;
}

/** The head of a step: folds and unfolds its lines, and says how it went. */
export const LogStepHead = memo(function LogStepHead(props: LogStepHeadProps) {
  const { row, at, step, lineCount, isFolded, isOver, onToggle } = props;
  const look = LOOKS[step.state === "running" && isOver ? "stopped" : step.state];
  return (
    <div data-row={row} className={classNames("log-step", step.isInner && "log-step-inner")}>
      <button type="button" aria-expanded={!isFolded} onClick={() => onToggle(at)} className="log-step-button">
        <ChevronRight size={14} aria-hidden="true" className={isFolded ? undefined : "rotate-90"} />
        <span className={look.colour}>
          <StateIcon icon={look.icon} />
          <span className="sr-only">{look.word}: </span>
        </span>
        <span className="min-w-0 truncate font-semibold text-text">{step.name}</span>
        <span className="ml-auto whitespace-nowrap text-text-3 tabular-nums">
          {step.seconds !== undefined && `${formatDuration(step.seconds)} · `}
          {lineCount === 1 ? "1 line" : `${lineCount.toLocaleString("en")} lines`}
        </span>
      </button>
    </div>
  );
});

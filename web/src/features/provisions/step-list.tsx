import { formatDuration } from "../../lib/format.ts";
import { StateIcon } from "../../ui/chip.tsx";
import type { Step } from "./provision-phases.ts";

const LOOKS: Record<Step["state"], { bar: string; text: string; spoken: string }> = {
  done: { bar: "bg-success", text: "text-text-2", spoken: "done" },
  current: { bar: "bg-accent", text: "font-semibold text-accent", spoken: "under way" },
  failed: { bar: "bg-danger", text: "font-semibold text-danger", spoken: "not completed" },
  canceled: { bar: "bg-text-3", text: "font-semibold text-text-2", spoken: "canceled" },
  waiting: { bar: "bg-line", text: "text-text-3", spoken: "waiting" },
};

/** The steps side by side, or one below the other on a phone. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ol aria-label="Steps" className="grid gap-1.5 text-xs sm:grid-cols-5">
      {steps.map((step) => {
        const look = LOOKS[step.state];
        return (
          <li
            key={step.label}
            aria-current={step.state === "current" ? "step" : undefined}
            className="flex items-center gap-2 sm:block"
          >
            <div className={`step-bar h-4 w-[3px] shrink-0 rounded-full sm:h-[3px] sm:w-full ${look.bar}`} />
            <div className={`flex items-center gap-1.5 sm:pt-[7px] ${look.text}`}>
              {step.state === "done" && <StateIcon icon="check" size={13} />}
              {step.state === "failed" && <StateIcon icon="cross" size={13} />}
              {step.state === "canceled" && <StateIcon icon="ban" size={13} />}
              <span>
                {step.label}
                {step.seconds !== undefined && <span className="tabular-nums"> · {formatDuration(step.seconds)}</span>}
              </span>
              <span className="sr-only">({look.spoken})</span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

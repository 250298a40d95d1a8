import { type ChipIcon, StateIcon } from "../../../ui/chip.tsx";
import type { CheckRow } from "./preflight-rows.ts";

interface Look {
  word: string;
  icon: ChipIcon;
  className: string;
}

const LOOKS: Record<CheckRow["state"], Look> = {
  PASS: { word: "Pass", icon: "check", className: "text-success" },
  WARN: { word: "Warning", icon: "warning", className: "text-warning" },
  FAIL: { word: "Fail", icon: "cross", className: "text-danger" },
  PASSES: { word: "Will wait", icon: "clock", className: "text-warning" },
  UNKNOWN: { word: "Unknown", icon: "question", className: "text-text-2" },
  CHECKING: { word: "Checking", icon: "spinner", className: "text-accent" },
  WAITING: { word: "Waiting", icon: "dashed", className: "text-text-3" },
};

/** What a check has come to, as icon, word and colour. A state this build doesn't know shows its own word. */
export function CheckState({ state }: { state: CheckRow["state"] }) {
  const look = (LOOKS as Record<string, Look | undefined>)[state] ?? { ...LOOKS.UNKNOWN, word: state };
  return (
    <span className={`inline-flex items-center gap-1.5 self-start font-semibold ${look.className}`}>
      <StateIcon icon={look.icon} />
      {look.word}
    </span>
  );
}

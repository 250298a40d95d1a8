import { Chip, type ChipIcon, type ChipTone } from "../../../ui/chip.tsx";
import type { Operation } from "./operation-documents.ts";

const LOOKS: Record<Operation["status"], { label: string; tone: ChipTone; icon: ChipIcon }> = {
  PENDING: { label: "Submitting", tone: "neutral", icon: "dashed" },
  RUNNING: { label: "Running", tone: "accent", icon: "spinner" },
  SUCCEEDED: { label: "Succeeded", tone: "success", icon: "check" },
  FAILED: { label: "Failed", tone: "danger", icon: "cross" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
};

/** How an operation stands. A state this build doesn't know shows its own word. */
export function OperationChip({ status }: { status: Operation["status"] }) {
  const look = (LOOKS as Record<string, (typeof LOOKS)["PENDING"] | undefined>)[status] ?? {
    label: status,
    tone: "neutral",
    icon: "question",
  };
  return <Chip tone={look.tone} icon={look.icon} label={look.label} />;
}

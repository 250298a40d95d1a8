import { Chip, type ChipIcon, type ChipTone } from "../../ui/chip.tsx";
import type { Progress, ProvisionStatus } from "./provision-documents.ts";

const LOOKS: Record<ProvisionStatus, { label: string; tone: ChipTone; icon: ChipIcon }> = {
  PENDING: { label: "Submitting", tone: "neutral", icon: "dashed" },
  RUNNING: { label: "Creating", tone: "accent", icon: "spinner" },
  CANCELING: { label: "Canceling", tone: "neutral", icon: "stop" },
  SUCCEEDED: { label: "Succeeded", tone: "success", icon: "check" },
  FAILED: { label: "Failed", tone: "danger", icon: "cross" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
};

/** The state of a provision. A slow or stuck one says so. A state this build doesn't know shows its own word. */
export function ProvisionStatusChip({ status, pace }: { status: ProvisionStatus; pace?: Progress["pace"] }) {
  if (status === "RUNNING" && (pace === "SLOW" || pace === "STUCK")) {
    return <Chip tone="warning" icon="warning" label={pace === "SLOW" ? "Creating, slowly" : "Creating, stuck"} />;
  }
  const look = (LOOKS as Record<string, (typeof LOOKS)[ProvisionStatus] | undefined>)[status] ?? {
    label: status,
    tone: "neutral",
    icon: "question",
  };
  return <Chip tone={look.tone} icon={look.icon} label={look.label} />;
}

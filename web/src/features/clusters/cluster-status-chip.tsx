import { Chip, type ChipIcon, type ChipTone } from "../../ui/chip.tsx";
import type { Cluster } from "./cluster-documents.ts";

interface Look {
  label: string;
  tone: ChipTone;
  icon: ChipIcon;
}

const LOOKS: Record<Cluster["status"], Look> = {
  READY: { label: "Ready", tone: "success", icon: "check" },
  CREATING: { label: "Creating", tone: "accent", icon: "spinner" },
  UPDATING: { label: "Updating", tone: "accent", icon: "spinner" },
  STARTING: { label: "Starting", tone: "accent", icon: "spinner" },
  STOPPING: { label: "Stopping", tone: "accent", icon: "spinner" },
  STOPPED: { label: "Stopped", tone: "neutral", icon: "stop" },
  DELETING: { label: "Deleting", tone: "accent", icon: "spinner" },
  DELETED: { label: "Deleted", tone: "neutral", icon: "ban" },
  CANCELING: { label: "Canceling", tone: "neutral", icon: "stop" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
  FAILED: { label: "Failed", tone: "danger", icon: "cross" },
  UNKNOWN: { label: "Unknown", tone: "neutral", icon: "question" },
};

/** The word for a status; one that this build doesn't know is its own. */
export function statusLabel(status: string): string {
  return (LOOKS as Record<string, Look | undefined>)[status]?.label ?? status;
}

/** One state for the whole cluster; Azure's two own words, never merged, on hover and for screen readers. */
export function ClusterStatusChip({ cluster }: { cluster: Cluster }) {
  const look = (LOOKS as Record<string, Look | undefined>)[cluster.status] ?? {
    label: cluster.status,
    tone: "neutral",
    icon: "question",
  };
  const own = `provisioning state ${cluster.provisioningState}, power state ${cluster.powerState}`;
  return (
    <span title={own}>
      <Chip tone={look.tone} icon={look.icon} label={look.label} />
      <span className="sr-only">, {own}</span>
    </span>
  );
}

import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  Clock,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Square,
  TriangleAlert,
} from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type ChipTone = "neutral" | "accent" | "success" | "danger" | "warning";
export type ChipIcon = "dashed" | "spinner" | "check" | "cross" | "ban" | "stop" | "clock" | "warning" | "question";

const TONES: Record<ChipTone, string> = {
  neutral: "bg-neutral-soft text-text-2",
  accent: "bg-accent-soft text-accent",
  success: "bg-success-soft text-success",
  danger: "bg-danger-soft text-danger",
  warning: "bg-warning-soft text-warning",
};

const ICONS: Record<ChipIcon, LucideIcon> = {
  dashed: CircleDashed,
  spinner: LoaderCircle,
  check: CircleCheck,
  cross: OctagonX,
  ban: Ban,
  stop: Square,
  clock: Clock,
  warning: TriangleAlert,
  question: CircleHelp,
};

interface ChipProps {
  tone: ChipTone;
  icon: ChipIcon;
  /** What the chip is about, set in bold. */
  label: string;
  /** What more there is to say, in the tone's colour. */
  children?: ReactNode;
}

/** A state as icon, word and colour together: none of them alone carries it. */
export function Chip({ tone, icon, label, children }: ChipProps) {
  return (
    <span
      className={classNames(
        "chip inline-flex max-w-full flex-wrap items-center gap-x-[7px] rounded-[14px] px-[11px] py-1 text-[12.5px] leading-[1.4]",
        TONES[tone],
      )}
    >
      <StateIcon icon={icon} />
      <b className="font-semibold whitespace-nowrap text-text">{label}</b>
      {children}
    </span>
  );
}

export function StateIcon({ icon, size = 14 }: { icon: ChipIcon; size?: number }) {
  const Icon = ICONS[icon];
  return (
    <Icon
      size={size}
      strokeWidth={2.2}
      aria-hidden="true"
      className={classNames("shrink-0", icon === "spinner" && "icon-spin")}
    />
  );
}

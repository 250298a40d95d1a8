import { SquareTerminal } from "lucide-react";
import { CopyButton } from "./copy-button.tsx";

/** A command to run elsewhere, whole, with a button that copies it. */
export function CommandText({ label, command }: { label: string; command: string }) {
  return (
    <div>
      <p className="flex items-center gap-2 text-[13px]">
        <SquareTerminal size={15} aria-hidden="true" className="shrink-0 text-text-3" /> {label}
      </p>
      <div className="mt-1 flex items-center gap-2 rounded-control border border-line bg-surface-2 px-2.5 py-1.5">
        <code className="min-w-0 flex-1 font-mono text-xs [overflow-wrap:anywhere]">{command}</code>
        <CopyButton text={command} label={`Copy the command: ${label}`} iconOnly />
      </div>
    </div>
  );
}

"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTime } from "../lib/time.tsx";
import { useAnnounce } from "./announcer.tsx";
import { buttonClass } from "./button.tsx";
import { copyText } from "./copy-text.ts";

const THANKS_MS = 2000;

interface CopyButtonProps {
  text: string;
  label: string;
  /** Shows the icon alone; `label` is then its name. */
  iconOnly?: boolean;
}

/** Copies `text` and says so. */
export function CopyButton({ text, label, iconOnly = false }: CopyButtonProps) {
  const { clock } = useTime();
  const announce = useAnnounce();
  const [outcome, setOutcome] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(
    () => (outcome === "idle" ? undefined : clock.after(THANKS_MS, () => setOutcome("idle"))),
    [clock, outcome],
  );

  async function copy() {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? "copied" : "failed");
    announce(isCopied ? "Copied" : "Copying failed: select the text by hand");
  }

  const Icon = outcome === "copied" ? Check : Copy;
  const shown = outcome === "copied" ? "Copied" : outcome === "failed" ? "Can't copy" : label;
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? label : undefined}
      className={
        iconOnly
          ? "inline-flex size-6 shrink-0 items-center justify-center rounded-control text-text-3 hover:bg-neutral-soft hover:text-text"
          : buttonClass("secondary")
      }
    >
      <Icon size={iconOnly ? 13 : 15} aria-hidden="true" />
      {!iconOnly && shown}
    </button>
  );
}

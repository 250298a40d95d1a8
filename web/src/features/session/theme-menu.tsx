"use client";

import { Menu } from "@base-ui/react/menu";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { applyTheme, type Theme } from "./theme.ts";

const CHOICES = [
  { theme: "system", label: "System", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const;

/** Chooses light, dark or the system's colours. */
export function ThemeMenu({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const current = CHOICES.find((choice) => choice.theme === theme) ?? CHOICES[0];
  const CurrentIcon = current.icon;

  function choose(chosen: Theme) {
    setTheme(chosen);
    applyTheme(chosen);
  }

  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={`Colour theme: ${current.label}`}
        className="inline-flex size-8 items-center justify-center rounded-control text-text-2 hover:bg-neutral-soft hover:text-text"
      >
        <CurrentIcon size={17} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-30 outline-none">
          <Menu.Popup className="min-w-36 rounded-card border border-line bg-surface py-1 text-text shadow-popup outline-none">
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => choose(value)}>
              {CHOICES.map(({ theme: value, label, icon: Icon }) => (
                <Menu.RadioItem
                  key={value}
                  value={value}
                  closeOnClick
                  className="grid min-h-8 cursor-default grid-cols-[16px_1fr_16px] items-center gap-2.5 px-3 outline-none select-none data-highlighted:bg-accent-soft"
                >
                  <Icon size={15} aria-hidden="true" className="text-text-2" />
                  {label}
                  <Menu.RadioItemIndicator className="text-accent">
                    <Check size={14} aria-hidden="true" />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

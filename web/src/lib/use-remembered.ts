"use client";

import { useState } from "react";
import { useHydrated } from "./time.tsx";

/** A switch that this browser remembers under `key`. Where storage is refused it holds for the page alone. */
export function useRemembered(key: string, initial: boolean): readonly [boolean, (value: boolean) => void] {
  const isHydrated = useHydrated();
  const [chosen, setChosen] = useState<boolean>();
  const value = chosen ?? (isHydrated ? read(key) : undefined) ?? initial;
  function choose(next: boolean) {
    setChosen(next);
    try {
      localStorage.setItem(key, next ? "on" : "off");
    } catch {
      // Storage is a convenience: without it the choice ends with the page.
    }
  }
  return [value, choose];
}

function read(key: string): boolean | undefined {
  try {
    const stored = localStorage.getItem(key);
    return stored === null ? undefined : stored === "on";
  } catch {
    return undefined;
  }
}

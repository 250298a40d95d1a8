"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { type Burst, createBurst } from "./burst.ts";
import { useTime } from "./time.tsx";

const WINDOW_MS = 100;
/** A tab that nobody sees need not be drawn; it is all the same, so that what waits there can't grow for ever. */
const HIDDEN_WINDOW_MS = 10_000;

/** A {@link Burst} for as long as the component is there. What waits in a hidden tab is handed over as soon as the tab is seen. */
export function useBurst<Item>(deliver: (items: readonly Item[]) => void): Burst<Item> {
  const { clock } = useTime();
  const deliverNow = useEffectEvent(deliver);
  const [burst] = useState(() =>
    createBurst<Item>(
      clock,
      () => (document.visibilityState === "hidden" ? HIDDEN_WINDOW_MS : WINDOW_MS),
      (items) => deliverNow(items),
    ),
  );
  useEffect(() => {
    const flushIfSeen = () => {
      if (document.visibilityState === "visible") burst.flush();
    };
    document.addEventListener("visibilitychange", flushIfSeen);
    return () => {
      document.removeEventListener("visibilitychange", flushIfSeen);
      burst.stop();
    };
  }, [burst]);
  return burst;
}

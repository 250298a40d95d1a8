"use client";

import { createContext, type ReactNode, useCallback, useContext, useState, useSyncExternalStore } from "react";
import { type Clock, createServerClock, type ServerClock, systemClock } from "./clock.ts";

interface Time {
  clock: Clock;
  serverClock: ServerClock;
  renderedAtMs: number;
}

const TimeContext = createContext<Time | undefined>(undefined);

/** Gives the tree its clock. `renderedAtMs` is when the server rendered the page: hydration shows that moment, so that both renders agree. */
export function TimeProvider({
  renderedAtMs,
  clock = systemClock,
  children,
}: {
  renderedAtMs: number;
  clock?: Clock;
  children: ReactNode;
}) {
  const [time] = useState<Time>(() => {
    const serverClock = createServerClock(clock);
    serverClock.observe(renderedAtMs);
    return { clock, serverClock, renderedAtMs };
  });
  return <TimeContext value={time}>{children}</TimeContext>;
}

export function useTime(): Time {
  const time = useContext(TimeContext);
  if (!time) throw new Error("useTime needs a TimeProvider above it");
  return time;
}

/** The server's time, renewed every `periodMs`. With `running: false` it stands still and costs no timer. */
export function useServerNow(periodMs = 1000, running = true): number {
  const { clock, serverClock, renderedAtMs } = useTime();
  const subscribe = useCallback(
    (onTick: () => void) => (running ? clock.every(periodMs, onTick) : () => undefined),
    [clock, periodMs, running],
  );
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(serverClock.now() / periodMs) * periodMs,
    () => Math.floor(renderedAtMs / periodMs) * periodMs,
  );
}

const never = () => () => undefined;

/** False while the page hydrates, true from then on: for what only the browser knows, such as its time zone. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

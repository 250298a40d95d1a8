import { expect, test, vi } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createConnectionMonitor, isConnectionCut, OFFLINE_AFTER_MS } from "./connection-monitor.ts";

const START = Date.parse("2026-11-22T10:42:00Z");

test("is live from the acknowledgement on, and counts connections", () => {
  const monitor = createConnectionMonitor(createManualClock(START));
  expect(monitor.get().status).toBe("connecting");
  monitor.connected();
  expect(monitor.get()).toEqual({ status: "live", sinceMs: undefined, epoch: 1 });
});

test("a short loss is reconnecting and never offline", () => {
  const clock = createManualClock(START);
  const monitor = createConnectionMonitor(clock);
  monitor.connected();
  monitor.lost();
  clock.advance(OFFLINE_AFTER_MS - 1);
  expect(monitor.get().status).toBe("reconnecting");
  monitor.connected();
  clock.advance(OFFLINE_AFTER_MS * 2);
  expect(monitor.get()).toEqual({ status: "live", sinceMs: undefined, epoch: 2 });
});

test("offline tells since when, however many attempts have failed meanwhile", () => {
  const clock = createManualClock(START);
  const monitor = createConnectionMonitor(clock);
  monitor.connected();
  clock.advance(60_000);
  monitor.lost();
  clock.advance(5000);
  monitor.lost();
  clock.advance(5000);
  expect(monitor.get()).toMatchObject({ status: "offline", sinceMs: START + 60_000 });
});

test("tells its listeners until they leave", () => {
  const monitor = createConnectionMonitor(createManualClock(START));
  const listener = vi.fn();
  const leave = monitor.subscribe(listener);
  monitor.connected();
  leave();
  monitor.lost();
  expect(listener).toHaveBeenCalledTimes(1);
});

test("a server that lets nobody in makes it signed out until somebody is let in, and never offline", () => {
  const clock = createManualClock(START);
  const monitor = createConnectionMonitor(clock);
  monitor.connected();
  clock.advance(1000);
  monitor.lost();
  monitor.refused();
  expect(monitor.get()).toMatchObject({ status: "signed-out", sinceMs: START + 1000 });
  clock.advance(OFFLINE_AFTER_MS * 2);
  monitor.lost();
  monitor.refused();
  expect(monitor.get()).toMatchObject({ status: "signed-out", sinceMs: START + 1000 });
  monitor.connected();
  expect(monitor.get().status).toBe("live");
});

test.each([
  ["connecting", false],
  ["live", false],
  ["reconnecting", true],
  ["offline", true],
  ["signed-out", true],
] as const)("while it is %s, what is shown may be old: %s", (status, isCut) => {
  expect(isConnectionCut(status)).toBe(isCut);
});

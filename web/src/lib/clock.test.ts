import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createServerClock } from "./clock.ts";

test("a PC clock that is an hour fast does not change the server's time", () => {
  const clock = createManualClock(Date.parse("2026-11-22T11:00:00Z"));
  const serverClock = createServerClock(clock);
  serverClock.observe("2026-11-22T10:00:00Z");
  clock.advance(5000);
  expect(new Date(serverClock.now()).toISOString()).toBe("2026-11-22T10:00:05.000Z");
});

test("an old time stamp does not turn the server's clock back", () => {
  const clock = createManualClock(Date.parse("2026-11-22T10:00:00Z"));
  const serverClock = createServerClock(clock);
  serverClock.observe("2026-11-22T10:00:00Z");
  serverClock.observe("2026-11-22T09:00:00Z");
  serverClock.observe("no time at all");
  expect(new Date(serverClock.now()).toISOString()).toBe("2026-11-22T10:00:00.000Z");
});

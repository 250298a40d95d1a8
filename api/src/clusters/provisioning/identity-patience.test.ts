import { expect, test } from "vitest";
import { createAzureTime } from "../../shared/azure-time.ts";
import { createManualClock } from "../../shared/clock.ts";
import { waitOn, type IdentityWait } from "./identity-patience.ts";

const EVERY_MS = 5_000;

/** Looks by two workers in turn, whose clocks are so far apart, until the wait is over; says how many there were. */
async function looksUntilGivenUp(apartMs: number): Promise<number> {
  const azureTime = createAzureTime(1);
  const clock = createManualClock();
  const ahead = { ...clock, now: () => clock.now() + apartMs };
  let wait: IdentityWait | undefined;
  for (let looks = 1; looks < 100; looks++) {
    wait = waitOn({ clock: looks % 2 === 1 ? clock : ahead, azureTime }, wait);
    if (!wait) return looks;
    await clock.advance(EVERY_MS);
  }
  throw new Error("It was never given up.");
}

test("an identity is waited for a minute", async () => {
  expect(await looksUntilGivenUp(0)).toBe(13);
});

test.each([4 * 60_000, -4 * 60_000])(
  "two workers whose clocks are %d ms apart neither give up at once nor wait for ever",
  async (apartMs) => {
    // Each pair of looks counts as two usual gaps, whichever of them the clocks make long.
    expect([12, 13]).toContain(await looksUntilGivenUp(apartMs));
  },
);

test("time in which nobody looks does not count", async () => {
  const clock = createManualClock();
  const deps = { clock, azureTime: createAzureTime(1) };
  const first = waitOn(deps, undefined);
  await clock.advance(60 * 60_000);
  expect(waitOn(deps, first)).toMatchObject({ waitedMs: 2 * EVERY_MS });
});

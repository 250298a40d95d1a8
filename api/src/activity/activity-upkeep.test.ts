import { expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { createActivityUpkeep } from "./activity-upkeep.ts";

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

function createUpkeep(retentionDays: number, forget: () => Promise<number> = () => Promise.resolve(0)) {
  const clock = createManualClock();
  const agesMs: number[] = [];
  const errors: unknown[] = [];
  const upkeep = createActivityUpkeep({
    store: {
      forgetBefore(beforeMs) {
        agesMs.push(clock.now() - beforeMs);
        return forget();
      },
    },
    clock,
    retentionDays,
    onError: (error) => errors.push(error),
  });
  return { clock, upkeep, agesMs, errors };
}

test("forgets what is older than the setting says, at the start and every hour until it stops", async () => {
  const { clock, upkeep, agesMs } = createUpkeep(30);
  upkeep.start();
  await clock.advance(2 * HOUR_MS);
  expect(agesMs).toEqual([30 * DAY_MS, 30 * DAY_MS, 30 * DAY_MS]);
  await upkeep.stop();
  await clock.advance(5 * HOUR_MS);
  expect(agesMs).toHaveLength(3);
});

test("forgets nothing where the setting is 0", async () => {
  const { clock, upkeep, agesMs } = createUpkeep(0);
  upkeep.start();
  await clock.advance(3 * HOUR_MS);
  expect(agesMs).toEqual([]);
  await upkeep.stop();
});

test("a pass that fails is told of, and the next one comes all the same", async () => {
  const lost = new Error("the store is away");
  const { clock, upkeep, agesMs, errors } = createUpkeep(1, () => Promise.reject(lost));
  upkeep.start();
  await clock.advance(HOUR_MS);
  expect(agesMs).toHaveLength(2);
  await upkeep.stop();
  expect(errors).toEqual([lost, lost]);
});

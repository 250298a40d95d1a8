import { expect, test } from "vitest";
import { REF, countingKind, createJobWorld, startRequest } from "./job-world.fixture.ts";
import { observeJob, type JobObserver } from "./observed-job.ts";

function createRecorder() {
  const told: string[] = [];
  const observer: JobObserver = {
    around: ({ jobId }, run) => {
      told.push(`within ${jobId}`);
      return run();
    },
    looked: ({ step, retry }) => told.push(`looked ${step} ${retry ?? "well"}`),
    finished: (_job, state) => told.push(`finished ${state}`),
    gaveUp: (_job, reason) => told.push(`gave up ${reason}`),
  };
  return { told, observer };
}

test("a look is told of with why it is made again, an end once it is stored", async () => {
  const world = createJobWorld();
  const { told, observer } = createRecorder();
  const kind = countingKind({
    first: async ({ checkpoint }) =>
      checkpoint.count === 0
        ? { kind: "again", delayMs: 1_000, retry: "throttled", checkpoint: { count: 1 } }
        : { kind: "finish", state: "SUCCEEDED", checkpoint },
  });
  const { runner, service } = world.boot([observeJob(kind, observer, world.clock.monotonicMs)]);
  await runner.start();
  await service.start(startRequest());
  await world.clock.advance(2_000);
  expect((await world.record(REF)).state).toBe("SUCCEEDED");
  expect(told).toEqual([
    "within order-1|job-1",
    "looked first throttled",
    "within order-1|job-1",
    "looked first well",
    "finished SUCCEEDED",
  ]);
  await runner.stop(0);
});

test("a look that throws is a defect, and a job that keeps throwing is given up", async () => {
  const world = createJobWorld();
  const { told, observer } = createRecorder();
  const kind = countingKind({
    first: async () => {
      throw new Error("a defect");
    },
  });
  const { runner, service } = world.boot([observeJob(kind, observer, world.clock.monotonicMs)]);
  await runner.start();
  await service.start(startRequest());
  await world.clock.advance(10 * 60_000);
  expect((await world.record(REF)).state).toBe("FAILED");
  expect(told.filter((one) => one === "looked first defect")).toHaveLength(8);
  expect(told.slice(-2)).toEqual(["gave up failing", "finished FAILED"]);
  await runner.stop(0);
});

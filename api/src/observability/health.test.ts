import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { createHealth } from "./health.ts";

const good = { name: "store", run: () => Promise.resolve() };

test("is ready when every check passes", async () => {
  expect(await createHealth([good]).readiness()).toEqual({ ready: true, checks: [{ name: "store", ok: true }] });
});

test("names each check that fails, and why", async () => {
  const bad = { name: "azure", run: () => Promise.reject(new Error("connection refused")) };
  expect(await createHealth([good, bad]).readiness()).toEqual({
    ready: false,
    checks: [
      { name: "store", ok: true },
      { name: "azure", ok: false, reason: "connection refused" },
    ],
  });
});

test("a check that throws at once counts as failed, and its timeout is nobody's unhandled rejection", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  onTestFinished(() => void process.off("unhandledRejection", unhandled));
  const thrower = {
    name: "jobs",
    run: () => {
      throw new Error("not started");
    },
  };
  expect(await createHealth([thrower], 1).readiness()).toMatchObject({
    ready: false,
    checks: [{ reason: "not started" }],
  });
  // The same kind of timer, set later and for longer, so it ends after the check's own.
  await once(AbortSignal.timeout(5), "abort");
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
});

test("a check that hangs is aborted and counts as failed", async () => {
  let wasAborted = false;
  const hanging = {
    name: "azure",
    run: (signal: AbortSignal) => {
      signal.addEventListener("abort", () => (wasAborted = true));
      return new Promise<void>(() => undefined);
    },
  };
  expect(await createHealth([hanging], 5).readiness()).toEqual({
    ready: false,
    checks: [{ name: "azure", ok: false, reason: "no answer within 5 ms" }],
  });
  expect(wasAborted).toBe(true);
});

test("is not ready any more once shutdown has begun", async () => {
  const health = createHealth([good]);
  health.beginShutdown();
  expect(await health.readiness()).toMatchObject({
    ready: false,
    checks: [{ ok: true }, { name: "shutdown", ok: false }],
  });
});

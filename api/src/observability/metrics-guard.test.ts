import { expect, test } from "vitest";
import type { MetricsAccess } from "../config/config.ts";
import { createMetricsGuard } from "./metrics-guard.ts";

const TOKEN: MetricsAccess = { kind: "token", token: "a-token-of-some-length" };

test.each<[MetricsAccess, string | undefined, boolean]>([
  [{ kind: "open" }, undefined, true],
  [{ kind: "closed" }, undefined, false],
  [{ kind: "closed" }, "Bearer a-token-of-some-length", false],
  [TOKEN, undefined, false],
  [TOKEN, "Bearer ", false],
  [TOKEN, "Bearer another-token-of-it", false],
  [TOKEN, "a-token-of-some-length", false],
  [TOKEN, "Bearer a-token-of-some-length", true],
])("%j with %j is let in: %s", (access, authorization, isLetIn) => {
  expect(createMetricsGuard(access)(authorization) === undefined).toBe(isLetIn);
});

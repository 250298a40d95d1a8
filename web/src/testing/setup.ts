import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, expect, vi } from "vitest";

// React reports broken markup, missing keys and updates outside of act by console.error: each of them is a defect.
beforeEach(() => {
  vi.spyOn(console, "error");
});

afterEach(() => {
  cleanup();
  const calls = vi.mocked(console.error).mock.calls.map((call) => call.join(" "));
  vi.restoreAllMocks();
  expect(calls, "console.error was called").toEqual([]);
});

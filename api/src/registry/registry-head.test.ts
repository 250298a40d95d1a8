import { expect, test } from "vitest";
import { isSameHead, NEW_HEAD, nextHead, type RegistryHead } from "./registry-head.ts";

const GUID = "1f0c2a4e-9f63-4d0a-8a54-3f1c7b6d5e21";
const OTHER_GUID = "77aa0c11-02b4-4f7e-b1d3-0a9c8e7f6d54";

const locked = (message: string, code = "DENIED"): RegistryHead => ({
  ...NEW_HEAD,
  dataPlaneProblem: { code, message },
});

test.each([
  [
    "has another correlation id",
    locked(`client with IP '203.0.113.7' is not allowed access. CorrelationId: ${GUID}`),
    locked(`client with IP '203.0.113.7' is not allowed access. CorrelationId: ${OTHER_GUID}`),
    true,
  ],
  [
    "has another time",
    locked("Trace ID: 1, Timestamp: 2026-01-01T00:00:00.000Z"),
    locked("Trace ID: 1, Timestamp: 2026-01-01 00:00:10Z"),
    true,
  ],
  ["says to wait less", locked("Try again in 30 seconds."), locked("Try again in 20 seconds."), true],
  ["names another address", locked("client with IP '203.0.113.7'"), locked("client with IP '203.0.113.8'"), false],
  ["has another code", locked("No."), locked("No.", "UNAUTHORIZED"), false],
  ["is over", locked("No."), NEW_HEAD, false],
])("a problem that %s is the same as before, in the same words: %#", (_what, before, found, isSame) => {
  const next = nextHead(before, found);
  expect(isSameHead(before, next)).toBe(isSame);
  expect(next.dataPlaneProblem).toEqual((isSame ? before : found).dataPlaneProblem);
});

import { beforeEach, expect, test } from "vitest";
import { AzureError, type AzureErrorFacts } from "../../shared/azure-error.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { Registry } from "../registry.ts";
import type { AcrRun } from "./acr-run.ts";
import { createRunsById, type RunsById } from "./runs-by-id.ts";

const SECOND_MS = 1_000;
const RUN = { runId: "cf1", status: "RUNNING" } as AcrRun;

let nowMs: number;
let answer: () => AcrRun | undefined;
let asked: string[];
let missingSince: Map<string, number>;

beforeEach(() => {
  nowMs = 0;
  answer = () => RUN;
  asked = [];
  missingSince = new Map();
});

/** Of one more look. */
function runsById(signal = new AbortController().signal): RunsById {
  const acr: Partial<AcrGateway> = {
    async getRun(_registry, runId) {
      asked.push(runId);
      return answer();
    },
  };
  return createRunsById({ acr: acr as AcrGateway, now: () => nowMs }, {} as Registry, missingSince, signal);
}

function refuse(facts: Partial<AzureErrorFacts> = {}): void {
  answer = () => {
    throw new AzureError({ kind: "transient", body: { code: "Refused", message: "Azure refuses." }, ...facts });
  };
}

test("a run is gone once Azure has not known it for a minute, one answer that it is not there says nothing", async () => {
  for (const [atSeconds, isThere, expected] of [
    [0, false, "untold"],
    [50, true, RUN],
    [55, false, "untold"],
    [115, false, "untold"],
    [116, false, "gone"],
  ] as const) {
    nowMs = atSeconds * SECOND_MS;
    answer = () => (isThere ? RUN : undefined);
    expect(await runsById().read("cf1"), `${atSeconds} s`).toBe(expected);
  }
  expect(missingSince.size).toBe(0);
});

test("a refusal says nothing of this run and nothing of the others", async () => {
  const runs = runsById();
  refuse({ kind: "forbidden", status: 403 });
  expect(await runs.read("cf1")).toBe("untold");
  answer = () => RUN;
  expect(await runs.read("cf2")).toBe(RUN);
  expect(runs.retryAfterMs()).toBeUndefined();
});

test("once Azure asks to wait no further run is asked for, and the wait is told", async () => {
  const runs = runsById();
  refuse({ status: 429, retryAfterMs: 30 * SECOND_MS });
  for (const runId of ["cf1", "cf2", "cf3"]) expect(await runs.read(runId)).toBe("untold");
  expect(asked).toEqual(["cf1"]);
  expect(runs.retryAfterMs()).toBe(30 * SECOND_MS);
});

test("a look that ends is no refusal, nor is a mistake of our own", async () => {
  refuse();
  await expect(runsById(AbortSignal.abort()).read("cf1")).rejects.toThrow("Azure refuses.");
  answer = () => {
    throw new TypeError("a mistake");
  };
  await expect(runsById().read("cf1")).rejects.toThrow("a mistake");
});

import { expect, test } from "vitest";
import { checksOf } from "./health-checks.ts";
import type { JobCount, SystemHealth } from "./health-documents.ts";
import { healthFixture } from "./health.fixture.ts";

const [job] = healthFixture().jobs ?? [];
const jobsOf = (part: Partial<JobCount>): Partial<SystemHealth> => (job ? { jobs: [{ ...job, ...part }] } : {});
const [limit] = healthFixture().azureLimits;

test.each<[string, Partial<SystemHealth>, string, string]>([
  ["a store that answers", {}, "Store", "good: The database of this process answers"],
  [
    "a store that doesn't",
    { store: { kind: "TABLES", problem: "The disk is full." } },
    "Store",
    "trouble: The disk is full.",
  ],
  ["jobs in time", {}, "Job queue", "good: 2 jobs open, looked at in time"],
  ["a minute late is in time", jobsOf({ overdueSeconds: 60 }), "Job queue", "good: 1 job open, looked at in time"],
  [
    "jobs that nobody drives",
    jobsOf({ overdueSeconds: 61 }),
    "Job queue",
    "attention: The most overdue look is 61 s late",
  ],
  [
    "a job that fails",
    jobsOf({ failingCount: 1, overdueSeconds: 90 }),
    "Job queue",
    "trouble: 1 job fails by a defect of Slipway; the log says where",
  ],
  ["jobs that can't be read", { jobs: null }, "Job queue", "unknown: Not known while the store can't be read"],
  ["watchers that look and rest", {}, "Watchers", "good: 1 looking, 1 resting"],
  [
    "a watcher without an answer",
    { watchers: [{ kind: "REGISTRY", name: "locked", isResting: false, lookedAt: null, problem: "Forbidden." }] },
    "Watchers",
    "attention: 1 of 1 get no answer from Azure",
  ],
  ["enough left at Azure", {}, "Azure's limits", "good: 187 left of subscription-reads"],
  [
    "little left at Azure",
    limit ? { azureLimits: [{ ...limit, remainingCount: 49 }] } : {},
    "Azure's limits",
    "attention: 49 left of subscription-reads",
  ],
  ["a new process", { azureLimits: [] }, "Azure's limits", "unknown: Azure has not said yet what is left"],
])("%s is told as what it is", (_case, part, name, expected) => {
  const check = checksOf(healthFixture(part)).find((candidate) => candidate.name === name);
  expect(`${check?.verdict}: ${check?.finding}`).toBe(expected);
});

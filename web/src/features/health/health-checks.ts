import type { SystemHealth } from "./health-documents.ts";

export interface HealthCheck {
  name: string;
  verdict: "good" | "attention" | "trouble" | "unknown";
  /** What was found, as a sentence without its full stop. */
  finding: string;
}

/** A look that is later than this is not driven as it should: looks themselves are cut off before it. */
export const LATE_SECONDS = 60;
/** Of Azure's requests: below it, others who use the same subscription take what Slipway needs. */
const LOW_BUDGET = 50;

/** What is to be known at a glance, each with its verdict. */
export function checksOf(health: SystemHealth): HealthCheck[] {
  return [storeCheck(health), jobCheck(health), watcherCheck(health), azureCheck(health)];
}

function storeCheck({ store }: SystemHealth): HealthCheck {
  const place = store.kind === "TABLES" ? "Azure Tables" : "The database of this process";
  if (store.problem !== null) return { name: "Store", verdict: "trouble", finding: store.problem };
  return { name: "Store", verdict: "good", finding: `${place} answers` };
}

function jobCheck({ jobs }: SystemHealth): HealthCheck {
  const name = "Job queue";
  if (!jobs) return { name, verdict: "unknown", finding: "Not known while the store can't be read" };
  const failing = jobs.reduce((sum, { failingCount }) => sum + failingCount, 0);
  if (failing > 0) {
    const finding = `${counted(failing, "job fails", "jobs fail")} by a defect of Slipway; the log says where`;
    return { name, verdict: "trouble", finding };
  }
  const latest = Math.max(0, ...jobs.map(({ overdueSeconds }) => overdueSeconds));
  if (latest > LATE_SECONDS) {
    return { name, verdict: "attention", finding: `The most overdue look is ${latest} s late` };
  }
  const open = jobs.reduce((sum, { count }) => sum + count, 0);
  return { name, verdict: "good", finding: `${counted(open, "job", "jobs")} open, looked at in time` };
}

function watcherCheck({ watchers }: SystemHealth): HealthCheck {
  const name = "Watchers";
  if (!watchers) return { name, verdict: "unknown", finding: "Not known while the store can't be read" };
  const blocked = watchers.filter(({ problem }) => problem !== null);
  if (blocked.length > 0) {
    return { name, verdict: "attention", finding: `${blocked.length} of ${watchers.length} get no answer from Azure` };
  }
  const looking = watchers.filter(({ isResting }) => !isResting).length;
  return { name, verdict: "good", finding: `${looking} looking, ${watchers.length - looking} resting` };
}

function azureCheck({ azureLimits }: SystemHealth): HealthCheck {
  const name = "Azure's limits";
  const [tightest] = azureLimits;
  if (!tightest) return { name, verdict: "unknown", finding: "Azure has not said yet what is left" };
  const finding = `${tightest.remainingCount} left of ${tightest.bucket}`;
  return { name, verdict: tightest.remainingCount < LOW_BUDGET ? "attention" : "good", finding };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

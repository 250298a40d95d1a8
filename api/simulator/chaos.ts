import { parseArgs } from "node:util";
import { runGate, type GateRow } from "./mutation-gate.ts";
import { MUTATIONS } from "./mutations.ts";
import { runSeed, type SeedReport } from "./run-seed.ts";

/**
 * The simulator's command line.
 *
 *   pnpm chaos                              1,000 seeds from a new place on
 *   pnpm chaos --from 1 --count 100000      those seeds
 *   pnpm chaos --seed 123 --trace           one run, told call by call
 *   pnpm chaos --gate --count 100           each protection switched off, and the share of seeds that notice
 *
 * Ends with 1 when a rule was broken, with the seeds that show it, or when a missing protection went unnoticed.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    from: { type: "string" },
    count: { type: "string" },
    gate: { type: "boolean", default: false },
  },
});

const PROGRESS_EVERY_MS = 30_000;
const say = (line: string): void => console.log(line);

process.exitCode = values.gate
  ? await gate(toNumber(values.from, 1), toNumber(values.count, 100))
  : values.seed === undefined
    ? await manySeeds(toNumber(values.from, Math.floor(Date.now() / 1000)), toNumber(values.count, 1_000))
    : await oneSeed(toNumber(values.seed, 0));

async function oneSeed(seed: number): Promise<number> {
  const report = await runSeed(seed, values.trace ? { onTrace: say } : {});
  tellViolations(report);
  say(
    `seed ${seed}: ${report.ends.join(", ")}; ${report.deaths} deaths in ${seconds(report.virtualMs)} of virtual time`,
  );
  return report.violations.length > 0 ? 1 : 0;
}

async function manySeeds(from: number, count: number): Promise<number> {
  const ends = new Map<string, number>();
  const lateMs: number[] = [];
  const startedMs = performance.now();
  const totals = { done: 0, broken: 0, virtualMs: 0, deaths: 0 };
  let toldMs = startedMs;
  const tellPace = (): void => {
    const pace = (totals.done * 1_000) / (performance.now() - startedMs);
    const virtualHours = (totals.virtualMs / 3_600_000).toFixed(1);
    say(
      `${totals.done} of ${count} seeds from ${from} on, ${pace.toFixed(1)} a second, ${virtualHours} virtual hours, ${totals.deaths} deaths, ${totals.broken} broken`,
    );
  };
  for (let seed = from; seed < from + count; seed++) {
    const report = await runSeed(seed);
    totals.done++;
    totals.virtualMs += report.virtualMs;
    totals.deaths += report.deaths;
    for (const end of report.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
    lateMs.push(...report.lateMs);
    if (report.violations.length > 0) totals.broken++;
    tellViolations(report);
    if (performance.now() - toldMs < PROGRESS_EVERY_MS) continue;
    toldMs = performance.now();
    tellPace();
  }
  tellPace();
  say(
    `ends: ${[...ends]
      .sort((a, b) => b[1] - a[1])
      .map(([end, times]) => `${end} ${times}`)
      .join(", ")}`,
  );
  say(`late after deaths and pauses: ${percentiles(lateMs)}`);
  return totals.broken > 0 ? 1 : 0;
}

async function gate(from: number, count: number): Promise<number> {
  let unnoticed = 0;
  for (const mutation of MUTATIONS) {
    const row = await runGate(mutation, from, count);
    if (row.caught === 0) unnoticed++;
    say(formatRow(row));
  }
  return unnoticed > 0 ? 1 : 0;
}

function formatRow({ name, seeds, caught, firstSeed, rules }: GateRow): string {
  const share = ((100 * caught) / seeds).toFixed(1).padStart(5);
  const told = [...rules].sort((a, b) => b[1] - a[1]).map(([rule, times]) => `${rule} (${times})`);
  return `${share} %  ${name}: ${caught === 0 ? "NOT NOTICED" : `first by seed ${firstSeed}; ${told.join(", ")}`}`;
}

function tellViolations({ seed, violations }: SeedReport): void {
  const [first] = violations;
  if (first) say(`seed ${seed} breaks "${first.rule}" at ${seconds(first.atMs)}: ${first.detail}`);
}

function percentiles(values: number[]): string {
  const sorted = values.sort((one, other) => one - other);
  const at = (share: number): string => seconds(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)} of ${sorted.length} looks`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function toNumber(text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`'${text}' is no number of seeds.`);
  return number;
}

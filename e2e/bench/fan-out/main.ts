import { parseArgs } from "node:util";
import { median, percentile } from "../figures.ts";
import {
  CONTESTANTS,
  GRAPHQL_WS,
  measure,
  RAW,
  SLIPWAY,
  usualUpdates,
  type Contestant,
  type Measured,
} from "./measure.ts";

/**
 * `pnpm bench fan-out [readers …]`: what one state of about 1 KB costs the server for each reader it is delivered to, in the whole real
 * API and, in the same run, in what else one could use. Rounds are interleaved; figures are medians over rounds, ratios
 * medians of the ratios within a round.
 *
 * `--updates` a second (else as many as fit), `--only` a part of contestants' names, `--apart`: each reader looks at a topic of its own.
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(3),
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    updates: { type: "string" },
    only: { type: "string", multiple: true },
    apart: { type: "boolean", default: false },
  },
});
const ROUNDS = Number(values.rounds);
const READERS = positionals.length > 0 ? positionals.map(Number) : [100, 1_000, 5_000, 10_000];
const { only } = values;
// The others know one topic alone.
const contestants = (values.apart ? [GRAPHQL_WS, SLIPWAY] : CONTESTANTS).filter(
  ({ name }) => !only || only.some((part) => name.includes(part)),
);
const reference = (values.apart ? GRAPHQL_WS : RAW).name;

async function measureOne(contestant: Contestant, count: number): Promise<Measured> {
  const usual = usualUpdates(values.apart ? GRAPHQL_WS : contestant, count);
  const updatesPerSecond = values.updates ? Number(values.updates) : usual;
  return measure(contestant, count, { updatesPerSecond, topics: values.apart ? count : 1 });
}

for (const count of READERS) {
  const rows = new Map<string, { readonly all: Measured[]; readonly ratios: number[] }>();
  for (let round = 1; round <= ROUNDS; round++) {
    const ofRound = new Map<string, Measured>();
    for (const contestant of contestants) {
      const measured = await measureOne(contestant, count);
      ofRound.set(contestant.name, measured);
      process.stderr.write(
        `${count}, round ${round}: ${contestant.name} ${measured.cpuMicros.toFixed(1)} µs, kernel ${measured.kernelMicros.toFixed(1)}\n`,
      );
    }
    for (const [name, measured] of ofRound) {
      const row = rows.get(name) ?? { all: [], ratios: [] };
      rows.set(name, row);
      row.all.push(measured);
      row.ratios.push(measured.cpuMicros / (ofRound.get(reference)?.cpuMicros ?? Number.NaN));
    }
  }
  process.stdout.write(
    `\n${count} readers${values.apart ? ", each of a topic of its own" : ""}\n\n` +
      `| server | CPU µs a message | of it kernel | × ${reference} | messages/s | p50 ms | p99 ms | KB a reader |\n|---|---:|---:|---:|---:|---:|---:|---:|\n`,
  );
  for (const [name, { all, ratios }] of rows) {
    const of = (pick: (measured: Measured) => number): number => median(all.map(pick));
    const cells = [
      of(({ cpuMicros }) => cpuMicros),
      of(({ kernelMicros }) => kernelMicros),
      percentile(ratios, 0.5).toFixed(2),
      Math.round(of(({ messagesPerSecond }) => messagesPerSecond)),
      of(({ p50 }) => p50),
      of(({ p99 }) => p99),
      of(({ kbPerReader }) => kbPerReader),
    ];
    process.stdout.write(`| ${[name, ...cells].join(" | ")} |\n`);
  }
}

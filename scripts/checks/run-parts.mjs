import { runCommand } from "../setup/command.mjs";
import { say, seconds } from "../setup/progress.mjs";
import { withTools } from "../setup/tool-environment.mjs";

/** The parts are mostly single programs with a core each; more side by side only makes timings worse. */
export const SIDE_BY_SIDE = 2;

const GATE_TIMEOUT_MS = 10 * 60_000;

/** A part that runs one gate; the gate counts as one. */
export function gatePart(gate, env) {
  return {
    name: gate.name,
    async run() {
      const options = { cwd: gate.cwd, env: withTools(env, gate.cwd), timeoutMs: GATE_TIMEOUT_MS };
      let output = "";
      for (const command of gate.commands) {
        const result = await runCommand(command, options);
        output += result.output;
        if (result.code !== 0)
          return { passed: 0, failed: 1, skipped: 0, output: `${output}\nTo mend it: ${gate.fix}` };
      }
      return { passed: 1, failed: 0, skipped: 0, output };
    },
  };
}

function describe({ passed, failed, skipped }) {
  return [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`]
    .filter(Boolean)
    .join(", ");
}

async function runPart({ name, run }) {
  const startedMs = Date.now();
  const result = await run().catch((error) => ({ passed: 0, failed: 1, skipped: 0, output: error.message }));
  if (result.failed > 0) say(`\n${result.output.trim()}\n`);
  say(`${result.failed > 0 ? "✗" : "✓"} ${name}: ${describe(result)} (${seconds(startedMs)})`);
  for (const title of result.flaky ?? []) say(`  passed only when tried again: ${title}`);
  return result;
}

/**
 * Runs parts (`{name, run() → {passed, failed, skipped, flaky?, output}}`), `width` of them side by side, each told of on a line when it
 * is done, with its output when it failed. Gives back the sums.
 */
export async function runParts(parts, width) {
  const queue = [...parts];
  const results = [];
  const lane = async () => {
    for (let part = queue.shift(); part; part = queue.shift()) results.push(await runPart(part));
  };
  await Promise.all(Array.from({ length: width }, lane));
  return sumOf(results);
}

export function sumOf(results) {
  return results.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** Prints the closing line and ends the process with 1 unless something passed and nothing failed. */
export function finish({ passed, failed, skipped }) {
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

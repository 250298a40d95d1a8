import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../setup/command.mjs";
import { withTools } from "../setup/tool-environment.mjs";
import { inRoot } from "../setup/workspace.mjs";

/** Far above what any suite takes; it only keeps a hanging one from hanging the whole run. */
const TIMEOUT_MS = 45 * 60_000;
const TEST_FILE = /\.(test|spec)\.(tsx?|mjs)$/;

function hasTests(folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    if (entry.isDirectory()) return entry.name !== "node_modules" && hasTests(path.join(folder, entry.name));
    return TEST_FILE.test(entry.name);
  });
}

/**
 * Counts of a vitest JSON report; a file that could not even be loaded counts as one failed test. What passed only when tried again
 * has passed, and is named in `flaky`.
 */
export function countVitest(report) {
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    flaky: report.testResults
      .flatMap((file) => file.assertionResults)
      .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
      .map(({ fullName }) => fullName),
  };
}

function specsIn({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsIn)];
}

/** Counts of a Playwright JSON report. */
export function countPlaywright({ stats, errors, suites = [] }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    flaky: suites
      .flatMap(specsIn)
      .filter(({ tests }) => tests.some(({ status }) => status === "flaky"))
      .map(({ title }) => title),
  };
}

const VITEST = {
  command: (reportFile) => ["vitest", "run", "--reporter=dot", "--reporter=json", `--outputFile.json=${reportFile}`],
  env: () => ({}),
  count: countVitest,
};
const PLAYWRIGHT = {
  command: () => ["playwright", "test", "--reporter=list,json"],
  env: (reportFile) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile }),
  count: countPlaywright,
};

/** Also proves that every import rule fires, so it belongs to the gates as well. */
export const SCRIPTS_SUITE = { name: "tests of scripts", folder: inRoot("scripts"), runner: VITEST };

/** Suites that may run beside one another, the slowest first. */
export const SUITES = [
  { name: "tests of api", folder: inRoot("api"), runner: VITEST },
  { name: "tests of web", folder: inRoot("web"), runner: VITEST },
  SCRIPTS_SUITE,
];

/** Starts the product several times over, so it runs alone. */
export const BROWSER_SUITE = { name: "tests in the browser", folder: inRoot("e2e"), runner: PLAYWRIGHT };

export function suiteHasTests(suite) {
  return hasTests(suite.folder);
}

/** A suite as a part of a run, with its tools found by name. */
export function suitePart(suite, env) {
  return { name: suite.name, run: () => runSuite(suite, withTools(env, suite.folder)) };
}

/** Runs a suite: `{passed, failed, skipped, flaky, output}`. A run that ends badly without a failed test, or tests nothing, has failed. */
async function runSuite({ folder, runner }, env) {
  const reports = mkdtempSync(path.join(tmpdir(), "slipway-report-"));
  const reportFile = path.join(reports, "report.json");
  try {
    const command = runner.command(reportFile);
    const { code, output } = await runCommand(command, {
      cwd: folder,
      env: { ...env, ...runner.env(reportFile) },
      timeoutMs: TIMEOUT_MS,
    });
    const counts = existsSync(reportFile)
      ? runner.count(JSON.parse(readFileSync(reportFile, "utf8")))
      : { passed: 0, failed: 0, skipped: 0, flaky: [] };
    const isUnexplained = counts.failed === 0 && (code !== 0 || counts.passed === 0);
    if (!isUnexplained) return { ...counts, output };
    return {
      ...counts,
      failed: 1,
      output: `${output}\n${command[0]} ended with ${code} after ${counts.passed} passed tests.`,
    };
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

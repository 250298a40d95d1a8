import { BUILD_FAILURE_RULES } from "./build-failure-rules.ts";
import type { BuildAbout, BuildFacts, BuildFailure } from "./build-failure.ts";

/** What decides stands near the end: before it a build may print whatever it likes. */
const LAST_LINES = 60;
/** Rules look for words: what is longer is no sentence of anybody's. */
const LONGEST_LINE = 1_000;
const LONGEST_MESSAGE = 500;
const LONGEST_FACT = 200;

/**
 * Why a build failed, by the end of its log and by Azure's own reason for the run. Rules come in order, causes before what they
 * lead to; of the lines that a rule knows the last decides. Undefined for what none knows: Azure's words are all there is then.
 */
export function classifyBuildFailure(
  log: string,
  error: string | undefined,
  about: BuildAbout,
): BuildFailure | undefined {
  const printed = log.split("\n").filter((line) => line.trim() !== "");
  const lines = [...printed.slice(-LAST_LINES), error ?? ""].map(plain);
  for (const rule of BUILD_FAILURE_RULES) {
    for (const line of lines.toReversed()) {
      const match = rule.words.map((words) => words.exec(line)).find((found) => found !== null);
      if (!match) continue;
      const facts: BuildFacts = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [name, shortened(value, LONGEST_FACT)]),
      );
      return {
        category: rule.category,
        summary: rule.tell(facts, about),
        message: shortened(line, LONGEST_MESSAGE) ?? "",
        remedies: rule.remedies(facts, about),
      };
    }
  }
  return undefined;
}

const COLOURS = /\u001B\[[\d;]*[A-Za-z]/g;

/** A line as it looks when it has been printed: without colours and what was overwritten. */
function plain(line: string): string {
  const shown = line.replaceAll(COLOURS, "").trimEnd();
  return shown
    .slice(shown.lastIndexOf("\r") + 1)
    .slice(0, LONGEST_LINE)
    .trim();
}

function shortened(text: string | undefined, length: number): string | undefined {
  return text !== undefined && text.length > length ? `${text.slice(0, length)}…` : text;
}

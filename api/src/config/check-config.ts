/**
 * Tells the launcher what the settings say, as one JSON line on standard output: it runs before anything is started, in a
 * process of its own, because the launcher must work on Nodes that can't read TypeScript.
 *
 * Usage: `node check-config.ts <root folder>`. Reads `.env` in that folder; the real environment wins over it.
 */
import path from "node:path";
import { parseConfig, type ParsedConfig } from "./config.ts";
import { dataDirProblem } from "./data-dir.ts";
import { readEnvironment } from "./environment.ts";

const root = path.resolve(process.argv[2] ?? ".");
const environment = readEnvironment(root);
const parsed = parseConfig(environment);
process.stdout.write(`${JSON.stringify(parsed.ok ? answerFor(parsed) : parsed)}\n`);

function answerFor({ config, ...rest }: Extract<ParsedConfig, { ok: true }>): object {
  const dataDir = path.resolve(root, config.dataDir);
  const { store, azure } = config;
  const isKeptHere = store.kind === "embedded" || (azure.kind === "emulator" && azure.isStartedHere);
  const problem = isKeptHere ? dataDirProblem(dataDir) : undefined;
  if (problem !== undefined) return { ok: false, problems: [problem] };
  return { ...rest, config: { ...config, dataDir }, environment };
}

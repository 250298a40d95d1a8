/**
 * Tells the launcher what the settings say, as one JSON line on standard output: it runs before anything is started, in a
 * process of its own, because the launcher must work on Nodes that can't read TypeScript.
 *
 * Usage: `node check-config.ts <root folder>`. Reads `.env` in that folder; the real environment wins over it.
 */
import path from "node:path";
import { parseConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";

const root = path.resolve(process.argv[2] ?? ".");
const environment = readEnvironment(root);
const parsed = parseConfig(environment);
const answer = parsed.ok
  ? { ...parsed, config: { ...parsed.config, dataDir: path.resolve(root, parsed.config.dataDir) }, environment }
  : parsed;
process.stdout.write(`${JSON.stringify(answer)}\n`);

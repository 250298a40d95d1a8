import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import type { Environment } from "./config.ts";

/** Folder of the repository: where `.env` is looked for. */
export const ROOT_DIR = fileURLToPath(new URL("../../../", import.meta.url));

/** The process's environment, with what `.env` in `rootDir` adds; what is set for real wins over the file. */
export function readEnvironment(rootDir: string = ROOT_DIR): Environment {
  const file = join(rootDir, ".env");
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  return { ...fromFile, ...process.env };
}

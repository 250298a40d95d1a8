import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder, whatever the working directory is. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The package manager, pinned; started through npx because a machine need have no more than Node and npm. */
export const PNPM = "pnpm@12.21.0";

export function inRoot(...parts) {
  return path.join(ROOT, ...parts);
}

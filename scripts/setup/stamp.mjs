import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, inRoot } from "./workspace.mjs";

/**
 * Stamps remember which inputs a set-up step was last done for. They live under node_modules, so that removing it forgets
 * them all.
 */
const STAMPS = inRoot("node_modules", ".slipway");

function* filesUnder(entry) {
  if (!existsSync(entry)) return;
  if (!statSync(entry).isDirectory()) {
    yield entry;
    return;
  }
  for (const name of readdirSync(entry).sort()) yield* filesUnder(path.join(entry, name));
}

/** A digest of the content of files and folders, given relative to the root; what is missing counts as absent, not as an error. */
export function digestOf(entries, ...extras) {
  const hash = createHash("sha256");
  for (const extra of extras) hash.update(`${extra}\0`);
  for (const entry of entries) {
    for (const file of filesUnder(inRoot(entry))) {
      hash.update(`${path.relative(ROOT, file)}\0`);
      hash.update(readFileSync(file));
      hash.update("\0");
    }
  }
  return hash.digest("hex");
}

export function isStamped(name, digest) {
  const file = path.join(STAMPS, name);
  return existsSync(file) && readFileSync(file, "utf8") === digest;
}

export function writeStamp(name, digest) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(path.join(STAMPS, name), digest);
}

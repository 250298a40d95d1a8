import { lstatSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import path from "node:path";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no folder can be made there",
  EACCES: "access is denied",
  EPERM: "access is denied",
  EROFS: "it is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
};

/**
 * A sentence when everything that is kept can't be kept in `folder`, which need not be there yet. Leaves nothing behind.
 *
 * The nearest folder that exists is tried by making one in it: the superuser is denied nothing, and yet can't write
 * everywhere. Not by making `folder` with all above it: `mkdir` with `recursive` never ends in places such as /proc, where
 * nothing can be made.
 */
export function dataDirProblem(folder: string): string | undefined {
  let nearest = path.resolve(folder);
  try {
    while (!isThere(nearest)) nearest = path.dirname(nearest);
    if (!statSync(nearest).isDirectory()) return problemOf(nearest, "it is a file");
    rmdirSync(mkdtempSync(path.join(nearest, ".slipway-")));
    return undefined;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return problemOf(nearest, REASONS[code] ?? message);
  }
}

function problemOf(place: string, reason: string): string {
  return `SLIPWAY_DATA_DIR must name a folder that can be written; '${place}' can't be: ${reason}.`;
}

/** A link to nothing is there: no folder can be made in its place. */
function isThere(place: string): boolean {
  try {
    lstatSync(place);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}

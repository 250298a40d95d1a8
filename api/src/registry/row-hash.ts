import { createHash } from "node:crypto";

/** Stands for a name in a row key, which allows fewer characters than names of images have. */
export function rowHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

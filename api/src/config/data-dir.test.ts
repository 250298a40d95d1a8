import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataDirProblem } from "./data-dir.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "data-dir-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a folder that is there or can be made is fine, and nothing is left in it", () => {
  expect([dataDirProblem(dir), dataDirProblem(join(dir, "a", "b"))]).toEqual([undefined, undefined]);
  expect(readdirSync(dir)).toEqual([]);
});

test.each(["file", "file/below", "file/far/below"])("names the file that is in the way of %s", (name) => {
  writeFileSync(join(dir, "file"), "");
  expect(dataDirProblem(join(dir, name))).toBe(
    `SLIPWAY_DATA_DIR must name a folder that can be written; '${join(dir, "file")}' can't be: it is a file.`,
  );
});

test("names a link that leads nowhere", () => {
  symlinkSync(join(dir, "nowhere"), join(dir, "link"));
  expect(dataDirProblem(join(dir, "link", "below"))).toContain(
    `'${join(dir, "link")}' can't be: no folder can be made there.`,
  );
});

test.runIf(process.platform === "linux")("answers for a place where nothing can ever be made", () => {
  expect(dataDirProblem("/proc/slipway/data")).toContain(
    "SLIPWAY_DATA_DIR must name a folder that can be written; '/proc' can't be: no folder can be made there.",
  );
});

import { existsSync, readFileSync } from "node:fs";
import { inRoot } from "../setup/workspace.mjs";

/** Rows of the tables in a document of the repository, without their heads: the cells of each. */
export function tableRowsOf(file) {
  const lines = readFileSync(inRoot(file), "utf8").split("\n");
  return lines
    .filter((line, index) => line.startsWith("| ") && !isRule(line) && !isRule(lines[index + 1] ?? ""))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\|\s*|\s*\|$/g, "").trim()));
}

/** Tests that a cell names: `path`: title, one or more of them with <br> between. */
export function proofsOf(cell) {
  return cell.split("<br>").flatMap((proof) => {
    const [, file, title] = /^`([^`]+)`: (.+)$/.exec(proof.trim()) ?? [];
    return file ? [{ file, title }] : [];
  });
}

export function isFileThere(file) {
  return existsSync(inRoot(file));
}

/** Whether the file has a test of that name. */
export function isTestThere({ file, title }) {
  return readFileSync(inRoot(file), "utf8").includes(title);
}

function isRule(line) {
  return /^\|[\s|:-]*-[\s|:-]*\|$/.test(line);
}

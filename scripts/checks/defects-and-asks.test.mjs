import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inRoot } from "../setup/workspace.mjs";

const TABLE = readFileSync(inRoot("docs/defects-and-asks.md"), "utf8");
const ROWS = TABLE.split("\n")
  .filter((line) => line.startsWith("| ") && !/^\|\s*(Scenario|-|\|)/.test(line))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\|\s*|\s*\|$/g, "").trim()));

/** `path`: title of a test, one or more of them in a cell. */
function proofsOf(cell) {
  return cell.split("<br>").flatMap((proof) => {
    const [, file, title] = /^`([^`]+)`: (.+)$/.exec(proof.trim()) ?? [];
    return file ? [{ file, title }] : [];
  });
}

const NAMED = ROWS.flatMap((cells) => proofsOf(cells.at(-1)));
const PLACES = ROWS.filter((cells) => cells.length === 4).flatMap(
  ([, , where]) => /^`([^`]+)`$/.exec(where)?.[1] ?? [],
);

test("every defect, ask, incident and scenario has a row, once", () => {
  const ids = ROWS.map(([id]) => id);
  const numbers = (most, letter = "") => Array.from({ length: most }, (_none, index) => `${letter}${index + 1}`);
  expect(ids.filter((id) => id.startsWith("L"))).toEqual(numbers(17, "L"));
  expect(ids.filter((id) => /^\d+$/.test(id))).toEqual([...numbers(39), ...numbers(32)]);
  expect(ids.filter((id) => id.startsWith("`"))).toHaveLength(11);
});

test("every file that is named is there", () => {
  const missing = [...PLACES, ...NAMED.map(({ file }) => file)].filter((file) => !existsSync(inRoot(file)));
  expect(missing, "rename them in docs/defects-and-asks.md as well").toEqual([]);
});

test("every test that is named is in its file", () => {
  expect(NAMED.length).toBeGreaterThan(90);
  const missing = NAMED.filter(({ file, title }) => !readFileSync(inRoot(file), "utf8").includes(title));
  expect(missing, "rename them in docs/defects-and-asks.md as well").toEqual([]);
});

test("a row is proved by a test, or says why not", () => {
  const bare = ROWS.filter(
    (cells) => proofsOf(cells.at(-1)).length === 0 && !/does not apply|not handled/.test(cells.join(" ")),
  );
  expect(bare).toEqual([]);
});

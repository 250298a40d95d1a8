import { expect, test } from "vitest";
import { isFileThere, isTestThere, proofsOf, tableRowsOf } from "./documented-proofs.mjs";

const ROWS = tableRowsOf("docs/defects-and-asks.md");
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
  const missing = [...PLACES, ...NAMED.map(({ file }) => file)].filter((file) => !isFileThere(file));
  expect(missing, "rename them in docs/defects-and-asks.md as well").toEqual([]);
});

test("every test that is named is in its file", () => {
  expect(NAMED.length).toBeGreaterThan(90);
  const missing = NAMED.filter((proof) => !isTestThere(proof));
  expect(missing, "rename them in docs/defects-and-asks.md as well").toEqual([]);
});

test("a row is proved by a test, or says why not", () => {
  const bare = ROWS.filter(
    (cells) => proofsOf(cells.at(-1)).length === 0 && !/does not apply|not handled/.test(cells.join(" ")),
  );
  expect(bare).toEqual([]);
});

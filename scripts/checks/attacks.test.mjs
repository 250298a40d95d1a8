import { expect, test } from "vitest";
import { isFileThere, isTestThere, proofsOf, tableRowsOf } from "./documented-proofs.mjs";

const ROWS = tableRowsOf("docs/security.md").filter(([id]) => /^\d+$/.test(id));
const NAMED = ROWS.flatMap((cells) => proofsOf(cells.at(-1)));

test("every attack has a row, once", () => {
  expect(ROWS.map(([id]) => Number(id))).toEqual(Array.from({ length: 52 }, (_none, index) => index + 1));
});

test("every test that is named is there", () => {
  const missing = NAMED.filter((proof) => !isFileThere(proof.file) || !isTestThere(proof));
  expect(missing, "rename them in docs/security.md as well").toEqual([]);
});

test("every attack is refused in a test, or says why not", () => {
  const bare = ROWS.filter(
    (cells) => proofsOf(cells.at(-1)).length === 0 && !/does not apply|not handled/.test(cells.at(-1)),
  );
  expect(bare).toEqual([]);
});

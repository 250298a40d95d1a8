import { expect, test } from "vitest";
import { createLogLines } from "./log-lines.ts";

test("lines are the same wherever the bytes are cut, in the middle of a character or of a line end too", () => {
  const text = "Step 1/3 : FROM alpine ✓\r\nzwölf Boxkämpfer\n\r\nno end";
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const lines = createLogLines();
    const got = [...lines.push(bytes.slice(0, cut)), ...lines.push(bytes.slice(cut)), ...lines.end()];
    expect(got).toEqual(["Step 1/3 : FROM alpine ✓", "zwölf Boxkämpfer", "", "no end"]);
  }
});

test("a line without an end is kept back until it has one", () => {
  const lines = createLogLines();
  expect(lines.push(new TextEncoder().encode("half"))).toEqual([]);
  expect(lines.push(new TextEncoder().encode(" and half\nnext"))).toEqual(["half and half"]);
  expect(lines.end()).toEqual(["next"]);
  expect(lines.end()).toEqual([]);
});

test("a line of a megabyte is cut, and says so", () => {
  const [line] = createLogLines().push(new TextEncoder().encode(`${"x".repeat(1_000_000)}\n`));
  expect(line?.length).toBeLessThan(17_000);
  expect(line).toMatch(/983616 more characters\)$/);
});

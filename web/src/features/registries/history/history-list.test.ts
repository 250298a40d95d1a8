import { describe, expect, test } from "vitest";
import type { Build } from "../builds/build-documents.ts";
import { buildFixture } from "../builds/build.fixture.ts";
import { appendPage, firstPage, mergeChanged } from "./history-list.ts";

const EVERYTHING = { image: "", state: "all" } as const;

/** A build that was asked for in this minute. */
function build(minute: number, part: Partial<Build> = {}): Build {
  const { input: _input, __typename: _typename, ...rest } = buildFixture();
  const at = `2026-11-22T10:${String(minute).padStart(2, "0")}:00Z`;
  return { ...rest, id: `b${minute}`, createdAt: at, ...part };
}

const page = (builds: Build[], hasNextPage = false) => ({
  edges: builds.map((node) => ({ node })),
  pageInfo: { hasNextPage, endCursor: builds.at(-1)?.id ?? null },
});
const ids = (list: { builds: readonly Build[] }) => list.builds.map(({ id }) => id);

test("an older page goes below, and brings no build twice", () => {
  const list = appendPage(firstPage(page([build(9), build(8)], true)), page([build(8), build(7)]));
  expect(ids(list)).toEqual(["b9", "b8", "b7"]);
  expect([list.hasMore, list.cursor]).toEqual([false, "b7"]);
});

describe("a change", () => {
  const list = firstPage(page([build(9), build(8, { status: "SUCCEEDED" })], true));

  test("puts a new build on top and marks it as late", () => {
    const next = mergeChanged(list, [build(10)], EVERYTHING);
    expect(ids(next)).toEqual(["b10", "b9", "b8"]);
    expect([...next.late]).toEqual(["b10"]);
  });

  test("takes its row's place, unless what is known is newer", () => {
    const ended = mergeChanged(list, [build(9, { version: 5, status: "FAILED" })], EVERYTHING);
    expect(ended.builds[0]?.status).toBe("FAILED");
    expect(mergeChanged(ended, [build(9, { version: 4 })], EVERYTHING)).toBe(ended);
  });

  test("of a build that is further down than was loaded waits for its page, and comes at once when all are loaded", () => {
    expect(mergeChanged(list, [build(7)], EVERYTHING)).toBe(list);
    expect(ids(mergeChanged({ ...list, hasMore: false }, [build(7)], EVERYTHING))).toEqual(["b9", "b8", "b7"]);
  });

  test.each([
    ["of another image", { image: "ncbi/elb", state: "all" }, build(10, { image: "shop/web" }), ["b9", "b8"]],
    ["in another state", { image: "", state: "failed" }, build(10), ["b9", "b8"]],
    ["that matches both", { image: "ncbi/elb", state: "in-flight" }, build(10), ["b10", "b9", "b8"]],
    ["that matches no more", { image: "", state: "in-flight" }, build(9, { version: 5, status: "FAILED" }), ["b8"]],
  ] as const)("%s keeps to the filter", (_what, filter, changed, expected) => {
    expect(ids(mergeChanged(list, [changed], filter))).toEqual(expected);
  });
});

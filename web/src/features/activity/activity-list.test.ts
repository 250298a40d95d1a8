import { describe, expect, test } from "vitest";
import { appendPage, firstPage, prepend, refresh } from "./activity-list.ts";
import { entryFixture, pageFixture } from "./activity.fixture.ts";

const page = (...sequences: number[]) => pageFixture(sequences.map((sequence) => entryFixture(sequence)));
const shown = ({ entries }: { entries: readonly { sequence: number }[] }) => entries.map(({ sequence }) => sequence);

describe("the list of entries", () => {
  test("has what is recorded meanwhile on top, once", () => {
    const list = prepend(firstPage(page(2, 1)), [entryFixture(3), entryFixture(4), entryFixture(2)]);
    expect(shown(list)).toEqual([4, 3, 2, 1]);
    expect([...list.late]).toEqual(["e3", "e4"]);
    expect(prepend(list, [entryFixture(3)])).toBe(list);
  });

  test("goes on with the older page", () => {
    expect(shown(appendPage(firstPage(page(5, 4)), page(3, 2)))).toEqual([5, 4, 3, 2]);
  });

  test("keeps its older pages when the newest is asked for again, with what has become of things", () => {
    const list = appendPage(firstPage(page(5, 4)), page(3, 2));
    const again = refresh(list, pageFixture([entryFixture(6), entryFixture(5, { message: "now" })]));
    expect(shown(again)).toEqual([6, 5, 4, 3, 2]);
    expect(again.entries[1]?.message).toBe("now");
  });

  test("begins anew when there may be entries between it and the newest page", () => {
    expect(shown(refresh(firstPage(page(2, 1)), page(9, 8)))).toEqual([9, 8]);
  });
});

import { describe, expect, test } from "vitest";
import { ghostFixture, repositoryFixture, tagFixture } from "./registry.fixture.ts";
import {
  isOutOfOrder,
  mergeRepositories,
  NO_REPOSITORIES,
  type RepositoryList,
  settle,
  showWaiting,
  sortRows,
} from "./repository-list.ts";

const pushed = (name: string, hour: string, version = 4) =>
  repositoryFixture(name, { version, tags: [tagFixture({ createdAt: `2026-11-22T${hour}:00:00Z` })] });
const namesOf = (list: RepositoryList) => list.order.map((id) => list.byId.get(id)?.name);
const settled = () =>
  settle(mergeRepositories(NO_REPOSITORIES, [pushed("old", "01"), pushed("new", "09"), pushed("mid", "05")], true));

describe("while the snapshot comes", () => {
  test("rows stand newest first whatever the order of arrival, builds in flight on top", () => {
    const list = mergeRepositories(settled(), [], true);
    expect(namesOf(list)).toEqual(["new", "mid", "old"]);
    const loading = mergeRepositories(NO_REPOSITORIES, [pushed("new", "09"), ghostFixture("ghost")], true);
    expect(namesOf(mergeRepositories(loading, [pushed("old", "01")], true))).toEqual(["ghost", "new", "old"]);
  });

  test("what was deleted before is not shown", () => {
    const list = mergeRepositories(
      NO_REPOSITORIES,
      [repositoryFixture("gone", { state: "DELETED", tagCount: 0 })],
      true,
    );
    expect(list.order).toEqual([]);
    expect(list.byId.size).toBe(1);
  });
});

describe("versions", () => {
  test.each([
    ["a duplicate", 4],
    ["one that was overtaken", 2],
  ])("%s changes nothing at all", (_, version) => {
    const list = settled();
    expect(mergeRepositories(list, [repositoryFixture("new", { version, state: "RUNNING" })], true)).toBe(list);
  });

  test("of several in one batch the newest stays, in whatever order they stand", () => {
    const list = mergeRepositories(
      settled(),
      [7, 9, 8].map((version) => repositoryFixture("new", { version, tagCount: version })),
      true,
    );
    expect(list.byId.get("id:new")?.tagCount).toBe(9);
  });

  test("a snapshot sent again after a reconnect moves no row", () => {
    const list = settled();
    expect(mergeRepositories(list, [pushed("mid", "05"), pushed("old", "01"), pushed("new", "09")], true)).toBe(list);
  });
});

describe("once it has settled", () => {
  test("a row keeps its place whatever happens to it", () => {
    const list = mergeRepositories(settled(), [pushed("old", "10", 5)], true);
    expect(namesOf(list)).toEqual(["new", "mid", "old"]);
    expect(isOutOfOrder(list)).toBe(true);
    expect(namesOf(sortRows(list, "newest"))).toEqual(["old", "new", "mid"]);
    expect(isOutOfOrder(sortRows(list, "newest"))).toBe(false);
  });

  test("rows sorted by name stay so until something changes their order", () => {
    const list = sortRows(settled(), "name");
    expect(namesOf(list)).toEqual(["mid", "new", "old"]);
    expect(isOutOfOrder(mergeRepositories(list, [pushed("old", "10", 5)], true))).toBe(false);
    const changed = mergeRepositories(list, [ghostFixture("zero")], true);
    expect(namesOf(changed)).toEqual(["zero", "mid", "new", "old"]);
    expect(isOutOfOrder(changed)).toBe(true);
    expect(namesOf(sortRows(changed, changed.sortedBy))).toEqual(["mid", "new", "old", "zero"]);
  });

  test("a new repository comes on top while the top is in view", () => {
    expect(namesOf(mergeRepositories(settled(), [ghostFixture("ghost")], true))).toEqual([
      "ghost",
      "new",
      "mid",
      "old",
    ]);
  });

  test("and waits while somebody reads further down, newest first", () => {
    let list = mergeRepositories(settled(), [ghostFixture("first")], false);
    list = mergeRepositories(list, [ghostFixture("second")], false);
    expect(namesOf(list)).toEqual(["new", "mid", "old"]);
    expect(list.waiting).toEqual(["id:second", "id:first"]);
    expect(namesOf(showWaiting(list))).toEqual(["second", "first", "new", "mid", "old"]);
    expect(showWaiting(list).waiting).toEqual([]);
  });

  test("a deleted repository keeps its row until the order is made anew", () => {
    const list = mergeRepositories(
      settled(),
      [repositoryFixture("mid", { version: 8, state: "DELETED", tagCount: 0 })],
      true,
    );
    expect(namesOf(list)).toEqual(["new", "mid", "old"]);
    expect(namesOf(sortRows(list, "newest"))).toEqual(["new", "old"]);
  });

  test("one that is made again after its deletion gets one row", () => {
    const gone = settle(mergeRepositories(NO_REPOSITORIES, [repositoryFixture("back", { state: "DELETED" })], true));
    const back = mergeRepositories(gone, [repositoryFixture("back", { version: 6 })], true);
    expect(namesOf(back)).toEqual(["back"]);
    const shown = mergeRepositories(settled(), [repositoryFixture("mid", { version: 8, state: "DELETED" })], true);
    expect(namesOf(mergeRepositories(shown, [repositoryFixture("mid", { version: 9 })], true))).toEqual([
      "new",
      "mid",
      "old",
    ]);
  });

  test("one that is deleted while it waits is not announced as new", () => {
    const list = mergeRepositories(settled(), [ghostFixture("ghost")], false);
    const gone = mergeRepositories(list, [repositoryFixture("ghost", { version: 9, state: "DELETED" })], false);
    expect(gone.waiting).toEqual([]);
  });
});

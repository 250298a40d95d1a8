import { describe, expect, test } from "vitest";
import { ghostFixture, overFixture, repositoryFixture, runFixture, tagFixture } from "./registry.fixture.ts";
import {
  isOutOfOrder,
  mergeRepositories,
  NO_REPOSITORIES,
  type RepositoryList,
  settle,
  showWaiting,
  sortRows,
  withoutMissing,
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

describe("the row of a run whose image was not known", () => {
  const withRun = () => mergeRepositories(settled(), [runFixture("run cf1", 5)], true);

  test.each([
    ["alone", [overFixture("run cf1", 9)]],
    ["after another change of the same batch", [pushed("others/late", "10", 9), overFixture("run cf1", 9)]],
    ["before another change of the same batch", [overFixture("run cf1", 9), pushed("others/late", "10", 9)]],
    ["after its own last change, in one batch", [runFixture("run cf1", 8), overFixture("run cf1", 9)]],
  ])("goes when it is over: told %s", (_, arrived) => {
    const list = mergeRepositories(withRun(), arrived, true);
    expect(namesOf(list)).not.toContain("run cf1");
    expect(list.byId.has("id:run cf1")).toBe(false);
  });

  test("does not come back with what is older than its end", () => {
    const gone = mergeRepositories(withRun(), [overFixture("run cf1", 9)], true);
    expect(mergeRepositories(gone, [runFixture("run cf1", 8)], true)).toBe(gone);
    const neverSeen = mergeRepositories(settled(), [overFixture("run cf2", 9)], true);
    expect(namesOf(mergeRepositories(neverSeen, [runFixture("run cf2", 8)], true))).toEqual(["new", "mid", "old"]);
  });

  test("comes again with a later run of the same task", () => {
    const gone = mergeRepositories(withRun(), [overFixture("run cf1", 9)], true);
    expect(namesOf(mergeRepositories(gone, [runFixture("run cf1", 10)], true))).toEqual([
      "run cf1",
      "new",
      "mid",
      "old",
    ]);
  });

  test("is remembered to be gone for the newest of many, so that a page that stays open does not grow", () => {
    const ended = Array.from({ length: 3000 }, (_, at) => overFixture(`run cf${at + 1}`, at + 1));
    const list = mergeRepositories(settled(), ended, true);
    expect(list.gone.size).toBeLessThanOrEqual(1000);
    expect(mergeRepositories(list, [runFixture("run cf3000", 2999)], true)).toBe(list);
  });
});

describe("after a reconnect", () => {
  const held = () => mergeRepositories(settled(), [runFixture("run cf1", 5)], true);

  test("a row leaves of which the registry knows nothing any more, and stays away", () => {
    const list = withoutMissing(held(), held().byId, new Set(["id:new", "id:mid"]));
    expect(namesOf(list)).toEqual(["new", "mid"]);
    expect(mergeRepositories(list, [runFixture("run cf1", 5)], true)).toBe(list);
  });

  test("a row stays that came or changed after it was asked for", () => {
    const before = held().byId;
    const list = mergeRepositories(held(), [runFixture("run cf1", 6), ghostFixture("late")], true);
    expect(namesOf(withoutMissing(list, before, new Set(["id:new", "id:mid", "id:old"])))).toEqual([
      "late",
      "run cf1",
      "new",
      "mid",
      "old",
    ]);
  });

  test("one that is known to be deleted keeps its faded row", () => {
    const list = mergeRepositories(held(), [repositoryFixture("mid", { version: 8, state: "DELETED" })], true);
    const known = new Set(["id:new", "id:old", "id:run cf1"]);
    expect(withoutMissing(list, list.byId, known)).toBe(list);
  });
});

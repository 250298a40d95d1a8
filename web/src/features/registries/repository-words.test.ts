import { describe, expect, test } from "vitest";
import { failedBuildFixture } from "./builds/build.fixture.ts";
import { ghostFixture, repositoryFixture, tagFixture } from "./registry.fixture.ts";
import { mergeRepositories, NO_REPOSITORIES, settle } from "./repository-list.ts";
import { isGhost, parseStateFilter, repositoryLook, visibleRows } from "./repository-words.ts";

test.each([
  ["AVAILABLE", "Available", "success"],
  ["QUEUED", "Queued", "neutral"],
  ["STARTED", "Starting", "accent"],
  ["RUNNING", "Running", "accent"],
  ["FAILED", "Failed", "danger"],
  ["CANCELED", "Canceled", "neutral"],
  ["ERROR", "Error", "danger"],
  ["TIMEOUT", "Timed out", "danger"],
  ["DELETED", "Deleted", "neutral"],
  ["UNKNOWN", "Unknown", "neutral"],
  ["SCANNING", "SCANNING", "neutral"],
] as const)("the state %s is shown as %s, %s", (state, label, tone) => {
  expect(repositoryLook(state as never)).toMatchObject({ label, tone });
});

describe("rows", () => {
  const list = settle(
    mergeRepositories(
      NO_REPOSITORIES,
      [
        ghostFixture("ncbi/elb"),
        repositoryFixture("shop/web", {
          lastBuild: failedBuildFixture({ image: "shop/web" }),
          tags: [tagFixture({ name: "6.2.0" })],
        }),
        repositoryFixture("shop/api"),
        repositoryFixture("old/one", { state: "DELETED", tags: [], tagCount: 0 }),
      ],
      true,
    ),
  );
  const names = (words: string, state: Parameters<typeof visibleRows>[2]) =>
    visibleRows(list, words, state).map((repository) => repository.name);

  test.each([
    ["", "all", ["ncbi/elb", "shop/web", "shop/api"]],
    ["SHOP", "all", ["shop/web", "shop/api"]],
    ["web:6.2", "all", ["shop/web"]],
    ["elb:1.4", "all", ["ncbi/elb"]],
    ["nothing", "all", []],
    ["", "building", ["ncbi/elb"]],
    ["", "failed", ["shop/web"]],
    ["shop", "available", ["shop/web", "shop/api"]],
    ["", "deleted", ["old/one"]],
  ] as const)("that have '%s' and are %s", (words, state, expected) => expect(names(words, state)).toEqual(expected));
});

test("an image without any push is a ghost, one that is built again is not", () => {
  expect(isGhost(ghostFixture("a"))).toBe(true);
  expect(isGhost(repositoryFixture("a", { activeBuilds: ghostFixture("a").activeBuilds }))).toBe(false);
});

test.each([
  ["building", "building"],
  ["nonsense", "all"],
  [null, "all"],
])("the filter %s of an address means %s", (text, filter) => expect(parseStateFilter(text)).toBe(filter));

import { describe, expect, test } from "vitest";
import { commitMessageProblems } from "./commit-message-rule.mjs";

describe("a commit message", () => {
  test.each([
    "feat(clusters): adopt a running operation",
    "fix(web)!: keep the bar from going back\n\nIt did when two tabs were open.\n",
    "Merge branch 'main'",
    "# a comment of git's\nfix(repo): notice the end of npm behind a shell",
  ])("%j passes", (message) => {
    expect(commitMessageProblems(message)).toEqual([]);
  });

  test.each([
    ["stuff", "type(scope)"],
    ["feat: no scope", "type(scope)"],
    ["feature(web): a type that is none", 'not "feature"'],
    ["feat(misc): a scope that is none", 'not "misc"'],
    ["feat(web): ends with a stop.", "full stop"],
    ["feat(web): Starts like a sentence", "lower case"],
    ["feat(web): added a page", 'not "added"'],
    [`feat(web): ${"x".repeat(100)}`, "100 is the most"],
    ["feat(web): two lines\nat once", "second line"],
  ])("%j is refused", (message, reason) => {
    const problems = commitMessageProblems(message);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(reason);
  });
});

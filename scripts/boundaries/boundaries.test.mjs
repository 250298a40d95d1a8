import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import config from "../../.dependency-cruiser.mjs";
import { ROOT, inRoot } from "../setup/workspace.mjs";

const run = promisify(execFile);

/** Cruises `folders` of `root` with the repository's rules; the cruiser exits with the number of violations, so that is no failure here. */
async function cruise(root, folders) {
  const cli = inRoot("node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [cli, ...folders, "--config", inRoot(".dependency-cruiser.mjs"), "--output-type", "json"];
  const { stdout } = await run(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error) => error,
  );
  const { modules, summary } = JSON.parse(stdout);
  return {
    sources: modules.map((module) => module.source),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

describe("a tree that breaks every rule", async () => {
  const fixture = inRoot("scripts/boundaries/fixture");
  const { violations } = await cruise(fixture, ["api", "web", "e2e"]);

  test.each(config.forbidden.map((rule) => rule.name))("%s fires on the file named after it", (name) => {
    const fired = violations.filter(({ rule, from }) => rule === name && path.parse(from).name.startsWith(name));
    expect(fired).not.toEqual([]);
  });

  test("no rule fires on what is allowed", () => {
    const allowed = [
      ["api/src/main.ts", "api/src/app.ts"],
      ["api/src/schema.ts", "api/src/clusters/cluster.schema.ts"],
      ["api/src/clusters/adapters-behind-ports.ts", "api/src/storage/entity-store.ts"],
      ["api/src/azure/adapters-do-not-act.ts", "api/src/clusters/cluster.ts"],
      ["api/src/config/config-and-observability-are-leaves.ts", "api/src/shared/clock.ts"],
    ];
    expect(violations.filter(({ from, to }) => allowed.some((pair) => pair[0] === from && pair[1] === to))).toEqual([]);
  });
});

describe("the repository", async () => {
  const { sources, violations } = await cruise(ROOT, ["api", "web", "e2e"]);

  test("breaks no rule", () => {
    expect(violations).toEqual([]);
  });

  // A cruiser that read nothing has nothing to complain about: these bounds grow with the code.
  test.each([
    ["api/src/", 120],
    ["api/arm-emulator/", 80],
    ["web/src/", 80],
  ])("is read: %s has at least %d modules", (folder, atLeast) => {
    expect(sources.filter((source) => source.startsWith(folder)).length).toBeGreaterThanOrEqual(atLeast);
  });
});

import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { inRoot } from "../setup/workspace.mjs";

const API = inRoot("api");

/** What the API's code imports that does not stand in its own folder, from the project's root. */
function importedFromElsewhere() {
  const sources = globSync("src/**/*.ts", { cwd: API }).filter((name) => !/\.(test|fixture|contract)\.ts$/.test(name));
  const targets = sources.flatMap((name) => {
    const text = readFileSync(path.join(API, name), "utf8");
    return [...text.matchAll(/ from "(\.\.?\/[^"]+)"/g)].map(([, target]) =>
      path.resolve(API, path.dirname(name), target),
    );
  });
  return [...new Set(targets.map((target) => path.relative(inRoot("."), target)))].filter(
    (target) => !target.startsWith(`api${path.sep}`),
  );
}

test("the image of the API holds each file that the API takes from outside of its folder", () => {
  const [, stage] = readFileSync(inRoot("Dockerfile"), "utf8").split("\nFROM runtime AS api\n");
  const copied = [...(stage ?? "").split("\nFROM ")[0].matchAll(/^COPY .* (\S+)$/gm)].map(([, to]) => to);
  const imported = importedFromElsewhere();
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.filter((file) => !copied.includes(`/slipway/${file}`))).toEqual([]);
});

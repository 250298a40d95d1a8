import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { shapeOf } from "./answer-shape.ts";
import { CLUSTER_FIELDS, FAILURE_FIELDS, POOL_FIELDS } from "./published-lists-aks.ts";

/** The names that the SDK reads out of AKS's answers: it is generated from the service's own specification. */
function namesThatTheSdkReads(): Set<string> {
  const entry = createRequire(import.meta.url).resolve("@azure/arm-containerservice");
  const models = readFileSync(join(dirname(entry), "models", "models.js"), "utf8");
  return new Set([...models.matchAll(/item\["([^"]+)"\]/g)].map(([, name = ""]) => name));
}

describe("a field that AKS is said to answer beyond the examples", () => {
  const known = namesThatTheSdkReads();

  test.each(Object.entries({ ...CLUSTER_FIELDS, ...FAILURE_FIELDS, ...POOL_FIELDS }))(
    "%s is one that the SDK reads",
    (path, sample) => {
      const own = path.split(".").map((segment) => segment.replace("[]", ""));
      const inner = [...shapeOf({ [own.at(-1) ?? ""]: sample }).keys()].flatMap((place) => place.split(/[.[\]]+/));
      const names = [...own, ...inner].filter((name) => name !== "" && name !== "*");
      expect(names.filter((name) => !known.has(name))).toEqual([]);
    },
  );

  test("the SDK reads hundreds of names, and not any name", () => {
    expect(known.size).toBeGreaterThan(300);
    expect(known.has("osDiskSizeGb")).toBe(false);
  });
});

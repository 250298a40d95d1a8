import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { PNPM, inRoot } from "../setup/workspace.mjs";

/** Licences that let Slipway be used and handed on as it is. LGPL: a library of its own file, loaded by sharp when it is there. */
const ALLOWED = new Set([
  ...["MIT", "0BSD", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "MPL-2.0", "CC-BY-4.0"],
  "LGPL-3.0-or-later",
]);
/** Packages that name no licence by its identifier, with the one that was read in them. */
const READ_BY_HAND = { "uri-templates": "MIT, or public domain" };

const PACKAGES = ["package.json", "api/package.json", "web/package.json", "e2e/package.json"];
const KINDS = ["dependencies", "devDependencies", "optionalDependencies"];

let components;
beforeAll(() => {
  const words = ["-y", PNPM, "sbom", "--sbom-format", "cyclonedx"];
  const options = {
    cwd: inRoot("."),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  };
  components = JSON.parse(execFileSync("npx", words, options)).components;
}, 120_000);

test("every package that Slipway is made of has a licence that allows it", () => {
  const refused = components
    .filter(({ name }) => !(name in READ_BY_HAND))
    .filter(({ licenses = [] }) => !licenses.some(({ license }) => ALLOWED.has(license?.id)))
    .map(({ name, licenses }) => `${name}: ${JSON.stringify(licenses)}`);
  expect(components.length).toBeGreaterThan(100);
  expect(refused, "use another package, or allow the licence here").toEqual([]);
});

test("every package comes from a registry, with the digest that the lockfile holds it to", () => {
  const unheld = components
    .filter(({ externalReferences = [] }) => {
      const from = externalReferences.find(({ type }) => type === "distribution");
      return !from?.url.startsWith("https://") || !from.hashes?.some(({ alg }) => alg === "SHA-512");
    })
    .map(({ name, version }) => `${name}@${version}`);
  expect(unheld).toEqual([]);
});

test("every package that is asked for is asked for by one version", () => {
  const loose = PACKAGES.flatMap((file) => {
    const manifest = JSON.parse(readFileSync(inRoot(file), "utf8"));
    return KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {}))
      .filter(
        ([, version]) => !/^(?:catalog:|workspace:\*|(?:npm:(?:@?[\w/.-]+)@)?\d+\.\d+\.\d+(?:-[\w.]+)?)$/.test(version),
      )
      .map(([name, version]) => `${file}: ${name} ${version}`);
  });
  expect(loose, "pin them exactly").toEqual([]);
});

test("no package may run a script of its own while it is installed", () => {
  const workspace = readFileSync(inRoot("pnpm-workspace.yaml"), "utf8");
  const builds = /^allowBuilds:\n((?: {2}.+\n)+)/m.exec(workspace)?.[1] ?? "";
  expect(builds).not.toBe("");
  expect(builds.split("\n").filter((line) => line !== "" && !line.endsWith(": false"))).toEqual([]);
});

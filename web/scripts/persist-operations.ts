import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { type DocumentNode, getOperationAST, Kind, print } from "graphql";

/**
 * Writes down every operation that the web UI asks for: `operations.json`, which the API knows them by, and the ids for the web UI itself.
 * With `--check` fails when the files are not what the documents say.
 */
const ROOT = new URL("../../", import.meta.url);
const SRC = new URL("../src/", import.meta.url);
const MANIFEST = new URL("operations.json", ROOT);
const IDS = new URL("graphql/persisted-ids.ts", SRC);

function isDocument(value: unknown): value is DocumentNode {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === Kind.DOCUMENT;
}

const sources = globSync("**/*.{ts,tsx}", { cwd: SRC.pathname }).filter((name) => !/\.test\.tsx?$/.test(name));
const astray = sources.filter(
  (name) => !name.endsWith("-documents.ts") && /\bgraphql\(\s*`/.test(readFileSync(new URL(name, SRC), "utf8")),
);
if (astray.length > 0) throw new Error(`Documents stand in files named *-documents.ts: move those of ${astray.join()}`);

const operations = new Map<string, string>();
for (const name of sources.filter((one) => one.endsWith("-documents.ts")).toSorted()) {
  const exported = (await import(new URL(name, SRC).href)) as Record<string, unknown>;
  for (const document of Object.values(exported).filter(isDocument)) {
    const operation = getOperationAST(document);
    if (!operation) continue;
    const id = operation.name?.value ?? "";
    if (id === "" || operations.has(id))
      throw new Error(`An operation of ${name} needs a name of its own, not '${id}'.`);
    operations.set(id, print(document));
  }
}

const rows = [...operations]
  .toSorted(([a], [b]) => a.localeCompare(b))
  .map(([name, text]) => ({ name, text, hash: createHash("sha256").update(text).digest("hex") }));
const files: readonly (readonly [URL, string])[] = [
  [MANIFEST, `${JSON.stringify(Object.fromEntries(rows.map(({ hash, text }) => [hash, text])), null, 2)}\n`],
  [
    IDS,
    `/** SHA-256 of each operation of the web UI, by its name. Written by \`pnpm schema\`. */
export const PERSISTED_IDS: Readonly<Record<string, string>> = {
${rows.map(({ name, hash }) => `  ${name}: "${hash}",`).join("\n")}
};
`,
  ],
];
for (const [file, text] of files) {
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write(`${file.pathname} is stale: run pnpm schema\n`);
    process.exitCode = 1;
  }
}

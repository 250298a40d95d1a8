import { readFileSync, writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { schema } from "../src/schema.ts";

/** Writes `schema.graphql`, the reviewed public contract; with `--check` fails when the file is not what the code says. */
const path = new URL("../../schema.graphql", import.meta.url);
const printed = `${printSchema(schema)}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== printed) {
    console.error("schema.graphql is not what the code says. Run `pnpm schema` and review the change.");
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, printed);
}

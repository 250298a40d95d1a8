/** Fails when the web UI's types are not those of schema.graphql: a document could then ask for less, or more, than there is. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mustRun } from "../setup/command.mjs";
import { inRoot } from "../setup/workspace.mjs";

const COMMITTED = "web/src/graphql/graphql-env.d.ts";

const folder = mkdtempSync(path.join(tmpdir(), "slipway-types-"));
const fresh = path.join(folder, "graphql-env.d.ts");
try {
  await mustRun(["gql.tada", "generate-output", "--output", fresh], { cwd: inRoot("web") });
  if (readFileSync(fresh, "utf8") !== readFileSync(inRoot(COMMITTED), "utf8")) {
    process.stderr.write(`${COMMITTED} is stale: run pnpm schema\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

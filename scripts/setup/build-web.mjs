import { existsSync } from "node:fs";
import { mustRun } from "./command.mjs";
import { step } from "./progress.mjs";
import { digestOf, isStamped, writeStamp } from "./stamp.mjs";
import { PNPM, inRoot } from "./workspace.mjs";

/** The inputs of web's `build` task in turbo.json, and what it is built with. */
const INPUTS = [
  "web/src",
  "web/public",
  "web/next.config.ts",
  "web/postcss.config.mjs",
  "web/package.json",
  "web/tsconfig.json",
  "schema.graphql",
  "tsconfig.base.json",
  "pnpm-lock.yaml",
];

/** Builds the web UI unless it is built from these inputs already. turbo asks for pnpm by name: npx puts it on the PATH. */
export async function buildWeb({ env }) {
  const digest = digestOf(INPUTS);
  if (existsSync(inRoot("web/.next/BUILD_ID")) && isStamped("web-build", digest)) return;
  await step("Building the web UI", () =>
    mustRun(["npx", "-y", PNPM, "exec", "turbo", "run", "build", "--filter=@slipway/web", "--output-logs=full"], {
      env: { ...env, NODE_ENV: "production" },
    }),
  );
  writeStamp("web-build", digest);
}

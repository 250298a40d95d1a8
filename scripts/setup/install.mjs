import { existsSync } from "node:fs";
import { mustRun } from "./command.mjs";
import { assertNodeIsAttainable, findNode, withNodeFirst } from "./node-binary.mjs";
import { step } from "./progress.mjs";
import { digestOf, isStamped, writeStamp } from "./stamp.mjs";
import { PNPM, inRoot } from "./workspace.mjs";

const MANIFESTS = [
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "api/package.json",
  "web/package.json",
  "e2e/package.json",
];
const PACKAGE_FOLDERS = ["node_modules/.modules.yaml", "api/node_modules", "web/node_modules", "e2e/node_modules"];

/**
 * Installs from the lockfile unless that is done already, and finds the Node to run everything with.
 * Gives back `{node, env}`: its path, and an environment for tools in which `node` is it.
 */
export async function install() {
  assertNodeIsAttainable();
  const digest = digestOf(MANIFESTS, PNPM, process.platform, process.arch);
  const isThere = PACKAGE_FOLDERS.every((folder) => existsSync(inRoot(folder)));
  if (!isThere || !isStamped("install", digest)) {
    await step("Installing packages", () =>
      mustRun(["npx", "-y", PNPM, "install", "--frozen-lockfile", "--config.confirmModulesPurge=false"]),
    );
    writeStamp("install", digest);
  }
  const node = findNode();
  const telemetry = { NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
  const colors = process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };
  const env = withNodeFirst({ ...process.env, ...telemetry, ...colors }, node);
  return { node, env };
}

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./workspace.mjs";

const NEEDED_MAJOR = 24;
const PLATFORM = `${process.platform}-${process.arch}`;
/** Platforms for which the lockfile has a package with Node 24 inside (optionalDependencies of package.json). */
const PACKAGED = ["linux-x64", "linux-arm64"];

function majorOf(version) {
  return Number(version.replace(/^v/, "").split(".")[0]);
}

function tooOld() {
  return new Error(
    `Slipway runs on Node ${NEEDED_MAJOR} or newer, and brings its own only for ${PACKAGED.join(" and ")}. ` +
      `This is Node ${process.versions.node} on ${PLATFORM}: install Node ${NEEDED_MAJOR} and start again.`,
  );
}

/** Throws before anything is downloaded where no Node can be had that is new enough. */
export function assertNodeIsAttainable() {
  if (!PACKAGED.includes(PLATFORM) && majorOf(process.versions.node) < NEEDED_MAJOR) throw tooOld();
}

/** The path of a Node that is new enough: the lockfile's, or this one where the lockfile's is absent or does not run (musl). */
export function findNode() {
  const packaged = inRoot("node_modules", `node-${PLATFORM}`, "bin", "node");
  if (existsSync(packaged) && spawnSync(packaged, ["--version"]).status === 0) return packaged;
  if (majorOf(process.versions.node) >= NEEDED_MAJOR) return process.execPath;
  throw tooOld();
}

/** `env` in which `node` is that Node for every program started. */
export function withNodeFirst(env, node) {
  return { ...env, PATH: [path.dirname(node), env.PATH].filter(Boolean).join(path.delimiter) };
}

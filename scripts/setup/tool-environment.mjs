import path from "node:path";
import { inRoot } from "./workspace.mjs";

/** `env` in which the tools of the package at `folder` and of the root are found by name, the package's first. */
export function withTools(env, folder = inRoot()) {
  const bins = [path.join(folder, "node_modules", ".bin"), inRoot("node_modules", ".bin")];
  return { ...env, PATH: [...bins, env.PATH].join(path.delimiter) };
}

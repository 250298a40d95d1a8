import { accessSync, constants } from "node:fs";
import path from "node:path";
import { mustRun } from "./command.mjs";
import { step } from "./progress.mjs";

/**
 * Programs that tests need from the machine: the command that shows they are there, and the Debian packages that bring it.
 */
const SYSTEM_PACKAGES = {
  browser: { command: "chromium", debian: ["chromium", "fonts-liberation"] },
  redis: { command: "redis-server", debian: ["redis-server"] },
};

/** The path of a program on the PATH, or undefined. */
export function findProgram(name) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Sees to it that the programs named (keys of the list above) are there. Installs them where that is possible without asking anyone,
 * as root with apt-get; elsewhere throws one line that says what to install.
 */
export async function ensureSystemPackages(names) {
  const missing = names
    .map((name) => SYSTEM_PACKAGES[name])
    .filter(({ command }) => findProgram(command) === undefined);
  if (missing.length === 0) return;
  const packages = missing.flatMap(({ debian }) => debian);
  if (process.getuid?.() !== 0 || findProgram("apt-get") === undefined) {
    const commands = missing.map(({ command }) => command).join(", ");
    throw new Error(
      `The tests need ${commands}: install it (Debian: apt-get install ${packages.join(" ")}) and run them again.`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await step(`Installing ${packages.join(", ")}`, async () => {
    await mustRun(["apt-get", "update"], { env });
    await mustRun(["apt-get", "install", "--yes", "--no-install-recommends", ...packages], { env });
  });
}

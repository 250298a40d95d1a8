import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** The parent of a process, 0 when it is gone or can't be known without starting another process. */
export function parentOf(pid) {
  try {
    // The name in parentheses may hold anything, so the fields are counted from its end.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(parent);
  } catch {
    return 0;
  }
}

/** `[pid, parent pid]` of every process of this machine; from /proc where there is one, because small images have no `ps`. */
function processes() {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]);
  }
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => line.trim().split(/\s+/).map(Number));
}

/** The process and all that it started, directly or not, as far as they still hang together. */
export function processTree(root) {
  if (process.platform === "win32") return [root];
  const all = processes();
  const tree = [root];
  for (const pid of tree) tree.push(...all.filter(([, parent]) => parent === pid).map(([child]) => child));
  return tree;
}

/** Signals each of `pids`; one that has ended already is none of our business any more. */
export function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}

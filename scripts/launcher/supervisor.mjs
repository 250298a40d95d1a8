import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { inRoot } from "../setup/workspace.mjs";

/**
 * Keeps the processes of one start alive and ends them together.
 *
 * A child is `running` from its start to its exit; `waiting` from an exit nobody asked for to its next start, longer each
 * time; `ended` for good once `stop` was called. A child that dies 5 times within a minute ends the whole start: `onGiveUp`;
 * so does one that ends with 78, which says that another start would not help, at once.
 * Children share the launcher's process group, and each ends itself when the launcher is gone (end-with-launcher.mjs).
 */
const PRELOAD = inRoot("scripts/launcher/end-with-launcher.mjs");
/** EX_CONFIG of sysexits.h; the child has said why. */
const FINAL_EXIT_CODE = 78;
const MAX_DEATHS = 5;
const DEATH_WINDOW_MS = 60_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

function describeExit(code, signal) {
  return signal ? `was ended by ${signal}` : `ended with code ${code}`;
}

/**
 * Children are described by `{name, module, args, cwd, env, isPrefixed, isNoise}`. A prefixed child's lines come with its
 * name in front and without those that `isNoise(line)`; the others write to the launcher's own output, terminal included.
 */
export function createSupervisor({ node, say, onGiveUp, firstBackoffMs = FIRST_BACKOFF_MS }) {
  const children = new Map();
  let isStopping = false;

  function launch(entry) {
    const { name, module, args = [], cwd, env, isPrefixed = false, isNoise = () => false } = entry.spec;
    const output = isPrefixed ? "pipe" : "inherit";
    const child = fork(module, args, {
      cwd,
      env,
      execPath: node,
      execArgv: ["--disable-warning=ExperimentalWarning", "--import", PRELOAD],
      stdio: ["ignore", output, output, "ipc"],
    });
    entry.child = child;
    entry.ended = new Promise((resolve) => {
      let isDone = false;
      const end = (reason, code) => {
        if (isDone) return;
        isDone = true;
        entry.child = undefined;
        resolve();
        onEnd(entry, reason, code);
      };
      child.once("error", (error) => end(`could not be started (${error.message})`));
      child.once("exit", (code, signal) => end(describeExit(code, signal), code));
    });
    for (const stream of isPrefixed ? [child.stdout, child.stderr] : []) {
      createInterface({ input: stream }).on("line", (line) => {
        if (line.trim() !== "" && !isNoise(line)) say(`${name} | ${line}`);
      });
    }
  }

  function onEnd(entry, reason, code) {
    if (isStopping) return;
    if (code === FINAL_EXIT_CODE) {
      say(`The ${entry.spec.name} can't be started this way; giving up.`);
      onGiveUp();
      return;
    }
    const nowMs = Date.now();
    entry.deathsMs = [...entry.deathsMs.filter((atMs) => nowMs - atMs < DEATH_WINDOW_MS), nowMs];
    const deaths = entry.deathsMs.length;
    if (deaths >= MAX_DEATHS) {
      say(`The ${entry.spec.name} ${reason}, for the ${deaths}th time within a minute; giving up.`);
      onGiveUp();
      return;
    }
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, firstBackoffMs * 2 ** (deaths - 1));
    // Told only after the wait: Ctrl+C reaches the children as well as the launcher, and a child may be the quicker one to end.
    setTimeout(() => {
      if (isStopping) return;
      say(`The ${entry.spec.name} ${reason}; starting it again.`);
      launch(entry);
    }, backoffMs);
  }

  return {
    start(spec) {
      if (isStopping) return;
      const entry = { spec, deathsMs: [], child: undefined, ended: Promise.resolve() };
      children.set(spec.name, entry);
      launch(entry);
    },

    /**
     * Ends the children, one group of names after the other, so that a process is still there for those that lean on it.
     * A group that has not ended after `graceMs` is killed. Never rejects.
     */
    async stop(groups, graceMs) {
      isStopping = true;
      for (const group of groups) {
        const entries = group.map((name) => children.get(name)).filter((entry) => entry?.child);
        for (const { child } of entries) child.kill("SIGTERM");
        const timer = setTimeout(() => {
          for (const { spec, child } of entries) {
            if (!child) continue;
            say(`The ${spec.name} did not end within ${graceMs / 1000} s and is killed.`);
            child.kill("SIGKILL");
          }
        }, graceMs);
        await Promise.all(entries.map((entry) => entry.ended));
        clearTimeout(timer);
      }
    },
  };
}

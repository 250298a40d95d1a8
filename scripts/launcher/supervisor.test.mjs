import { fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { inRoot } from "../setup/workspace.mjs";
import { createSupervisor } from "./supervisor.mjs";

const PROGRAM = inRoot("scripts/launcher/supervised-child.fixture.mjs");

/** A supervisor whose every line is kept; `heard(pattern, nth)` resolves with the nth line that matches, now or later. */
function listeningSupervisor() {
  const lines = [];
  let wake = () => undefined;
  let giveUp;
  const gaveUp = new Promise((resolve) => (giveUp = resolve));
  const supervisor = createSupervisor({
    node: process.execPath,
    firstBackoffMs: 10,
    say: (line) => {
      lines.push(line);
      wake();
    },
    onGiveUp: () => giveUp(),
  });
  const start = (name, behaviour) => {
    supervisor.start({ name, module: PROGRAM, args: [behaviour], cwd: inRoot(), env: process.env, isPrefixed: true });
  };
  const heard = async (pattern, nth = 1) => {
    for (;;) {
      const found = lines.filter((line) => pattern.test(line));
      if (found.length >= nth) return found[nth - 1];
      await new Promise((resolve) => (wake = resolve));
    }
  };
  onTestFinished(() => supervisor.stop([["API", "web UI", "emulator"]], 100));
  return { supervisor, start, heard, lines, gaveUp };
}

function pidIn(line) {
  return Number(line.split(" ").at(-1));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a process that is killed comes back, and that is said", async () => {
  const { start, heard } = listeningSupervisor();
  start("API", "polite");
  const first = pidIn(await heard(/^API \| up/));
  process.kill(first, "SIGKILL");
  const second = pidIn(await heard(/^API \| up/, 2));
  expect(second).not.toBe(first);
  expect(await heard(/starting it again/)).toBe("The API was ended by SIGKILL; starting it again.");
});

test("a process that dies five times within a minute is given up", async () => {
  const { start, heard, lines, gaveUp } = listeningSupervisor();
  start("API", "dies");
  await gaveUp;
  expect(await heard(/giving up/)).toBe("The API ended with code 3, for the 5th time within a minute; giving up.");
  expect(lines.filter((line) => line.includes("starting it again"))).toHaveLength(4);
});

test("a process that says that another start would not help is given up at once", async () => {
  const { start, heard, lines, gaveUp } = listeningSupervisor();
  start("API", "refuses");
  await gaveUp;
  expect(await heard(/giving up/)).toBe("The API can't be started this way; giving up.");
  expect(lines.filter((line) => line.includes("starting it again"))).toEqual([]);
});

test("a stop asks, waits, and starts nothing again", async () => {
  const { supervisor, start, heard, lines } = listeningSupervisor();
  start("API", "polite");
  start("emulator", "polite");
  const pids = [pidIn(await heard(/^API \| up/)), pidIn(await heard(/^emulator \| up/))];
  await supervisor.stop([["API"], ["emulator"]], 5_000);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(lines.filter((line) => /again|killed/.test(line))).toEqual([]);
});

test("a process that does not end in time is killed, and that is said", async () => {
  const { supervisor, start, heard } = listeningSupervisor();
  start("API", "stubborn");
  const pid = pidIn(await heard(/^API \| up/));
  await supervisor.stop([["API"]], 300);
  expect(isAlive(pid)).toBe(false);
  expect(await heard(/killed/)).toBe("The API did not end within 0.3 s and is killed.");
});

test("a process ends by itself when its launcher is gone", async () => {
  const preload = inRoot("scripts/launcher/end-with-launcher.mjs");
  const child = fork(PROGRAM, ["polite"], {
    execArgv: ["--import", preload],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toMatch(/^up/);
  child.disconnect();
  expect((await lines.next()).value).toBe("asked to end");
  expect(await once(child, "exit")).toEqual([0, null]);
});

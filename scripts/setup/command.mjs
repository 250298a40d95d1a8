import { spawn } from "node:child_process";
import { processTree, signalAll } from "./process-tree.mjs";
import { ROOT } from "./workspace.mjs";

/** A command that failed, with everything that it printed; the message is for the screen. */
export class CommandError extends Error {
  constructor(command, code, output) {
    super(`${command.join(" ")} ended with ${code}:\n${output.trimEnd()}`);
    this.name = "CommandError";
    this.output = output;
  }
}

const running = new Set();

/**
 * Ends every command that still runs together with all that it started (turbo and pnpm put theirs into groups of their own
 * and don't pass signals on); kills what has not ended after `graceMs`. Resolves when all are gone.
 */
export async function endRunningCommands(graceMs) {
  const pids = [...running].flatMap(({ child }) => (child.pid === undefined ? [] : processTree(child.pid)));
  signalAll(pids, "SIGTERM");
  const timer = setTimeout(() => signalAll(pids, "SIGKILL"), graceMs);
  await Promise.all([...running].map(({ ended }) => ended));
  clearTimeout(timer);
}

/**
 * Runs a command to its end without standard input and gives back `{code, output, stdout}`, output being both streams as they came.
 * Never rejects for a failing command; `code` is 127 when it can't be started at all, and `SIGKILL` when it took longer than
 * `timeoutMs` and was ended with all that it started.
 */
export function runCommand(command, { cwd = ROOT, env = process.env, timeoutMs } = {}) {
  const [file, ...args] = command;
  // Windows finds npx.cmd only through a shell.
  const shell = process.platform === "win32";
  const child = spawn(file, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  const endLate = () => signalAll(child.pid === undefined ? [] : processTree(child.pid), "SIGKILL");
  const timer = timeoutMs === undefined ? undefined : setTimeout(endLate, timeoutMs);
  const chunks = [];
  const answer = [];
  child.stdout.on("data", (chunk) => {
    chunks.push(chunk);
    answer.push(chunk);
  });
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 127, output: error.message, stdout: "" }));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const [output, stdout] = [chunks, answer].map((parts) => Buffer.concat(parts).toString("utf8"));
      resolve({ code: code ?? signal, output, stdout });
    });
  });
  const entry = { child, ended };
  running.add(entry);
  void ended.then(() => running.delete(entry));
  return ended;
}

/** Like `runCommand`, but rejects with `CommandError` unless the command ends with 0; gives back its output. */
export async function mustRun(command, options) {
  const { code, output } = await runCommand(command, options);
  if (code !== 0) throw new CommandError(command, code, output);
  return output;
}

import { endRunningCommands } from "./command.mjs";

const GRACE_MS = 5_000;

/** Lets SIGINT, SIGTERM and SIGHUP end the commands that run, with all that they started, before this process ends. */
export function endOnSignal() {
  let isEnding = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      void endRunningCommands(GRACE_MS).then(() => process.exit(130));
    });
  }
}

/**
 * Preloaded into every process that the launcher forks: when the launcher is gone, however it went, its end of the channel
 * closes and the process asks itself to stop. Processes with state handle SIGTERM by finishing what they write; one that
 * hangs is ended after the grace.
 */
const GRACE_MS = 8_000;

if (process.connected) {
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // Waiting for the launcher alone must not keep a process alive that has nothing left to do.
  process.channel?.unref();
}

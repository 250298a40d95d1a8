import { createApp } from "./app.ts";
import { parseConfig } from "./config/config.ts";
import { readEnvironment } from "./config/environment.ts";
import { createLogger } from "./observability/logger.ts";
import { createSystemClock } from "./shared/clock.ts";
import { StoreUnavailableError } from "./storage/entity-store.ts";

/**
 * Process entry of the API: settings, app, signals. The only file with effects at import.
 *
 * Ends with 78 (EX_CONFIG of sysexits.h) when another start would not help, such as with a data folder that is in use.
 */
const FINAL_EXIT_CODE = 78;

const parsed = parseConfig(readEnvironment());
if (!parsed.ok) {
  for (const problem of parsed.problems) console.error(problem);
  process.exit(1);
}
const { config } = parsed;
const log = createLogger({ level: config.logLevel });
for (const warning of parsed.warnings) log.warn(warning);

const app = await createApp({ config, clock: createSystemClock(), log }).catch((error: unknown) => {
  if (!(error instanceof StoreUnavailableError && config.store.kind === "embedded")) throw error;
  console.error(error.message);
  return process.exit(FINAL_EXIT_CODE);
});
log.info({ url: app.url }, "the API listens");
process.send?.({ ready: true, url: app.url });

let stopping: Promise<void> | undefined;
const stop = (reason: string): void => {
  stopping ??= app.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error, reason }, "the API did not stop cleanly");
      process.exit(1);
    },
  );
};
process.on("SIGINT", () => stop("SIGINT"));
process.on("SIGTERM", () => stop("SIGTERM"));
// The launcher holds the other end: when it is gone, so are we.
process.on("disconnect", () => stop("the launcher has ended"));

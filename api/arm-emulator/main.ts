import { parseArgs } from "node:util";
import { DatabaseUnavailableError } from "./database.ts";
import { createEmulator } from "./emulator.ts";
import { SEED_NAMES, type SeedName } from "./seed/seeds.ts";

/**
 * The emulator as a program.
 *
 * `node main.ts [--port 4100] [--host 127.0.0.1] [--data-dir .data/azure] [--speed 10] [--seed demo]`
 *
 * Options beat the environment (SLIPWAY_EMULATOR_PORT, SLIPWAY_HOST, SLIPWAY_DATA_DIR, SLIPWAY_EMULATOR_SPEED).
 * Prints one line once it listens; started by `fork` it also sends `{ready: true, url}`. Ends on SIGINT and
 * SIGTERM, and when the process that forked it is gone, so that none is ever left behind. Ends with 78 (EX_CONFIG of
 * sysexits.h) when another start would not help, such as with a data folder that is in use.
 */
const FINAL_EXIT_CODE = 78;
const problems: string[] = [];
const values = readOptions();
const port = parseNumber(values.port, "--port", 65_535);
const speed = values.speed === "" ? undefined : parseNumber(values.speed, "--speed", 100_000);
const seed = SEED_NAMES.find((name) => name === values.seed);
if (seed === undefined) problems.push(`--seed must be one of ${SEED_NAMES.join(", ")}, not '${values.seed}'.`);
if (problems.length > 0) exitWith(problems);
await run(seed ?? "demo");

async function run(seedName: SeedName): Promise<void> {
  const emulator = await createEmulator({
    port,
    host: values.host,
    dataDir: values["data-dir"],
    seed: seedName,
    ...(speed !== undefined && { speed }),
  }).catch((error: NodeJS.ErrnoException) =>
    exitWith(
      [
        error.code === "EADDRINUSE"
          ? `Port ${port} is taken; choose another with SLIPWAY_EMULATOR_PORT or --port.`
          : `The emulator did not start: ${error.message}`,
      ],
      error instanceof DatabaseUnavailableError ? FINAL_EXIT_CODE : 1,
    ),
  );

  const end = (): void => {
    void emulator.stop().then(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("disconnect", end);
  console.log(`Azure emulator is ready: ${emulator.url}`);
  process.send?.({ ready: true, url: emulator.url });
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: process.env["SLIPWAY_EMULATOR_PORT"] || "4100" },
        host: { type: "string", default: process.env["SLIPWAY_HOST"] || "127.0.0.1" },
        "data-dir": { type: "string", default: process.env["SLIPWAY_DATA_DIR"] || ".data" },
        speed: { type: "string", default: process.env["SLIPWAY_EMULATOR_SPEED"] || "" },
        seed: { type: "string", default: "demo" },
      },
    }).values;
  } catch (error) {
    return exitWith([error instanceof Error ? error.message : String(error)]);
  }
}

function parseNumber(text: string, option: string, highest: number): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number <= highest) return number;
  problems.push(`${option} must be a number from 0 to ${highest}, not '${text}'.`);
  return 0;
}

function exitWith(lines: readonly string[], code = 1): never {
  for (const line of lines) console.error(line);
  process.exit(code);
}

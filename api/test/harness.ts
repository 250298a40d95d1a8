import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createEmulator, type Emulator, type EmulatorOptions } from "../arm-emulator/emulator.ts";
import { createApp, type App } from "../src/app.ts";
import { type Config, type Environment, parseConfig } from "../src/config/config.ts";
import type { ChangeHints } from "../src/events/change-hints.ts";
import { createLogger } from "../src/observability/logger.ts";
import { createSystemClock } from "../src/shared/clock.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";
import { createAzureControl, type AzureControl } from "./azure-control.ts";

/** A create takes about a second: a handful of looks, which are never less than 250 ms apart. */
export const DEFAULT_SPEED = 500;

export interface SlipwayOptions {
  /** Of the emulator. @default DEFAULT_SPEED */
  readonly speed?: number;
  readonly seed?: EmulatorOptions["seed"];
  /** False leaves Azure down until `startAzure`. @default true */
  readonly withAzure?: boolean;
  /** What the API takes for Azure, given Azure's own address: a proxy before it, for instance. */
  readonly azureVia?: (azureUrl: string) => Promise<string>;
  /** Where changes are told, so that a test can tell some of its own. @default the app's own */
  readonly hints?: ChangeHints;
  /** Of the log that is captured. @default "warn" */
  readonly logLevel?: "warn" | "trace";
  /** Added to the settings that the harness makes. */
  readonly settings?: Environment;
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
}

/** The whole API in this process, over real HTTP and WebSocket, with an Azure of its own. */
export interface Slipway {
  readonly api: ApiClient;
  readonly azure: AzureControl;
  readonly dataDir: string;
  readonly log: readonly LogLine[];
  /** A further client, for instance one that reconnects. Closed with the rest. */
  client(options?: { readonly reconnect?: boolean }): ApiClient;
  /** Stops the API and starts it again on the same data and the same port; `api` then reaches the new one. */
  restart(): Promise<void>;
  stopAzure(): Promise<void>;
  startAzure(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSlipway(options: SlipwayOptions = {}): Promise<Slipway> {
  const { speed = DEFAULT_SPEED, withAzure = true } = options;
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-"));
  const emulatorDir = join(dataDir, "azure");
  const { log, lines } = createCapturedLog(options.logLevel ?? "warn");
  let azurePort = 0;
  let emulator: Emulator | undefined;
  const startAzure = async (): Promise<void> => {
    emulator = await createEmulator({
      port: azurePort,
      dataDir: emulatorDir,
      speed,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    });
    azurePort = Number(new URL(emulator.url).port);
  };
  const stopAzure = async (): Promise<void> => {
    await emulator?.stop();
    emulator = undefined;
  };
  await startAzure();
  const azure = createAzureControl(`http://127.0.0.1:${azurePort}`);
  const azureUrl = (await options.azureVia?.(azure.url)) ?? azure.url;
  if (!withAzure) await stopAzure();

  let port = 0;
  const startApp = async (): Promise<App> => {
    const config = testConfig({
      SLIPWAY_DATA_DIR: dataDir,
      SLIPWAY_EMULATOR_URL: azureUrl,
      SLIPWAY_EMULATOR_SPEED: String(speed),
      ...options.settings,
    });
    const app = await createApp({
      config: { ...config, api: { ...config.api, port } },
      clock: createSystemClock(),
      log,
      ...(options.hints && { hints: options.hints }),
    });
    port = Number(new URL(app.url).port);
    return app;
  };
  let app = await startApp();
  const clients: ApiClient[] = [];
  const client = (clientOptions: { readonly reconnect?: boolean } = {}): ApiClient => {
    const created = createApiClient(app.url, clientOptions);
    clients.push(created);
    return created;
  };

  return {
    api: client(),
    azure,
    dataDir,
    log: lines,
    client,
    async restart() {
      await app.stop();
      app = await startApp();
    },
    stopAzure,
    startAzure,
    async stop() {
      await Promise.all(clients.map((one) => one.close()));
      await app.stop();
      await stopAzure();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A free port is asked for afterwards: a setting must name one. */
function testConfig(settings: Environment): Config {
  const parsed = parseConfig({ SLIPWAY_LOG_LEVEL: "info", ...settings });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.config;
}

function createCapturedLog(level: "warn" | "trace"): { log: ReturnType<typeof createLogger>; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString("utf8")) as LogLine);
      done();
    },
  });
  return { log: createLogger({ level, destination, isPretty: false }), lines };
}

import { fork, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

/** A real process that can be killed without notice and started again on the same data and port. */
export interface TestProcess {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code when the process has ended by itself. */
  terminate(): Promise<number | null>;
  readonly isRunning: boolean;
}

/** The API as its own process: `node src/main.ts`. */
export async function createApiProcess(options: {
  readonly dataDir: string;
  readonly azureUrl: string;
  readonly speed: number;
  /** Added to the settings that are made here. */
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<TestProcess> {
  const port = await freePort();
  return createProcess(
    "../src/main.ts",
    [],
    {
      SLIPWAY_API_PORT: String(port),
      SLIPWAY_DATA_DIR: options.dataDir,
      SLIPWAY_EMULATOR_URL: options.azureUrl,
      SLIPWAY_EMULATOR_SPEED: String(options.speed),
      SLIPWAY_LOG_LEVEL: "warn",
      ...options.settings,
    },
    port,
  );
}

/** The emulator as its own process. Without a speed it takes the one of its world. */
export async function createAzureProcess(options: {
  readonly dataDir: string;
  readonly speed: number;
}): Promise<TestProcess> {
  const port = await freePort();
  const args = ["--port", String(port), "--data-dir", options.dataDir, "--speed", String(options.speed)];
  return createProcess("../arm-emulator/main.ts", args, {}, port);
}

function createProcess(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  port: number,
): TestProcess {
  let child: ChildProcess | undefined;
  const end = async (how: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    const ending = child;
    if (!ending) return null;
    const gone = new Promise<number | null>((resolve) => ending.once("exit", resolve));
    ending.kill(how);
    return gone;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    get isRunning() {
      return child !== undefined;
    },
    start() {
      const started = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
        env: environment,
        execArgv: ["--disable-warning=ExperimentalWarning"],
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      child = started;
      const output: Buffer[] = [];
      for (const stream of [started.stdout, started.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk));
      return new Promise((resolve, reject) => {
        started.once("message", () => resolve());
        started.once("error", reject);
        started.once("exit", (code, signal) => {
          if (child === started) child = undefined;
          reject(new Error(`${file} ended (${code ?? signal}): ${Buffer.concat(output).toString("utf8")}`));
        });
      });
    },
    kill: async () => void (await end("SIGKILL")),
    terminate: () => end("SIGTERM"),
  };
}

/** Free when asked, and asked for one at a time. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

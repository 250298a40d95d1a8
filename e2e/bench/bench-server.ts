import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePorts } from "../fixtures/free-ports.ts";

const API = fileURLToPath(new URL("../../api/", import.meta.url));
const CLOCK_TICK_MS = 10;

/** What a process has used so far. */
export interface ProcessFigures {
  /** User and kernel time. */
  cpuMs(): Promise<number>;
  /** The kernel's part of it. */
  kernelMs(): Promise<number>;
  residentKb(): Promise<number>;
}

/** The whole API as it is shipped, on an emulator with the demo world, each a process of its own. */
export interface BenchServer extends ProcessFigures {
  readonly port: number;
  readonly apiUrl: string;
  readonly emulatorUrl: string;
  /** Ends the API's process and starts another one at the same address at once. Resolves when that one is ready. */
  restart(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  stop(): Promise<void>;
}

/** @param options.nodeOptions of the API's process */
export async function startBenchServer(options: {
  readonly speed: number;
  readonly nodeOptions?: readonly string[];
  /** Of the API, beside those that the bench needs. */
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<BenchServer> {
  const { speed, nodeOptions = [], settings = {} } = options;
  const [port = 0, emulatorPort = 0] = await findFreePorts(2);
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  const emulatorUrl = `http://127.0.0.1:${emulatorPort}`;
  const world = ["--port", String(emulatorPort), "--data-dir", dataDir, "--speed", String(speed), "--seed", "demo"];
  const emulator = spawn(process.execPath, ["arm-emulator/main.ts", ...world], { cwd: API, stdio: "ignore" });
  await untilAnswered(`${emulatorUrl}/_emulator/state`);
  const apiUrl = `http://127.0.0.1:${port}`;
  const startApi = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [...nodeOptions, "src/main.ts"], {
      cwd: API,
      stdio: "ignore",
      env: {
        ...productionEnvironment(),
        SLIPWAY_API_PORT: String(port),
        SLIPWAY_EMULATOR_URL: emulatorUrl,
        SLIPWAY_EMULATOR_SPEED: String(speed),
        SLIPWAY_DATA_DIR: dataDir,
        ...settings,
      },
    });
    await untilAnswered(`${apiUrl}/readyz`);
    return child;
  };
  let api = await startApi();
  return {
    port,
    apiUrl,
    emulatorUrl,
    ...figuresOf(() => api),
    async restart(signal) {
      await endProcess(api, signal);
      api = await startApi();
    },
    async stop() {
      await endProcess(api);
      await endProcess(emulator);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function productionEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: "production" };
}

export function figuresOf(child: () => ChildProcess): ProcessFigures {
  return {
    async cpuMs() {
      const { userMs, kernelMs } = await readTimes(child());
      return userMs + kernelMs;
    },
    kernelMs: async () => (await readTimes(child())).kernelMs,
    async residentKb() {
      const status = await readFile(`/proc/${child().pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    },
  };
}

async function readTimes({ pid }: ChildProcess): Promise<{ readonly userMs: number; readonly kernelMs: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { userMs: Number(fields[11]) * CLOCK_TICK_MS, kernelMs: Number(fields[12]) * CLOCK_TICK_MS };
}

export async function untilAnswered(url: string): Promise<void> {
  const limit = AbortSignal.timeout(60_000);
  for (;;) {
    try {
      if ((await fetch(url, { signal: limit })).ok) return;
    } catch (error) {
      if (limit.aborted) throw error;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function endProcess(child: ChildProcess, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill(signal)) await exited;
}

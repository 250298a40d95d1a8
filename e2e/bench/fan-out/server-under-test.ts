import { fork, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEmulatorControl } from "../../fixtures/emulator.ts";
import { findFreePorts } from "../../fixtures/free-ports.ts";
import { startProvision } from "../provision-run.ts";

const API = fileURLToPath(new URL("../../../api/", import.meta.url));
const CLOCK_TICK_MS = 10;
/** Slipway looks at a cluster four times a second from here on, as often as it ever does. */
const EMULATOR_SPEED = 20;

export interface ServerUnderTest {
  readonly port: number;
  readonly provisionId: string;
  /** User and system time of the server's process so far. */
  cpuMs(): Promise<number>;
  residentKb(): Promise<number>;
  stop(): Promise<void>;
}

export async function startPeer(name: string): Promise<ServerUnderTest> {
  const child = fork(fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url)), { env: production() });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { readonly port: number }) => resolve(message.port));
    child.once("exit", () => reject(new Error(`The peer ${name} did not start.`)));
  });
  return { port, provisionId: "any", ...figuresOf(child), stop: () => end(child) };
}

/** The whole API as it is shipped, with a provision that Azure goes on creating for as long as it is looked at. */
export async function startSlipway(): Promise<ServerUnderTest> {
  const [port = 0, emulatorPort = 0] = await findFreePorts(2);
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  const emulatorUrl = `http://127.0.0.1:${emulatorPort}`;
  const emulator = spawn(
    process.execPath,
    [
      "arm-emulator/main.ts",
      "--port",
      String(emulatorPort),
      "--data-dir",
      dataDir,
      "--speed",
      String(EMULATOR_SPEED),
      "--seed",
      "demo",
    ],
    { cwd: API, stdio: "ignore" },
  );
  await untilAnswered(`${emulatorUrl}/_emulator/state`);
  const api = spawn(process.execPath, ["src/main.ts"], {
    cwd: API,
    stdio: "ignore",
    env: {
      ...production(),
      SLIPWAY_API_PORT: String(port),
      SLIPWAY_EMULATOR_URL: emulatorUrl,
      SLIPWAY_EMULATOR_SPEED: String(EMULATOR_SPEED),
      SLIPWAY_DATA_DIR: dataDir,
    },
  });
  await untilAnswered(`http://127.0.0.1:${port}/readyz`);
  const clusterName = "bench-fan-out";
  await createEmulatorControl(emulatorUrl).setScenario(clusterName, "stuck");
  const provisionId = await startProvision(`http://127.0.0.1:${port}`, clusterName);
  return {
    port,
    provisionId,
    ...figuresOf(api),
    async stop() {
      await end(api);
      await end(emulator);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function production(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: "production" };
}

function figuresOf(child: ChildProcess): Pick<ServerUnderTest, "cpuMs" | "residentKb"> {
  return {
    async cpuMs() {
      const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
    },
    async residentKb() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    },
  };
}

async function untilAnswered(url: string): Promise<void> {
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

async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill("SIGTERM")) await exited;
}

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePorts } from "../fixtures/free-ports.ts";
import { endProcess, figuresOf, productionEnvironment, untilAnswered } from "./bench-server.ts";
import { followProvision } from "./followed-provision.ts";
import { SMALLEST_POOLS, startProvision } from "./provision-run.ts";

/**
 * `pnpm bench workers [provisions] [speed]`: so many provisions at once by one API and 1, 2 and 4 workers on Azurite, all on this
 * machine: how many are ended in a minute, and whose processor time they take, Azurite's and the emulator's included.
 */
const COUNT = Number(process.argv[3] ?? 60);
const SPEED = Number(process.argv[4] ?? 1_000);
const WORKERS = [1, 2, 4];
const API = fileURLToPath(new URL("../../api/", import.meta.url));
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

async function measure(workers: number): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  const children: ChildProcess[] = [];
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess => {
    const child = spawn(process.execPath, args, { cwd: API, stdio: "ignore", env });
    children.push(child);
    return child;
  };
  try {
    const [emulatorPort, blobPort, queuePort, tablePort, ...ports] = await findFreePorts(5 + workers);
    const emulatorUrl = `http://127.0.0.1:${emulatorPort}`;
    const world = ["--port", String(emulatorPort), "--data-dir", dataDir, "--speed", String(SPEED), "--seed", "demo"];
    const emulator = start(["arm-emulator/main.ts", ...world]);
    await untilAnswered(`${emulatorUrl}/_emulator/state`);
    const azurite = start([
      "node_modules/azurite/dist/src/azurite.js",
      ...["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence"],
      ...["--blobPort", String(blobPort), "--queuePort", String(queuePort), "--tablePort", String(tablePort)],
    ]);
    const settings = {
      ...productionEnvironment(),
      SLIPWAY_DATA_DIR: dataDir,
      SLIPWAY_EMULATOR_URL: emulatorUrl,
      SLIPWAY_EMULATOR_SPEED: String(SPEED),
      SLIPWAY_STORAGE_CONNECTION_STRING: [
        `AccountName=${ACCOUNT};AccountKey=${KEY}`,
        `TableEndpoint=http://127.0.0.1:${tablePort}/${ACCOUNT}`,
        `QueueEndpoint=http://127.0.0.1:${queuePort}/${ACCOUNT}`,
      ].join(";"),
    };
    const slipway = ports.map((port, index) =>
      start(["src/main.ts"], {
        ...settings,
        SLIPWAY_ROLE: index === 0 ? "api" : "worker",
        SLIPWAY_API_PORT: String(port),
      }),
    );
    for (const port of ports) await untilAnswered(`http://127.0.0.1:${port}/readyz`);
    const apiUrl = `http://127.0.0.1:${ports[0]}`;
    const figures = [...slipway, azurite, emulator].map((child) => figuresOf(() => child));
    const cpuMs = () => Promise.all(figures.map((one) => one.cpuMs()));
    const [before, startedMs] = [await cpuMs(), performance.now()];
    const ids: string[] = [];
    for (let index = 0; index < COUNT; index++)
      ids.push(await startProvision(apiUrl, `w${workers}-${index}`, SMALLEST_POOLS));
    const ended = await Promise.all(ids.map((id) => followProvision(apiUrl, id)));
    const seconds = (performance.now() - startedMs) / 1000;
    const used = (await cpuMs()).map((ms, index) => Math.round((ms - (before[index] ?? 0)) / COUNT));
    const succeeded = ended.filter(({ status }) => status === "SUCCEEDED").length;
    const [api = 0, ...others] = used;
    const shares = `API ${api}, workers ${others.slice(0, workers).join(" + ")}, Azurite ${others[workers]}, emulator ${others[workers + 1]}`;
    return `${workers} workers: ${succeeded} of ${COUNT} in ${seconds.toFixed(1)} s, ${Math.round((COUNT / seconds) * 60)} a minute; CPU ms a provision: ${shares}`;
  } finally {
    for (const child of children.toReversed()) await endProcess(child);
    await rm(dataDir, { recursive: true, force: true });
  }
}

for (const workers of WORKERS) process.stdout.write(`${await measure(workers)}\n`);

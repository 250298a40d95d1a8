import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createEmulatorControl } from "../../fixtures/emulator.ts";
import {
  endProcess,
  figuresOf,
  productionEnvironment,
  startBenchServer,
  type ProcessFigures,
} from "../bench-server.ts";
import { startProvision } from "../provision-run.ts";

/** Slipway looks at a cluster four times a second from here on, as often as it ever does. */
const EMULATOR_SPEED = 20;

export interface ServerUnderTest extends ProcessFigures {
  readonly port: number;
  readonly provisionId: string;
  stop(): Promise<void>;
}

export async function startPeer(name: string): Promise<ServerUnderTest> {
  const child = fork(fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url)), { env: productionEnvironment() });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { readonly port: number }) => resolve(message.port));
    child.once("exit", () => reject(new Error(`The peer ${name} did not start.`)));
  });
  return { port, provisionId: "any", ...figuresOf(() => child), stop: () => endProcess(child) };
}

/** The whole API as it is shipped, with a provision that Azure goes on creating for as long as it is looked at. */
export async function startSlipway(): Promise<ServerUnderTest> {
  const server = await startBenchServer({ speed: EMULATOR_SPEED });
  const clusterName = "bench-fan-out";
  await createEmulatorControl(server.emulatorUrl).setScenario(clusterName, "stuck");
  return { ...server, provisionId: await startProvision(server.apiUrl, clusterName) };
}

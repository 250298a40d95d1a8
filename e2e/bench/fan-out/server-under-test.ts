import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endProcess, figuresOf, productionEnvironment, type ProcessFigures } from "../bench-server.ts";

/** What a server is told to send. */
export interface Load {
  /** Of each topic. */
  readonly updatesPerSecond: number;
  readonly topics: number;
}

export interface ServerUnderTest extends ProcessFigures {
  readonly port: number;
  /** One a topic. */
  readonly provisionIds: readonly string[];
  stop(): Promise<void>;
}

export function startPeer(name: string, load: Load): Promise<ServerUnderTest> {
  return startServer(`peers/${name}.ts`, load);
}

/** The whole API as it is shipped, with provisions whose states come from the bench instead of from looks at Azure. */
export function startSlipway(load: Load): Promise<ServerUnderTest> {
  return startServer("../../../api/test/fan-out-server.ts", load);
}

async function startServer(file: string, { topics, updatesPerSecond }: Load): Promise<ServerUnderTest> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [String(topics), String(updatesPerSecond)], {
    env: productionEnvironment(),
  });
  const { port, provisionIds } = await new Promise<Pick<ServerUnderTest, "port" | "provisionIds">>(
    (resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", () => reject(new Error(`The server ${file} did not start.`)));
    },
  );
  return { port, provisionIds, ...figuresOf(() => child), stop: () => endProcess(child) };
}

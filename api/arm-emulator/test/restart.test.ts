import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { restorePoller } from "@azure/arm-containerservice";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEmulator } from "../emulator.ts";
import { CREATE_SECONDS, smallCluster, startAzure, submitCreate, type Azure } from "./azure.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "emulator-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe("a new start on the same folder", () => {
  let azure: Azure;
  afterEach(() => azure.stop());

  test("goes on with an operation in the middle, for a poller from before too", async () => {
    azure = await startAzure({ dataDir });
    await azure.makeGroup("rg1");
    const { state } = await submitCreate(azure, "c1");
    azure.emulator.advance(60);
    const beforeMs = azure.emulator.now();
    await azure.stop();

    azure = await startAzure({ dataDir });
    expect(azure.emulator.now()).toBe(beforeMs);
    expect((await azure.aks.managedClusters.get("rg1", "c1")).provisioningState).toBe("Creating");
    azure.emulator.advance(CREATE_SECONDS);
    const cluster = await restorePoller(azure.aks, state, azure.aks.managedClusters.createOrUpdate, {
      updateIntervalInMs: 1,
    }).pollUntilDone();
    expect(cluster.provisioningState).toBe("Succeeded");
  });

  test("finds request log, faults, scenarios and resources as they were, and plants no seed", async () => {
    azure = await startAzure({ dataDir });
    await azure.makeGroup("rg1");
    await azure.scenario("c1", "stuck");
    await azure.fault({ match: { path: "nothing" }, times: 3, then: { status: 500 } });
    const log = await azure.requests();
    await azure.stop();

    azure = await startAzure({ dataDir, seed: "demo" });
    expect(await azure.requests()).toEqual(log);
    const { body } = await azure.control("GET", "state");
    expect(body).toMatchObject({
      resources: [{ name: "rg1" }],
      scenarios: [{ subject: "cluster", name: "c1", scenario: "stuck" }],
      faults: [{ match: { path: "nothing" }, timesLeft: 3 }],
    });
  });

  test("is refused while another emulator uses the folder", async () => {
    azure = await startAzure({ dataDir });
    await expect(createEmulator({ port: 0, dataDir })).rejects.toThrow("does another emulator use the folder?");
  });

  test("keeps its speed, unless it is given one", async () => {
    azure = await startAzure({ dataDir, speed: 3 });
    await azure.stop();
    const kept = await createEmulator({ port: 0, dataDir });
    expect(await speedOf(kept.url)).toBe(3);
    await kept.stop();
    azure = await startAzure({ dataDir, speed: 7 });
    expect(await speedOf(azure.emulator.url)).toBe(7);
  });
});

async function speedOf(url: string): Promise<number> {
  const response = await fetch(`${url}/_emulator/clock`);
  return ((await response.json()) as { speed: number }).speed;
}

describe("the emulator as a program", () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  function start(...options: string[]): ChildProcess {
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const child = fork(main, ["--port", "0", "--data-dir", dataDir, "--seed", "empty", ...options], { silent: true });
    children.push(child);
    return child;
  }

  async function ready(child: ChildProcess): Promise<string> {
    const [message] = (await once(child, "message")) as [{ ready: boolean; url: string }];
    expect(message.ready).toBe(true);
    return message.url;
  }

  const put = (url: string, name: string): Promise<Response> =>
    fetch(`${url}/subscriptions/6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11/resourcegroups/${name}?api-version=2025-04-01`, {
      method: "PUT",
      headers: { authorization: "Bearer x" },
      body: JSON.stringify({ location: "westeurope" }),
    });

  test("has, after kill -9, everything that it had answered, and its clock never goes back", async () => {
    const first = start("--speed", "1000");
    let url = await ready(first);
    const names = Array.from({ length: 25 }, (_, index) => `rg${index}`);
    for (const name of names) expect((await put(url, name)).status).toBe(201);
    const { now } = (await (await fetch(`${url}/_emulator/state`)).json()) as { now: string };
    first.kill("SIGKILL");
    await once(first, "exit");

    url = await ready(start());
    const state = (await (await fetch(`${url}/_emulator/state`)).json()) as {
      now: string;
      speed: number;
      resources: { name: string }[];
    };
    expect(state.resources.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(Date.parse(state.now)).toBeGreaterThanOrEqual(Date.parse(now));
    expect(state.speed).toBe(1000);
    const log = (await (await fetch(`${url}/_emulator/requests?since=20`)).json()) as { n: number }[];
    expect(log.map(({ n }) => n)).toEqual([21, 22, 23, 24, 25]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends on %s with exit code 0", async (signal) => {
    const child = start();
    await ready(child);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("ends by itself when the process that forked it is gone", async () => {
    const child = start();
    await ready(child);
    child.disconnect();
    expect((await once(child, "exit"))[0]).toBe(0);
  });

  test.each([
    { options: ["--port", "http"], message: "--port must be a number from 0 to 65535, not 'http'." },
    { options: ["--speed=-1"], message: "--speed must be a number from 0 to 100000, not '-1'." },
    { options: ["--seed", "mars"], message: "--seed must be one of demo, empty, large, not 'mars'." },
    { options: ["--color"], message: "Unknown option '--color'" },
  ])("says what is wrong with $options and starts nothing", async ({ options, message }) => {
    expect(await failureOf(start(...options))).toContain(message);
  });

  test("says which port is taken and how to choose another", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    expect(await failureOf(start("--port", String(port)))).toContain(
      `Port ${port} is taken; choose another with SLIPWAY_EMULATOR_PORT`,
    );
    taken.close();
  });

  async function failureOf(child: ChildProcess): Promise<string> {
    let output = "";
    child.stderr?.on("data", (chunk: Buffer) => void (output += chunk.toString()));
    expect((await once(child, "close"))[0]).toBe(1);
    return output;
  }
});

test("a restart in the middle of many creates makes each of them once", async () => {
  let azure = await startAzure({ dataDir });
  await azure.makeGroup("rg1");
  for (let index = 0; index < 10; index++)
    await submitCreate(azure, `c${index}`, smallCluster({ dnsPrefix: `c${index}` }));
  await azure.stop();
  azure = await startAzure({ dataDir });
  azure.emulator.advance(CREATE_SECONDS);
  const states: string[] = [];
  for await (const { provisioningState } of azure.aks.managedClusters.list()) states.push(provisioningState ?? "");
  expect(states).toEqual(Array.from({ length: 10 }, () => "Succeeded"));
  await azure.stop();
});

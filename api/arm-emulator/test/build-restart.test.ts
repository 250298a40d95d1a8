import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DEMO } from "../seed/demo-names.ts";
import { BUILD_SECONDS, collect, dockerBuild, GROUP, REGISTRY, startAcr } from "./acr.ts";
import type { Acr } from "./acr.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "emulator-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe("a new start in the middle of builds", () => {
  let azure: Acr;
  afterEach(() => azure.stop());

  test("goes on with those that run and with the queue, with the same log and to the same images", async () => {
    azure = await startAcr({ dataDir });
    const runIds: string[] = [];
    for (const tag of ["1", "2", "3", "4"]) runIds.push(await azure.build(`queue/image:${tag}`));
    azure.emulator.advance(30);
    const log = async (): Promise<string> => (await fetch(await azure.logUrl(runIds[0] ?? ""))).text();
    const before = { runs: await Promise.all(runIds.map(azure.run)), log: await log() };
    expect(before.runs.map(({ status }) => status)).toEqual(["Running", "Running", "Running", "Queued"]);
    await azure.stop();

    azure = await startAcr({ dataDir, idle: false });
    expect({ runs: await Promise.all(runIds.map(azure.run)), log: await log() }).toEqual(before);
    azure.emulator.advance(BUILD_SECONDS);
    expect(await azure.statuses(runIds)).toEqual(Array.from({ length: 4 }, () => "Succeeded"));
    expect((await log()).startsWith(before.log)).toBe(true);
    const tags = await collect(azure.freshRegistry().getArtifact("queue/image", "1").listTagProperties());
    expect(tags.map(({ name }) => name)).toEqual(["1", "2", "3", "4"]);
    expect(await azure.build("queue/image:5")).toBe("cf12");
  });

  test("keeps scenarios, locks, webhooks and what was deleted", async () => {
    azure = await startAcr({ dataDir });
    await azure.script({ image: "shop/web:3.0.0", scenario: "fails" });
    await azure.freshRegistry().deleteRepository("shop/mailer");
    await azure.script({ registry: REGISTRY, scenario: "data-plane-down" });
    await azure.stop();

    azure = await startAcr({ dataDir, idle: false });
    await expect(collect(azure.freshRegistry().listRepositoryNames())).rejects.toMatchObject({ statusCode: 503 });
    await azure.script({ registry: REGISTRY, scenario: "open" });
    expect(await collect(azure.freshRegistry().listRepositoryNames())).toHaveLength(11);
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    expect((await azure.run(runId)).status).toBe("Failed");
  });
});

describe("kill -9", () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  async function start(): Promise<{ url: string; kill: () => Promise<unknown> }> {
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const child = fork(main, ["--port", "0", "--data-dir", dataDir, "--speed", "0"], { silent: true });
    children.push(child);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    const kill = (): Promise<unknown> => {
      child.kill("SIGKILL");
      return once(child, "exit");
    };
    return { url, kill };
  }

  const registry = `/subscriptions/${DEMO.subscriptionId}/resourceGroups/${GROUP}/providers/Microsoft.ContainerRegistry/registries/${REGISTRY}`;

  async function send(url: string, method: string, path: string, body?: object): Promise<unknown> {
    const apiVersion = path.includes("webhooks") ? "2025-11-01" : "2019-06-01-preview";
    const response = await fetch(`${url}${registry}/${path}?api-version=${apiVersion}`, {
      method,
      headers: { authorization: "Bearer any" },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(response.ok).toBe(true);
    return response.json();
  }

  test("right after the answer loses no build", async () => {
    let emulator = await start();
    const runIds: string[] = [];
    for (let round = 0; round < 3; round++) {
      const run = (await send(emulator.url, "POST", "scheduleRun", dockerBuild(`kill/image:${round}`))) as {
        name: string;
      };
      runIds.push(run.name);
      await emulator.kill();
      emulator = await start();
    }
    const { value } = (await send(emulator.url, "GET", "runs")) as { value: { name: string }[] };
    expect(value.slice(0, 3).map(({ name }) => name)).toEqual(runIds.toReversed());
    await emulator.kill();
  });

  test("while a webhook is called sends its event again", async () => {
    const ids: string[] = [];
    let isSilent = true;
    const listener = createServer((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => {
        ids.push((JSON.parse(text) as { id: string }).id);
        if (!isSilent) response.end();
      });
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const serviceUri = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
    let emulator = await start();
    const properties = { serviceUri, actions: ["push"] };
    await send(emulator.url, "PUT", "webhooks/slipwayhook", { location: "westeurope", properties });
    const { id } = (await send(emulator.url, "POST", "webhooks/slipwayhook/ping")) as { id: string };
    await vi.waitFor(() => expect(ids).toEqual([id]), 5000);
    await emulator.kill();
    isSilent = false;
    emulator = await start();
    await vi.waitFor(() => expect(ids).toEqual([id, id]), 5000);
    await emulator.kill();
    listener.closeAllConnections();
    listener.close();
  });
});

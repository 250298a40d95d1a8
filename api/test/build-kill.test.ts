import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { createRandom } from "../src/shared/seeded-random.fixture.ts";
import { createAcrControl } from "./acr-control.ts";
import { createApiClient } from "./api-client.ts";
import { createAzureControl } from "./azure-control.ts";
import {
  effectiveSchedules,
  image,
  readRepositories,
  registryIdOf,
  tryStartBuilds,
  watchRepositories,
} from "./builds.ts";
import { createCrashProxy, type CrashPoint } from "./crash-proxy.ts";
import { test } from "./fixtures.ts";
import { createApiProcess } from "./processes.ts";

// oxlint-disable-next-line node/no-process-env -- how long this test runs is no setting of the product
const ROUNDS = Number(process.env["SLIPWAY_KILL_ROUNDS"] ?? 10);
const SECONDS_PER_ROUND = 20;
/** Longer than any start takes, on a busy machine as well. */
const BEGUN_WITHIN_MS = 60_000;
const SCHEDULE = /\/scheduleRun\?/i;
/** Slow enough that no build ends before it is asked for again. */
const SPEED = 10;

const AT_SCHEDULE: readonly CrashPoint[] = (["before", "after"] as const).map((when) => ({
  title: `${when} the run was begun`,
  method: "POST",
  path: SCHEDULE,
  when,
}));

test(
  `kill -9 while builds are started, ${ROUNDS} times: none is lost from view, none is begun twice`,
  { timeout: (30 + ROUNDS * SECONDS_PER_ROUND) * 1000 },
  async () => {
    const random = createRandom(46);
    const dataDir = await mkdtemp(join(tmpdir(), "slipway-kill-builds-"));
    const emulator = await createEmulator({ port: 0, speed: SPEED });
    const azure = createAzureControl(emulator.url);
    const acr = createAcrControl(emulator.url);
    const proxy = await createCrashProxy(() => emulator.url);
    const slipway = await createApiProcess({ dataDir, azureUrl: proxy.url, speed: SPEED });
    const api = createApiClient(slipway.url, { reconnect: true });
    try {
      await slipway.start();
      const registryId = await registryIdOf(api);
      const names: string[] = [];
      let last = await azure.lastRequest();
      for (let round = 0; round < ROUNDS; round++) {
        const name = `kill/r${round}`;
        names.push(name);
        const point = AT_SCHEDULE[round % 3];
        // Before anything is started: a request of this round that was taken for an older one would be waited for in vain.
        last = (await azure.requests(last)).at(-1)?.n ?? last;
        const since = last;
        const restart = async (): Promise<void> => {
          await slipway.kill();
          await slipway.start();
        };
        // The third kind falls anywhere between the record of the run and the answer, or right after it.
        const restartOnceBegun = async (): Promise<void> => {
          const begun = async (): Promise<number> => effectiveSchedules(await azure.requests(since)).length;
          await expect.poll(begun, { message: `${name} is begun`, interval: 2, timeout: BEGUN_WITHIN_MS }).toBe(1);
          for (let turns = Math.floor(random() * 40); turns > 0; turns--) await new Promise(setImmediate);
          await restart();
        };
        const crashed = point ? proxy.crashAt([point], restart) : restartOnceBegun();
        const answer = await tryStartBuilds(api, registryId, [image(`${name}:1`)]).catch(() => undefined);
        await crashed;
        const row = (await readRepositories(api, registryId)).find((one) => one.name === name);
        const shown = row?.activeBuilds[0] ?? row?.lastBuild;
        expect(shown, `${name} after ${point?.title ?? "its start"}`).toBeDefined();
        const known = answer?.results?.[0]?.build;
        if (known) expect(shown?.id).toBe(known.id);
        // The user tries again, as users do: nothing is begun a second time while nobody knows of the first.
        const [again] = (await tryStartBuilds(api, registryId, [image(`${name}:1`)])).results ?? [];
        expect([again?.error?.code, again?.error?.build?.id]).toEqual(["DUPLICATE_BUILD", shown?.id]);
      }
      await azure.setSpeed(300);
      const watch = watchRepositories(api, registryId);
      for (const name of names) {
        const { lastBuild } = await watch.until(
          `the end of ${name}`,
          (one) => one.name === name && one.activeBuilds.length === 0 && one.lastBuild !== null,
        );
        if (lastBuild?.runId === null) expect(lastBuild.status).toBe("ERROR");
        else
          expect([lastBuild?.status, await acr.runStatus(lastBuild?.runId ?? "")]).toEqual(["SUCCEEDED", "Succeeded"]);
      }
      const begun = effectiveSchedules(await azure.requests()).length;
      // A third was killed before Azure heard of it.
      expect(begun).toBe(names.filter((_name, round) => AT_SCHEDULE[round % 3]?.when !== "before").length);
    } finally {
      await api.close();
      await slipway.kill();
      await proxy.stop();
      await emulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);

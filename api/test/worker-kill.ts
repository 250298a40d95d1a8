import { effectiveClusterPuts } from "./azure-control.ts";
import type { TestDeployment } from "./deployment.ts";
import type { TestProcess } from "./processes.ts";
import { clusterInput, isTerminal, startProvision, untilEnded, watchProgress } from "./provisions.ts";

const SPEED = 60;
const FAST = 300;
const SMALL_POOL = [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 }];

export interface KilledRound {
  /** How long each unfinished provision had no news after the kill. */
  readonly silencesMs: readonly number[];
  /** How each provision has ended. */
  readonly ends: readonly string[];
  /** Clusters that Azure was asked for with effect. */
  readonly creates: number;
}

/**
 * One worker begins so many provisions and is killed, once `until` resolves; the other one, idle
 * until then, ends them.
 */
export async function killWorkerAmid(
  deployment: TestDeployment,
  options: {
    readonly name: string;
    readonly provisions: number;
    readonly driving: TestProcess;
    readonly idle: TestProcess;
    readonly until: () => Promise<unknown>;
  },
): Promise<KilledRound> {
  const { apis, azure } = deployment;
  const { driving, idle, name } = options;
  const client = deployment.client(apis[0]);
  await idle.terminate();
  await azure.setSpeed(SPEED);
  const since = await azure.lastRequest();
  const watches = await Promise.all(
    Array.from({ length: options.provisions }, async (_none, index) => {
      const input = clusterInput(`${name}-${index}`, { nodePools: SMALL_POOL });
      return watchProgress(client, await startProvision(client, input));
    }),
  );
  for (const watch of watches) await watch.until("its second step", ({ step }) => step >= 2);
  await idle.start();
  await options.until();
  const before = watches.map(({ messages }) => messages.at(-1));
  const killedAtMs = performance.now();
  await driving.kill();
  const silences = watches.map(async (watch, index) => {
    const last = before[index];
    if (!last || isTerminal(last)) return [];
    await watch.until("news after the kill", ({ sequence }) => sequence > last.sequence);
    return [performance.now() - killedAtMs];
  });
  const silencesMs = (await Promise.all(silences)).flat();
  await azure.setSpeed(FAST);
  const ends: string[] = [];
  for (const watch of watches) ends.push((await untilEnded(watch)).status);
  const creates = effectiveClusterPuts(await azure.requests(since)).length;
  await driving.start();
  await client.close();
  return { silencesMs, ends, creates };
}

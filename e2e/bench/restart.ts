import { setTimeout as wait } from "node:timers/promises";
import { createEmulatorControl } from "../fixtures/emulator.ts";
import { startBenchServer, type BenchServer } from "./bench-server.ts";
import { summarise } from "./figures.ts";
import { SMALLEST_POOLS, startProvision } from "./provision-run.ts";
import { openRestartWatcher, type RestartWatcher } from "./restart-watcher.ts";

/**
 * `pnpm bench restart [watchers]`: so many tabs on the pages of provisions under way, and a server that is first restarted, then
 * killed. How long until all are live again, and did any of them miss an entry, see one twice or see an older state?
 */
const WATCHERS = Number(process.argv[3] ?? 1_000);
const PROVISIONS = 10;
/** Slow enough that the provisions outlast both restarts; then they are let run to their end. */
const SPEED = 3;
const LAST_SPEED = 60;
const CONNECTED_AT_ONCE = 200;
const BETWEEN_RESTARTS_MS = 5_000;

async function openWatchers(server: BenchServer, ids: readonly string[]): Promise<RestartWatcher[]> {
  const watchers: RestartWatcher[] = [];
  while (watchers.length < WATCHERS) {
    const opened = Array.from({ length: Math.min(CONNECTED_AT_ONCE, WATCHERS - watchers.length) }, (_none, index) =>
      openRestartWatcher(server.apiUrl, ids[index % ids.length] ?? ""),
    );
    await Promise.all(opened.map(({ live }) => live));
    watchers.push(...opened);
  }
  return watchers;
}

async function restart(
  server: BenchServer,
  watchers: readonly RestartWatcher[],
  signal: "SIGTERM" | "SIGKILL",
): Promise<void> {
  const times = Promise.all(watchers.map((watcher) => watcher.untilLiveAgain()));
  const fromMs = performance.now();
  await server.restart(signal);
  const readyMs = performance.now();
  const liveMs = (await times).map((time) => time - readyMs);
  const { p50, p95 } = summarise(liveMs);
  process.stdout.write(
    `${signal}: the next process is ready after ${Math.round(readyMs - fromMs)} ms; tabs are live again ${p50} ms after that in the median, ` +
      `${p95} ms at the 95th percentile, all of them after ${Math.round(Math.max(...liveMs))} ms\n`,
  );
}

async function timelineOf(server: BenchServer, id: string): Promise<readonly number[]> {
  const response = await fetch(`${server.apiUrl}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "query ($id: ID!) { provision(id: $id) { timeline { sequence } } }",
      variables: { id },
    }),
  });
  const { data } = (await response.json()) as { data: { provision: { timeline: { sequence: number }[] } } };
  return data.provision.timeline.map(({ sequence }) => sequence);
}

const server = await startBenchServer({ speed: SPEED });
try {
  const ids = await Promise.all(
    Array.from({ length: PROVISIONS }, (_none, index) =>
      startProvision(server.apiUrl, `bench-restart-${index}`, SMALLEST_POOLS),
    ),
  );
  const watchers = await openWatchers(server, ids);
  process.stdout.write(`${WATCHERS} tabs are live on ${PROVISIONS} provisions, two subscriptions each\n`);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    await wait(BETWEEN_RESTARTS_MS);
    await restart(server, watchers, signal);
  }
  await createEmulatorControl(server.emulatorUrl).setSpeed(LAST_SPEED);
  await Promise.all(watchers.map(({ ended }) => ended));
  const stored = new Map<string, readonly number[]>();
  for (const id of ids) stored.set(id, await timelineOf(server, id));
  const found = { entries: 0, missing: 0, twice: 0, outOfOrder: 0, steppedBack: 0 };
  const ends = new Map<string, number>();
  for (const watcher of watchers) {
    const { timeline, steppedBack, status = "none" } = watcher.report();
    const seen = new Set(timeline);
    found.entries += timeline.length;
    found.missing += (stored.get(watcher.provisionId) ?? []).filter((sequence) => !seen.has(sequence)).length;
    found.twice += timeline.length - seen.size;
    found.outOfOrder += timeline.filter((sequence, at) => sequence < (timeline[at - 1] ?? 0)).length;
    found.steppedBack += steppedBack;
    ends.set(status, (ends.get(status) ?? 0) + 1);
  }
  process.stdout.write(
    `entries of timelines: ${found.entries}, missing ${found.missing}, twice ${found.twice}, out of order ${found.outOfOrder}; ` +
      `states older than one before: ${found.steppedBack}; last state: ${[...ends].map(([status, count]) => `${count} ${status}`).join(", ")}\n`,
  );
  for (const watcher of watchers) await watcher.close();
} finally {
  await server.stop();
}

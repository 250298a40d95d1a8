import { describe, expect } from "vitest";
import { createAcrControl } from "./acr-control.ts";
import { requestsOf } from "./azure-control.ts";
import {
  readBuild,
  registryIdOf,
  startBuild,
  untilEnded,
  watchLog,
  watchNamedLog,
  watchRepositories,
  type BuildAnswer,
  type LogMessage,
} from "./builds.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import type { Watch } from "./watch.ts";

const BLOB = /\/_?[^?]*runlogs|\/logs?\/|blob/i;

/** The lines, after checking that the numbers of each message follow those before. */
function linesOf(messages: readonly LogMessage[], afterLine = 0): string[] {
  const lines: string[] = [];
  for (const { firstLine, lines: more, restarted } of messages) {
    if (restarted) lines.length = 0;
    expect(firstLine).toBe((restarted ? 0 : afterLine) + lines.length + 1);
    lines.push(...more);
  }
  return lines;
}

async function wholeLog(watch: Watch<LogMessage>, afterLine = 0): Promise<string[]> {
  await watch.completed;
  expect(watch.messages.map(({ complete }) => complete).filter(Boolean)).toEqual([true]);
  expect(watch.messages.at(-1)?.complete).toBe(true);
  return linesOf(watch.messages, afterLine);
}

async function begin(slipway: Slipway, name: string, scenario?: string): Promise<BuildAnswer> {
  if (scenario !== undefined) await createAcrControl(slipway.azure.url).script({ image: name }, scenario);
  return startBuild(slipway.api, await registryIdOf(slipway.api), name);
}

const hasLines = ({ lines }: LogMessage): boolean => lines.length > 0;

describe("the log of a build", () => {
  test("waits for its start, then comes whole to every reader, whenever and from wherever they read", async ({
    start,
  }) => {
    const slipway = await start({ speed: 30 });
    const build = await begin(slipway, "team/logged:1");
    const early = watchLog(slipway.api, build.id);
    const twin = watchLog(slipway.client(), build.id);
    await early.until("its first lines", hasLines);
    const midway = watchLog(slipway.client(), build.id);
    const lines = await wholeLog(early);
    expect(lines.length).toBeGreaterThan(40);
    expect(lines).toContain("Successfully tagged demoacr.azurecr.io/team/logged:1");
    expect(lines.at(-1)).toContain(`Run ID: ${build.runId} was successful`);
    expect(await wholeLog(twin)).toEqual(lines);
    expect(await wholeLog(midway)).toEqual(lines);
    expect(await wholeLog(watchLog(slipway.api, build.id))).toEqual(lines);
    for (const afterLine of [1, 20, lines.length - 1, lines.length])
      expect(await wholeLog(watchLog(slipway.api, build.id, afterLine), afterLine)).toEqual(lines.slice(afterLine));
    // More than there is, and less than nothing.
    expect(await wholeLog(watchLog(slipway.api, build.id, lines.length + 10), lines.length + 10)).toEqual([]);
    expect(await wholeLog(watchLog(slipway.api, build.id, -5))).toEqual(lines);
    expect((await readBuild(slipway.api, build.id)).status).toBe("SUCCEEDED");
  });

  test("goes on where a reader was whose connection broke, without gap or duplicate", async ({ start }) => {
    const slipway = await start({ speed: 30 });
    const build = await begin(slipway, "team/logged:1");
    const lines: string[] = [];
    for (let reader = 0; reader < 4; reader++) {
      const client = slipway.client();
      const watch = watchLog(client, build.id, lines.length);
      await watch.until("a line", ({ lines: more, complete }) => more.length > 0 || complete);
      await client.close();
      lines.push(...linesOf(watch.messages, lines.length));
    }
    lines.push(...(await wholeLog(watchLog(slipway.api, build.id, lines.length), lines.length)));
    expect(lines).toEqual(await wholeLog(watchLog(slipway.api, build.id)));
  });

  test("is read from Azure once for all who look, and by nobody after the last has left", async ({ start }) => {
    const slipway = await start({ speed: 30 });
    const build = await begin(slipway, "team/logged:1", "times-out");
    const watches = Array.from({ length: 10 }, () => watchLog(slipway.client(), build.id));
    await Promise.all(watches.map((watch) => watch.until("its first lines", hasLines)));
    const ofTheRun = new RegExp(`/runs/${build.runId}/listLogSasUrl`, "i");
    expect(requestsOf(await slipway.azure.requests(), "POST", ofTheRun)).toHaveLength(1);
    for (const watch of watches) watch.stop();
    await slipway.api.data(operation("CancelBuild"), { buildId: build.id });
    const repositories = watchRepositories(slipway.api, await registryIdOf(slipway.api));
    await untilEnded(repositories, build);
    const since = await slipway.azure.lastRequest();
    await repositories.until("a later look", ({ name, tags }) => name === "shop/search" && tags.length > 3);
    const requests = await slipway.azure.requests(since);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter(({ path }) => BLOB.test(path))).toEqual([]);
  });

  test("that Azure replaces begins again at line 1, and says so once to each reader", async ({ start }) => {
    const slipway = await start({ speed: 30 });
    const build = await begin(slipway, "team/replaced:1", "log-replaced");
    const watch = watchLog(slipway.api, build.id);
    const lines = await wholeLog(watch);
    const restarts = watch.messages.filter(({ restarted }) => restarted);
    expect(restarts).toHaveLength(1);
    expect(restarts[0]?.firstLine).toBe(1);
    // Who comes later knows of one log only.
    const later = watchLog(slipway.api, build.id);
    expect(await wholeLog(later)).toEqual(lines);
    expect(later.messages.filter(({ restarted }) => restarted)).toEqual([]);
  });

  test("that Azure replaces by a longer one while its reader is away begins again, also after a restart", async ({
    start,
  }) => {
    const slipway = await start({ speed: 30 });
    const build = await begin(slipway, "team/replaced:1", "log-replaced");
    const early = watchNamedLog(slipway.api, build.id);
    await early.until("its first lines", hasLines);
    early.stop();
    const old = linesOf(early.messages);
    const from = { afterLine: old.length, logId: early.messages.at(-1)?.logId ?? null };
    await untilEnded(watchRepositories(slipway.api, await registryIdOf(slipway.api)), build);

    const byContract = watchLog(slipway.api, build.id, from.afterLine);
    const lines = await wholeLog(byContract);
    expect(lines.length).toBeGreaterThan(old.length);
    await slipway.restart();
    const named = watchNamedLog(slipway.client(), build.id, from);
    expect(await wholeLog(named)).toEqual(lines);
    for (const { messages } of [byContract, named])
      expect(messages[0]).toMatchObject({ restarted: true, firstLine: 1 });

    const read = { afterLine: 1, logId: named.messages.at(-1)?.logId ?? null };
    expect(await wholeLog(watchNamedLog(slipway.client(), build.id, read), 1)).toEqual(lines.slice(1));
  });

  test("of a build that was canceled before its start is complete, with no lines", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const build = await begin(slipway, "team/early:1", "queued-forever");
    const watch = watchLog(slipway.api, build.id);
    await slipway.api.data(operation("CancelBuild"), { buildId: build.id });
    expect(await wholeLog(watch)).toEqual([]);
    expect(watch.messages).toMatchObject([{ firstLine: 1, lines: [], complete: true }]);
  });

  test.for([
    ["whose address expires", { operation: "runLogs.get" }, { status: 403 }, 2],
    ["that Azure fails to read for a while", { operation: "runLogs.get" }, { status: 503 }, 6],
    ["whose address Azure does not give for a while", { operation: "runs.getLogSasUrl" }, { status: 503 }, 6],
  ] as const)("%s goes on without gap", async ([_what, match, then, times], { start }) => {
    const slipway = await start({ speed: 20 });
    const build = await begin(slipway, "team/expiring:1");
    const watch = watchLog(slipway.api, build.id);
    if (match.operation === "runLogs.get") await watch.until("its first lines", hasLines);
    await slipway.azure.fault({ match, times, then });
    const lines = await wholeLog(watch);
    expect(watch.messages.filter(({ restarted }) => restarted)).toEqual([]);
    expect(await wholeLog(watchLog(slipway.api, build.id))).toEqual(lines);
  });

  test("with 50,000 lines comes whole, in messages of a bounded size", async ({ slipway }) => {
    const build = await begin(slipway, "team/long:1", "long-log");
    const repositories = watchRepositories(slipway.api, await registryIdOf(slipway.api));
    await untilEnded(repositories, build);
    const beforeBytes = process.memoryUsage.rss();
    const watch = watchLog(slipway.api, build.id);
    const lines = await wholeLog(watch);
    expect(lines.length).toBeGreaterThan(50_000);
    const sizes = watch.messages.map((message) => message.lines.join("\n").length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
    expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(400 * 1024 * 1024);
  });

  test("of no build is an error that says so", async ({ slipway }) => {
    for (const id of ["", "nonsense", await registryIdOf(slipway.api)])
      await expect(watchLog(slipway.api, id).completed).rejects.toThrow(/no such build/);
  });
});

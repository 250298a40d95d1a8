import { describe, expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { createAcrControl, createAnswerProxy } from "./acr-control.ts";
import { createAzureControl } from "./azure-control.ts";
import {
  effectiveSchedules,
  image,
  readBuild,
  readRepositories,
  registryIdOf,
  scheduled,
  startBuild,
  startBuilds,
  tryStartBuilds,
  untilEnded,
  watchLog,
  watchRegistry,
  watchRepositories,
  type RepositoryAnswer,
} from "./builds.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";

const SCHEDULE = { operation: "registries.scheduleRun" };
const ENDED = ["SUCCEEDED", "FAILED", "CANCELED", "ERROR", "TIMEOUT"];
/** Of a build that is in flight: a moment on either side of the two clocks. */
const SLACK_SECONDS = 3;

const runsOf = async (slipway: Slipway): Promise<number> => effectiveSchedules(await slipway.azure.requests()).length;

function ofName(name: string): (repository: RepositoryAnswer) => boolean {
  return (repository) => repository.name === name;
}

describe("builds that go through", () => {
  test("are answered at once with run ids, in order, and show until they end, with digest and tag", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    const names = ["team/a:1.0.0", "team/b:1.0.0", "shop/web:9.9.9"];
    const results = await startBuilds(slipway.api, registryId, names);
    expect(results.map((result) => `${result.image}:${result.tag}`)).toEqual(names);
    for (const { build, error } of results) {
      expect(error).toBeNull();
      expect(build?.runId).toMatch(/^cf\d+$/);
      expect(ENDED).not.toContain(build?.status);
    }
    for (const [index, { build }] of results.entries()) {
      if (!build) throw new Error("There is no build.");
      const last = await untilEnded(watch, build);
      expect(last.lastBuild).toMatchObject({ runId: build.runId, status: "SUCCEEDED" });
      const whole = await readBuild(slipway.api, build.id);
      expect(whole.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      const [name = "", tag = ""] = names[index]?.split(":") ?? [];
      const pushed = await watch.until("the tag", (one) => one.name === name && one.tags.some((t) => t.name === tag));
      expect(pushed.tags.find((one) => one.name === tag)?.digest).toBe(whole.digest);
    }
    const own = watch.messages.filter(({ name }) => name === "team/a");
    expect(own.filter(({ activeBuilds }) => activeBuilds.length > 0).length).toBeGreaterThan(0);
    // Nothing is pushed before the end of the build.
    for (const { activeBuilds, tags } of own) if (activeBuilds.length > 0) expect(tags).toEqual([]);
    expect(own.map(({ version }) => version)).toEqual(own.map(({ version }) => version).toSorted((a, b) => a - b));
    expect(await runsOf(slipway)).toBe(3);
  });

  test("stay in every view with the right elapsed time: a new query, a new subscription, a restart", async ({
    start,
  }) => {
    const slipway = await start({ speed: 20 });
    const acr = createAcrControl(slipway.azure.url);
    const names = ["shop/web:8.0.0", "ghost/one:1", "ghost/two:1"];
    for (const name of names) await acr.script({ image: name }, "queued-forever");
    const registryId = await registryIdOf(slipway.api);
    const results = await startBuilds(slipway.api, registryId, names);
    const expectAll = async (where: string, find: (name: string) => Promise<RepositoryAnswer | undefined>) => {
      for (const { image: name, build } of results) {
        const shown = (await find(name))?.activeBuilds.find(({ id }) => id === build?.id);
        expect(shown, `${name} in ${where}`).toMatchObject({ runId: build?.runId, status: "QUEUED" });
        const queuedAt = (await readBuild(slipway.api, build?.id ?? "")).queuedAt ?? "";
        const elapsed = (Date.now() - Date.parse(queuedAt)) / 1000;
        expect(Math.abs((shown?.elapsedSeconds ?? -99) - elapsed)).toBeLessThan(SLACK_SECONDS);
      }
    };
    const query = async (name: string) => (await readRepositories(slipway.api, registryId)).find(ofName(name));
    const subscription = async (name: string) => {
      const client = slipway.client();
      const watch = watchRepositories(client, registryId);
      const found = await watch.until(name, ofName(name));
      watch.stop();
      return found;
    };
    await expectAll("a query", query);
    await expectAll("a subscription", subscription);
    await slipway.restart();
    await expectAll("a query after a restart", query);
    await expectAll("a subscription after a restart", subscription);
    expect(await runsOf(slipway)).toBe(3);
  });

  test.for([
    ["fails", "FAILED", "failed during run, err: exit status 1", /^RUN npm run build ended with exit code 1/],
    ["errors", "ERROR", "internal error occurred while running the task", /^ACR itself failed/],
    ["times-out", "TIMEOUT", "failed during run, err: context deadline exceeded", /longer than the 300 seconds/],
  ] as const)("one that %s ends as %s and says why", async ([scenario, status, error, told], { start }) => {
    const slipway = await start();
    await createAcrControl(slipway.azure.url).script({ image: "team/bad:1" }, scenario);
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    const build = await startBuild(slipway.api, registryId, image("team/bad:1", { timeoutSeconds: 300 }));
    const last = await untilEnded(watch, build);
    expect(last).toMatchObject({ state: status, tags: [], lastBuild: { status, error } });
    const ended = await readBuild(slipway.api, build.id);
    expect(ended.finishedAt).not.toBeNull();
    expect(ended.failure?.summary).toMatch(told);
  });

  test("one that the registry's firewall keeps from its images says so, with what lets it through", async ({
    start,
  }) => {
    const slipway = await start();
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    await createAcrControl(slipway.azure.url).script({ registry: "demoacr" }, "locked");
    const build = await startBuild(slipway.api, registryId, image("team/kept-out:1"));
    await untilEnded(watch, build);
    const { error, failure } = await readBuild(slipway.api, build.id);
    expect(error).toBe("failed during run, err: exit status 1");
    expect(failure).toMatchObject({ category: "FIREWALL" });
    expect(failure?.summary).toContain("The firewall of demoacr.azurecr.io");
    expect(failure?.message).toContain("is not allowed access");
    expect(failure?.remedies.map(({ kind }) => kind)).toContain("RETRY");
    expect(failure?.remedies[0]?.command).toMatch(/^az acr network-rule add --name demoacr --ip-address [\d.]+$/);
  });
});

describe("builds that Azure refuses", () => {
  const denied = (name: string) =>
    `The client 'slipway' with object id '11111111-2222-3333-4444-555555555555' does not have authorization to perform action ${name}.`;
  const said = (code: string, message = `The registry says ${code}.`) => ({ error: { code, message } });
  const REFUSALS = [
    [
      "for good",
      { status: 400, body: said("BadRequest") },
      { __typename: "BuildRefusedError", code: "BUILD_REFUSED" },
      "The registry says BadRequest.",
    ],
    [
      "because ACR Tasks is closed to it",
      { status: 400, body: said("TasksOperationsNotAllowed") },
      { __typename: "BuildRefusedError", code: "BUILD_REFUSED" },
      "ask Azure support",
    ],
    [
      "for want of a role",
      { status: 403, body: said("AuthorizationFailed", denied("scheduleRun")) },
      { __typename: "MissingRoleError", code: "FORBIDDEN" },
      'az role assignment create --assignee "11111111-2222-3333-4444-555555555555" --role "Container Registry Tasks Contributor" --scope "/subscriptions/',
    ],
    [
      "for too many requests",
      { status: 429, body: said("TooManyRequests"), headers: { "retry-after": "17" } },
      { __typename: "BuildRateLimitedError", code: "RATE_LIMITED" },
      "in 17 s",
    ],
    [
      "for the moment",
      { status: 503, body: said("ServerBusy") },
      { __typename: "ServiceUnavailableError", code: "AZURE_UNAVAILABLE" },
      "The registry says ServerBusy.",
    ],
  ] as const;

  test.for(REFUSALS)(
    "%s: that image alone, typed, with what to do, and nothing of it is left anywhere",
    async ([_why, then, error, advice], { slipway }) => {
      const { api, azure } = slipway;
      const registryId = await registryIdOf(api);
      const watch = watchRepositories(api, registryId);
      const registry = watchRegistry(api, registryId);
      const { failedCount } = await registry.until("a whole listing", ({ listingComplete }) => listingComplete);
      await azure.fault({ match: SCHEDULE, times: 1, then });
      const results = await startBuilds(api, registryId, ["team/a:1", "team/b:1", "team/c:1"]);
      expect(results.map((one) => one.image)).toEqual(["team/a", "team/b", "team/c"]);
      const [refused, ...more] = results.filter((one) => one.error !== null);
      if (!refused) throw new Error("Nothing was refused.");
      expect(more).toEqual([]);
      expect(refused).toMatchObject({ build: null, error });
      expect(refused.error?.message).toContain(advice);
      expect(results.filter(({ build }) => build?.runId)).toHaveLength(2);
      const over = await watch.until(
        "the end of its row",
        ({ name, activeBuilds }) => name === refused.image && activeBuilds.length === 0,
      );
      expect(over).toMatchObject({ state: "UNKNOWN", lastBuild: null, tags: [] });
      expect((await readRepositories(api, registryId)).map(({ name }) => name)).not.toContain(refused.image);
      expect(registry.messages.at(-1)?.failedCount).toBe(failedCount);
      const again = await startBuild(api, registryId, `${refused.image}:1`);
      expect(again.runId).not.toBeNull();
      expect(await runsOf(slipway)).toBe(3);
    },
  );

  test("leave a repository that has images as it was", async ({ slipway }) => {
    const { api, azure } = slipway;
    const registryId = await registryIdOf(api);
    await watchRegistry(api, registryId).until("a whole listing", ({ listingComplete }) => listingComplete);
    const find = async () => (await readRepositories(api, registryId)).find(ofName("shop/mailer"));
    const before = await find();
    await azure.fault({ match: SCHEDULE, times: 1, then: { status: 403, body: said("AuthorizationFailed") } });
    const [result] = await startBuilds(api, registryId, ["shop/mailer:refused"]);
    expect(result?.error?.code).toBe("FORBIDDEN");
    expect(await find()).toMatchObject({ tags: before?.tags, lastBuild: before?.lastBuild, activeBuilds: [] });
  });
});

describe("an answer of Azure that is lost", () => {
  test("after the build began: one run, which the build adopts; the guard stays shut until it ends", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    await slipway.azure.fault({ match: SCHEDULE, times: 1, then: { dropConnection: "after" } });
    const lost = await startBuild(slipway.api, registryId, "team/lost:1.0");
    expect(lost).toMatchObject({ runId: null, status: "UNKNOWN" });
    const [duplicate] = await startBuilds(slipway.api, registryId, ["team/lost:1.0"]);
    expect(duplicate?.error).toMatchObject({ __typename: "DuplicateBuildError", build: { id: lost.id } });
    // One that is named alike is another image.
    const other = await startBuild(slipway.api, registryId, "team/lost:1.0.1");
    const last = await untilEnded(watch, lost);
    expect(last.lastBuild?.status).toBe("SUCCEEDED");
    const adopted = await readBuild(slipway.api, lost.id);
    expect(adopted.runId).toMatch(/^cf\d+$/);
    expect(adopted.runId).not.toBe(other.runId);
    expect(await runsOf(slipway)).toBe(2);
    expect((await startBuild(slipway.api, registryId, "team/lost:1.0")).runId).not.toBeNull();
  });

  test("after it began: run id and state show while it runs, and its failure with the reason and the log", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    await createAcrControl(slipway.azure.url).script({ image: "team/lost:1" }, "fails");
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    await slipway.azure.fault({ match: SCHEDULE, times: 1, then: { dropConnection: "after" } });
    const lost = await startBuild(slipway.api, registryId, "team/lost:1");
    const running = await watch.until("it runs", ({ activeBuilds }) =>
      activeBuilds.some(({ id, status }) => id === lost.id && status === "RUNNING"),
    );
    expect(running.activeBuilds[0]?.runId).toMatch(/^cf\d+$/);
    const { lastBuild } = await untilEnded(watch, lost);
    expect(lastBuild).toMatchObject({ status: "FAILED", error: "failed during run, err: exit status 1" });
    const log = await watchLog(slipway.api, lost.id).until("the whole log", ({ complete }) => complete);
    expect(log.lines.join("\n")).toContain("failed after");
    expect(await runsOf(slipway)).toBe(1);
  });

  test("hides nobody else's run: one that waits shows by its id, one that has pushed on its repository", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    const acr = createAcrControl(slipway.azure.url);
    await acr.script({ image: "others/queued:1" }, "queued-forever");
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    await watch.first();
    await slipway.azure.fault({ match: SCHEDULE, times: 1, then: { dropConnection: "before" } });
    const lost = await startBuild(slipway.api, registryId, "team/lost:1");
    const queued = await acr.build("others/queued:1");
    const other = await acr.build("others/one:1");
    await watch.until("the run that waits", ({ name }) => name === `run ${queued}`);
    const pushed = await watch.until("its image", ({ name, lastBuild }) => name === "others/one" && lastBuild !== null);
    expect(pushed.lastBuild).toMatchObject({ runId: other, status: "SUCCEEDED" });
    expect(await readBuild(slipway.api, lost.id)).toMatchObject({ runId: null });
  });

  test("before it began: the build ends with what to do, and the guard opens", async ({ start }) => {
    const slipway = await start();
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    await slipway.azure.fault({ match: SCHEDULE, times: 1, then: { dropConnection: "before" } });
    const lost = await startBuild(slipway.api, registryId, "team/lost:1");
    expect(lost).toMatchObject({ runId: null, status: "UNKNOWN" });
    const last = await untilEnded(watch, lost);
    expect(last.lastBuild).toMatchObject({ status: "ERROR", runId: null });
    expect(last.lastBuild?.error).toContain("Build again");
    expect(await runsOf(slipway)).toBe(0);
    expect((await startBuild(slipway.api, registryId, "team/lost:1")).runId).not.toBeNull();
    expect(await runsOf(slipway)).toBe(1);
  });

  test("without a run id in it: the request is fine, and the run is found later", async ({ start }) => {
    const emulator = await createEmulator({ port: 0, speed: 60 });
    const proxy = await createAnswerProxy(emulator.url, (_method, path, answer) =>
      path.includes("/scheduleRun?") ? { ...answer, body: "{}" } : answer,
    );
    try {
      const { api } = await start({
        withAzure: false,
        settings: { SLIPWAY_EMULATOR_URL: proxy.url, SLIPWAY_EMULATOR_SPEED: "60" },
      });
      const registryId = await registryIdOf(api);
      const watch = watchRepositories(api, registryId);
      const build = await startBuild(api, registryId, "team/nameless:1");
      expect(build).toMatchObject({ runId: null, status: "UNKNOWN" });
      expect((await untilEnded(watch, build)).lastBuild?.status).toBe("SUCCEEDED");
      expect((await readBuild(api, build.id)).runId).toMatch(/^cf\d+$/);
      expect(effectiveSchedules(await createAzureControl(emulator.url).requests())).toHaveLength(1);
      await api.close();
    } finally {
      await proxy.stop();
      await emulator.stop();
    }
  });
});

describe("the guard of an image and its tag", () => {
  test("20 starts at once are one run; the others name it", async ({ slipway }) => {
    const registryId = await registryIdOf(slipway.api);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tryStartBuilds(slipway.api, registryId, [image("team/popular:1")])),
    );
    const results = answers.flatMap(({ results: one }) => one ?? []);
    expect(results).toHaveLength(20);
    const started = results.filter(({ build }) => build !== null);
    expect(started).toHaveLength(1);
    for (const { error } of results.filter(({ build }) => build === null))
      expect(error).toMatchObject({ __typename: "DuplicateBuildError", build: { id: started[0]?.build?.id } });
    expect(scheduled(await slipway.azure.requests())).toHaveLength(1);
  });

  test("two requests of 20 images at once all start", async ({ slipway }) => {
    const registryId = await registryIdOf(slipway.api);
    const batch = (name: string) => Array.from({ length: 20 }, (_one, index) => `${name}/i${index}:1`);
    const answers = await Promise.all(["x", "y"].map((name) => startBuilds(slipway.api, registryId, batch(name))));
    expect(answers.flat().filter(({ build }) => build?.runId)).toHaveLength(40);
    expect(await runsOf(slipway)).toBe(40);
  });

  test("the same image twice in one request is one run and one duplicate", async ({ slipway }) => {
    const registryId = await registryIdOf(slipway.api);
    const results = await startBuilds(slipway.api, registryId, ["team/twice:1", "team/twice:1", "team/twice:2"]);
    expect(results.filter(({ build }) => build !== null)).toHaveLength(2);
    expect(results.filter(({ error }) => error?.code === "DUPLICATE_BUILD")).toHaveLength(1);
    expect(await runsOf(slipway)).toBe(2);
  });
});

describe("canceling", () => {
  interface CancelAnswer {
    readonly __typename: string;
    readonly code?: string;
    readonly message?: string;
  }
  const cancel = async (slipway: Slipway, buildId: string): Promise<CancelAnswer> =>
    (await slipway.api.data<{ cancelBuild: CancelAnswer }>(operation("CancelBuild"), { buildId })).cancelBuild;

  test("a queued build, and one that runs: both end as CANCELED; then they can't be canceled", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    await createAcrControl(slipway.azure.url).script({ image: "team/queued:1" }, "queued-forever");
    await createAcrControl(slipway.azure.url).script({ image: "team/running:1" }, "times-out");
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    const queued = await startBuild(slipway.api, registryId, "team/queued:1");
    const running = await startBuild(slipway.api, registryId, "team/running:1");
    await watch.until("it runs", ({ activeBuilds }) =>
      activeBuilds.some(({ id, status }) => id === running.id && status === "RUNNING"),
    );
    for (const build of [queued, running]) {
      expect(await cancel(slipway, build.id)).toMatchObject({ __typename: "CancelBuildSuccess" });
      const { lastBuild, state } = await untilEnded(watch, build);
      expect([lastBuild?.status, state]).toEqual(["CANCELED", "CANCELED"]);
      expect(await cancel(slipway, build.id)).toMatchObject({
        __typename: "CannotCancelBuildError",
        code: "CANNOT_CANCEL",
      });
    }
    expect((await startBuild(slipway.api, registryId, "team/queued:1")).runId).not.toBe(queued.runId);
  });

  test("before Azure has named the run, and of no build at all, is refused and asks Azure nothing", async ({
    start,
  }) => {
    const slipway = await start({ speed: 20 });
    const registryId = await registryIdOf(slipway.api);
    await slipway.azure.fault({ match: SCHEDULE, times: 1, then: { dropConnection: "before" } });
    const lost = await startBuild(slipway.api, registryId, "team/lost:1");
    expect(await cancel(slipway, lost.id)).toMatchObject({ __typename: "CannotCancelBuildError" });
    for (const id of ["", "nonsense", registryId, Buffer.from("AcrBuild:a\u0000/b.c").toString("base64")])
      expect(await cancel(slipway, id)).toMatchObject({ __typename: "BuildNotFoundError", code: "NOT_FOUND" });
    const cancels = (await slipway.azure.requests()).filter(({ path }) => path.includes("/cancel"));
    expect(cancels).toEqual([]);
  });
});

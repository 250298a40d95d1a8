import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { createBuildRunTable } from "../src/registry/builds/build-run-table.ts";
import type { Registry } from "../src/registry/registry.ts";
import { createSqliteEntityStore } from "../src/storage/sqlite-entity-store.ts";
import { createAcrControl, createAnswerProxy } from "./acr-control.ts";
import {
  image,
  readRepositories,
  refusedStart,
  registryIdOf,
  scheduled,
  startBuild,
  untilEnded,
  watchLog,
  watchRepositories,
} from "./builds.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";

const source = (gitUrl: string, more: object = {}): object => ({ source: { gitUrl, ...more } });
const arg = (name: string, value: string): object => ({ buildArgs: [{ name, value }] });

/** What ACR must never be told to fetch; it would, from inside Azure. */
const GIT_URLS = [
  "https://169.254.169.254/metadata/instance",
  "https://168.63.129.16/machine",
  "https://127.1/o/r",
  "https://0x7f.1/o/r",
  "https://2130706433/o/r",
  "https://0177.0.0.1/o/r",
  "https://[::1]/o/r",
  "https://[::ffff:169.254.169.254]/o/r",
  "https://localhost./o/r",
  "https://127.0.0.1.nip.io/o/r",
  "https://user@github.com/o/r",
  "https://user:token@github.com/o/r",
  "https://github.com@evil.example/o/r",
  "https://ok@evil.example/o/r",
  "https://github.com.evil.example/o/r",
  "https://evil.example/github.com/o/r",
  "https://github.com:8443/o/r",
  "https://github.com:443/o/r",
  "https://github.com\\@evil.example/o/r",
  "https:\\\\github.com\\o\\r",
  "https:github.com/o/r",
  "https:///github.com/o/r",
  "https://github.com/../o/r",
  "https://github.com/o/r#main",
  "https://github.com/o/r?ref=main",
  "https://github.com/",
  "https://gıthub.com/o/r",
  "https://ｇithub.com/o/r",
  "http://github.com/o/r",
  "ssh://git@github.com/o/r",
  "git@github.com:o/r",
  "git://github.com/o/r",
  "file:///etc/passwd",
  "ext::sh -c id",
  "data:text/plain,x",
  "--upload-pack=touch /tmp/x",
  "https://github.com/o/r\r\nHost: evil.example",
  "https://github.com/o/r\u0000",
  `https://github.com/${"o".repeat(3_000)}`,
  "",
];

const BAD: readonly (readonly [what: string, path: string, changes: object])[] = [
  ...["", "Team/a", "team//a", "/team", "team/", "team/a_-b", "a b", "é", "a".repeat(256), "../a", "a:b"].map(
    (name) => [`the image ${name.slice(0, 20)}`, "images.0.image", { image: name }] as const,
  ),
  ...["", ".1", "-1", "a b", "a/b", "a:b", "x".repeat(129), "ä"].map(
    (tag) => [`the tag ${tag.slice(0, 20)}`, "images.0.tag", { tag }] as const,
  ),
  ...GIT_URLS.map((url) => [`the git URL ${url.slice(0, 40)}`, "images.0.source.gitUrl", source(url)] as const),
  ...["", "-x", "a..b", "a:b", "a b", "x".repeat(256)].map(
    (ref) => [`the ref ${ref.slice(0, 20)}`, "images.0.source.ref", source("https://github.com/o/r", { ref })] as const,
  ),
  ...["../a", "/a", "a/../../b", "a:b", "-x"].flatMap((path) => [
    [
      `the folder ${path}`,
      "images.0.source.contextPath",
      source("https://github.com/o/r", { contextPath: path }),
    ] as const,
    [`the Dockerfile ${path}`, "images.0.dockerfile", { dockerfile: path }] as const,
  ]),
  ...["", "linux", "plan9/amd64", "linux/amd64/v9/x", "linux/amd64;id"].map(
    (platform) => [`the platform ${platform}`, "images.0.platform", { platform }] as const,
  ),
  ...[0, -1, 299, 28_801, 2_147_483_647].map(
    (timeoutSeconds) => [`the timeout ${timeoutSeconds}`, "images.0.timeoutSeconds", { timeoutSeconds }] as const,
  ),
  ["an argument without a name", "images.0.buildArgs.0", arg("", "x")],
  ["an argument that is an option", "images.0.buildArgs.0", arg("--network", "host")],
  ["an argument with a NUL", "images.0.buildArgs.0", arg("A", "\u0000")],
  ["an argument that is too long", "images.0.buildArgs", arg("A", "x".repeat(20_000))],
  [
    "arguments that are too long together",
    "images.0.buildArgs",
    { buildArgs: Array.from({ length: 90 }, (_one, index) => ({ name: `A${index}`, value: "x".repeat(200) })) },
  ],
];

/** A copy of what is stored, because the database belongs to the process that runs. */
async function storedBytes(slipway: Slipway): Promise<Buffer> {
  const names = (await readdir(slipway.dataDir)).filter((name) => name.startsWith("slipway"));
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(slipway.dataDir, name)))));
}

async function recordedRows(
  slipway: Slipway,
  name: string,
): Promise<ReturnType<ReturnType<typeof createBuildRunTable>["list"]>> {
  const copy = await mkdtemp(join(tmpdir(), "slipway-copy-"));
  try {
    const names = (await readdir(slipway.dataDir)).filter((file) => /^slipway\.sqlite(-wal)?$/.test(file));
    for (const file of names) await cp(join(slipway.dataDir, file), join(copy, file));
    const store = createSqliteEntityStore({ path: join(copy, "slipway.sqlite") });
    const rows = await createBuildRunTable(store, "acrbuildruns").list({ name } as Registry);
    await store.close();
    return rows;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

describe("what can't be built", () => {
  test("is refused with the field at fault, before anything is asked or written", async ({ slipway }) => {
    const { api, azure } = slipway;
    const registryId = await registryIdOf(api);
    for (const [what, path, changes] of BAD) {
      const answer = await refusedStart(api, { registryId, images: [image("team/a:1", changes)] });
      expect(answer, what).toMatchObject({ __typename: "InvalidInputError", code: "INVALID_INPUT" });
      expect(
        answer.fields?.map((field) => field.path),
        what,
      ).toContain(path);
      for (const { message } of answer.fields ?? []) expect(message.length, what).toBeGreaterThan(15);
    }
    const one = image("team/a:1");
    const many = Array.from({ length: 21 }, () => one);
    for (const images of [[], many]) {
      const answer = await refusedStart(api, { registryId, images });
      expect(answer.fields?.map(({ path }) => path)).toEqual(["images"]);
    }
    const [, tenantPart] = Buffer.from(registryId, "base64").toString("utf8").split(":");
    const otherType = Buffer.from(`Cluster:${tenantPart}`).toString("base64");
    const unknown = Buffer.from(`Registry:${tenantPart}x`).toString("base64");
    for (const id of ["", "nonsense", otherType, unknown]) {
      const answer = await refusedStart(api, { registryId: id, images: [one] });
      expect(answer.fields?.map(({ path }) => path)).toEqual(["registryId"]);
    }
    // The second image is refused with its own place, and the first, which is fine, is not begun.
    const mixed = await refusedStart(api, { registryId, images: [one, image("team/b:1", { tag: "" })] });
    expect(mixed.fields?.map(({ path }) => path)).toEqual(["images.1.tag"]);
    expect(scheduled(await azure.requests())).toEqual([]);
    // Who asked for what is kept for the activity; no build is.
    expect((await storedBytes(slipway)).includes('"image":"team/a"')).toBe(false);
    expect((await readRepositories(api, registryId)).filter(({ name }) => name.startsWith("team/"))).toEqual([]);
  });

  test("is scheduled nowhere when the input has the wrong shape", async ({ slipway }) => {
    const registryId = await registryIdOf(slipway.api);
    for (const input of [
      {},
      { registryId },
      { registryId, images: [{}] },
      { registryId, images: [image("a:1", { x: 1 })] },
    ]) {
      const { errors } = await slipway.api.graphql(
        "mutation ($input: StartBuildsInput!) { startBuilds(input: $input) { __typename } }",
        { input },
      );
      expect(errors?.length).toBeGreaterThan(0);
    }
    expect(scheduled(await slipway.azure.requests())).toEqual([]);
  });
});

describe("what is built", () => {
  test("with arguments as long as allowed, many times over for one repository", async ({ start }) => {
    const slipway = await start({ speed: 10 });
    const registryId = await registryIdOf(slipway.api);
    const long = { buildArgs: [{ name: "A", value: "x".repeat(16_000) }] };
    for (let tag = 1; tag <= 6; tag++) await startBuild(slipway.api, registryId, image(`team/large:${tag}`, long));
    const found = (await readRepositories(slipway.api, registryId)).find(({ name }) => name === "team/large");
    expect(found?.activeBuilds).toHaveLength(6);
    const query = `query ($id: ID!) { registry(id: $id) { repositories { name activeBuilds { input { buildArgs { name value } } } } } }`;
    const { registry } = await slipway.api.data<{
      registry: { repositories: { name: string; activeBuilds: { input: { buildArgs: { value: string }[] } }[] }[] };
    }>(query, { id: registryId });
    const large = registry.repositories.find(({ name }) => name === "team/large");
    expect(large?.activeBuilds[0]?.input.buildArgs[0]?.value).toHaveLength(16_000);
  });

  test("is recorded for anyone by registry and run, until its outcome is stored", async ({ slipway }) => {
    const { api, azure } = slipway;
    await createAcrControl(azure.url).script({ image: "team/kept:1" }, "queued-forever");
    const registryId = await registryIdOf(api);
    const watch = watchRepositories(api, registryId);
    const askedMs = Date.now();
    const kept = await startBuild(api, registryId, "team/kept:1");
    const ended = await startBuild(api, registryId, "team/ended:1");
    await untilEnded(watch, ended);
    await expect.poll(async () => [...(await recordedRows(slipway, "DemoAcr")).keys()]).toEqual([kept.runId]);
    const row = (await recordedRows(slipway, "demoacr")).get(kept.runId ?? "");
    expect(row).toMatchObject({ image: "team/kept", tag: "1" });
    const createdMs = Date.parse(row?.createdAt ?? "");
    expect(createdMs).toBeGreaterThanOrEqual(askedMs);
    expect(createdMs).toBeLessThanOrEqual(Date.now());
  });

  test("from a secret: it is in one request to Azure, and in nothing that is stored, answered or logged", async ({
    start,
  }) => {
    const canary = "canary-5e1f-ärger";
    const emulator = await createEmulator({ port: 0, speed: 300 });
    const proxy = await createAnswerProxy(emulator.url);
    try {
      const slipway = await start({
        withAzure: false,
        settings: { SLIPWAY_EMULATOR_URL: proxy.url, SLIPWAY_LOG_LEVEL: "debug" },
      });
      const { api } = slipway;
      const registryId = await registryIdOf(api);
      const secret = { buildArgs: [{ name: "TOKEN", value: canary, secret: true }] };
      const watch = watchRepositories(api, registryId);
      const build = await startBuild(api, registryId, image("team/secret:1", secret));
      const answers: unknown[] = [build];
      await untilEnded(watch, build);
      const log = watchLog(api, build.id);
      await log.completed;
      answers.push(
        watch.messages,
        log.messages,
        // Refused for another field, and for the secret itself.
        await refusedStart(api, { registryId, images: [image("team/secret:1", { ...secret, tag: "" })] }),
        await refusedStart(api, {
          registryId,
          images: [image("team/secret:1", { buildArgs: [{ name: "TOKEN", value: `${canary}\u0000`, secret: true }] })],
        }),
        await api.graphql(
          "query ($id: ID!) { node(id: $id) { ... on AcrBuild { input { buildArgs { name value secret } } } } }",
          { id: build.id },
        ),
      );
      const bytes = Buffer.from(canary).toString("latin1");
      expect(proxy.seen.filter(({ body, path }) => (body + path).includes(bytes))).toMatchObject([
        { method: "POST", path: expect.stringContaining("/scheduleRun?") as unknown },
      ]);
      expect(JSON.stringify(answers)).toContain('"name":"TOKEN","value":null');
      for (const part of [canary, canary.slice(0, 11)]) {
        expect(JSON.stringify(answers)).not.toContain(part);
        expect(JSON.stringify(slipway.log)).not.toContain(part);
        expect((await storedBytes(slipway)).includes(part)).toBe(false);
      }
      await api.close();
    } finally {
      await proxy.stop();
      await emulator.stop();
    }
  });

  test("from a secret that Azure refuses or does not answer for leaks it no more", async ({ start }) => {
    const canary = "canary-77aa";
    const slipway = await start();
    const { api, azure } = slipway;
    const registryId = await registryIdOf(api);
    const secret = { buildArgs: [{ name: "TOKEN", value: canary, secret: true }] };
    const answers: unknown[] = [];
    for (const [index, then] of [
      { status: 400 },
      { status: 403 },
      { status: 500 },
      { dropConnection: "after" },
      { status: 200, body: "no JSON" },
    ].entries()) {
      await azure.fault({ match: { operation: "registries.scheduleRun" }, times: 1, then });
      answers.push(await refusedStart(api, { registryId, images: [image(`team/secret:${index}`, secret)] }));
    }
    answers.push(await readRepositories(api, registryId));
    expect(JSON.stringify([answers, slipway.log])).not.toContain(canary);
    expect((await storedBytes(slipway)).includes(canary)).toBe(false);
  });
});

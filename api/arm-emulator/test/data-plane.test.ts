import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEMO } from "../seed/demo-names.ts";
import { BUILD_SECONDS, collect, GROUP, REGISTRY, startAcr } from "./acr.ts";
import type { Acr } from "./acr.ts";
import { errorOf } from "./azure.ts";

let azure: Acr;

beforeEach(async () => {
  azure = await startAcr();
});
afterEach(() => azure.stop());

/** `METHOD path` of what a client asked the data plane. */
async function asked(work: () => Promise<unknown>): Promise<string[]> {
  const since = (await azure.requests()).at(-1)?.n ?? 0;
  await work();
  return (await azure.requests(since)).map(({ method, path, status }) => `${method} ${path.split("?")[0]} ${status}`);
}

const codeOf = (error: unknown): string | undefined =>
  (error as { details?: { errors?: { code: string }[] } }).details?.errors?.[0]?.code;

describe("tokens", () => {
  test("are exchanged once for a client, and asked for again for another repository", async () => {
    const registry = azure.freshRegistry();
    const repository = registry.getRepository("shop/web");
    expect(await asked(() => repository.getProperties())).toEqual([
      "GET /acr/v1/shop%2Fweb 401",
      "POST /oauth2/exchange 200",
      "POST /oauth2/token 200",
      "GET /acr/v1/shop%2Fweb 200",
    ]);
    expect(await asked(() => repository.getProperties())).toEqual(["GET /acr/v1/shop%2Fweb 200"]);
    expect(await asked(() => registry.getRepository("shop/api").getProperties())).toEqual([
      "GET /acr/v1/shop%2Fapi 401",
      "POST /oauth2/token 200",
      "GET /acr/v1/shop%2Fapi 200",
    ]);
  });

  const send = (
    path: string,
    init: { method?: string; body?: URLSearchParams; headers?: Record<string, string> } = {},
  ) => fetch(azure.emulator.url + path, { ...init, headers: { ...init.headers, "x-emu-host": "demoacr.azurecr.io" } });

  test("are challenged for by the scope that a request needs", async () => {
    const response = await send("/acr/v1/shop/web/_tags");
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="https://demoacr.azurecr.io/oauth2/token",service="demoacr.azurecr.io",scope="repository:shop/web:metadata_read"',
    ]);
    expect(await response.json()).toMatchObject({ errors: [{ code: "UNAUTHORIZED" }] });
    expect((await send("/v2/")).status).toBe(401);
  });

  test("of another scope, of another registry and made up ones are refused", async () => {
    const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
    const service = "demoacr.azurecr.io";
    const exchange = form({ grant_type: "access_token", service, access_token: "any" });
    const { refresh_token = "" } = (await (await send("/oauth2/exchange", exchange)).json()) as Record<string, string>;
    expect(refresh_token.split(".")).toHaveLength(3);
    const scope = "repository:shop/web:metadata_read";
    const wanted = form({ grant_type: "refresh_token", service, scope, refresh_token });
    const { access_token = "" } = (await (await send("/oauth2/token", wanted)).json()) as Record<string, string>;
    const withToken = async (path: string, token: string): Promise<number> =>
      (await send(path, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await withToken("/acr/v1/shop/web", access_token)).toBe(200);
    expect(await withToken("/acr/v1/shop/api", access_token)).toBe(401);
    expect(await withToken("/acr/v1/shop/web", `${access_token}x`)).toBe(401);
    const forged = form({ grant_type: "refresh_token", service, scope, refresh_token: "a.b.c" });
    expect((await send("/oauth2/token", forged)).status).toBe(401);
    expect((await send("/oauth2/exchange", form({ grant_type: "access_token", service }))).status).toBe(401);
  });
});

describe("a registry's content", () => {
  test("is listed in pages that hold everything once", async () => {
    const registry = azure.freshRegistry();
    const names = await collect(registry.listRepositoryNames());
    expect(names).toHaveLength(12);
    expect(names).toEqual(names.toSorted());
    const pages = await collect(registry.listRepositoryNames().byPage({ maxPageSize: 5 }));
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(names);
  });

  test("has tags, manifests and their facts", async () => {
    const registry = azure.freshRegistry();
    const repository = registry.getRepository("shop/web");
    expect(await repository.getProperties()).toMatchObject({ name: "shop/web", tagCount: 6, manifestCount: 6 });
    const manifests = await collect(repository.listManifestProperties({ order: "LastUpdatedOnDescending" }));
    expect(manifests[0]).toMatchObject({
      repositoryName: "shop/web",
      tags: ["2.4.0"],
      architecture: "amd64",
      operatingSystem: "linux",
      sizeInBytes: expect.any(Number) as unknown,
    });
    const artifact = registry.getArtifact("shop/web", manifests[0]?.digest ?? "");
    expect(await artifact.getManifestProperties()).toMatchObject({ tags: ["2.4.0"] });
    expect((await registry.getArtifact("shop/web", "2.4.0").getTagProperties("2.4.0")).digest).toBe(
      manifests[0]?.digest,
    );
  });

  test("orders tags by time over pages, also when a tag goes between two", async () => {
    const artifact = azure.freshRegistry().getArtifact("shop/web", "latest");
    const all = (await collect(artifact.listTagProperties({ order: "LastUpdatedOnDescending" }))).map(
      ({ name }) => name,
    );
    expect(all.slice(0, 2)).toEqual(["2.4.0", "2.3.0"]);
    const times = await collect(artifact.listTagProperties({ order: "LastUpdatedOnAscending" }));
    expect(times.map(({ name }) => name)).toEqual(all.toReversed());
    const seen: string[] = [];
    for await (const page of artifact
      .listTagProperties({ order: "LastUpdatedOnDescending" })
      .byPage({ maxPageSize: 2 })) {
      seen.push(...page.map(({ name }) => name));
      if (seen.length === 2) await artifact.deleteTag("2.4.0");
    }
    expect(seen).toEqual(all);
    const rest: string[] = [];
    for await (const page of artifact
      .listTagProperties({ order: "LastUpdatedOnDescending" })
      .byPage({ maxPageSize: 2 })) {
      rest.push(...page.map(({ name }) => name));
      if (rest.length === 2) await artifact.deleteTag(rest[1] ?? "");
    }
    expect(new Set(rest)).toEqual(new Set(all.slice(1)));
  });

  test("gets what a build pushes, and a tag that moves leaves its old manifest without tags", async () => {
    const registry = azure.freshRegistry();
    const digests: (string | undefined)[] = [];
    for (let round = 0; round < 2; round++) {
      const runId = await azure.build("new/image:v1");
      expect((await errorOf(registry.getArtifact("new/image", "v1").getTagProperties("v2"))).statusCode).toBe(404);
      azure.emulator.advance(BUILD_SECONDS);
      const { digest } = await registry.getArtifact("new/image", "v1").getTagProperties("v1");
      expect((await azure.run(runId)).outputImages).toMatchObject([{ digest }]);
      digests.push(digest);
    }
    expect(digests[1]).not.toBe(digests[0]);
    const manifests = await collect(registry.getRepository("new/image").listManifestProperties());
    expect(Object.fromEntries(manifests.map(({ digest, tags }) => [digest, tags]))).toEqual({
      [digests[0] ?? ""]: [],
      [digests[1] ?? ""]: ["v1"],
    });
  });

  test("has the tag shortly before its run says so", async () => {
    const registry = azure.freshRegistry();
    const runId = await azure.build("new/image:v1");
    const isThere = (): Promise<boolean> =>
      registry
        .getArtifact("new/image", "v1")
        .getTagProperties("v1")
        .then(
          () => true,
          () => false,
        );
    for (let seconds = 0; seconds < 300 && !(await isThere()); seconds++) azure.emulator.advance(1);
    expect((await azure.run(runId)).status).toBe("Running");
    azure.emulator.advance(2);
    expect((await azure.run(runId)).status).toBe("Succeeded");
  });

  test("loses tags, manifests and repositories that are deleted", async () => {
    const registry = azure.freshRegistry();
    const repository = registry.getRepository("shop/mailer");
    const artifact = registry.getArtifact("shop/mailer", "0.5.0");
    const { digest } = await artifact.getTagProperties("0.5.0");
    await artifact.deleteTag("0.5.0");
    expect(await repository.getProperties()).toMatchObject({ tagCount: 1, manifestCount: 2 });
    await registry.getArtifact("shop/mailer", digest).delete();
    expect(await repository.getProperties()).toMatchObject({ tagCount: 1, manifestCount: 1 });
    await repository.delete();
    expect(codeOf(await errorOf(repository.getProperties()))).toBe("NAME_UNKNOWN");
    expect(await collect(registry.listRepositoryNames())).not.toContain("shop/mailer");
    await registry
      .getArtifact(
        "base/node",
        (await azure.freshRegistry().getArtifact("base/node", "22").getTagProperties("22")).digest,
      )
      .delete();
    expect(await collect(registry.getArtifact("base/node", "24").listTagProperties())).toHaveLength(2);
  });

  test("that is locked against deletion stays", async () => {
    const registry = azure.freshRegistry();
    const artifact = registry.getArtifact("shop/mailer", "0.6.0");
    await artifact.updateTagProperties("0.6.0", { canDelete: false });
    expect((await errorOf(artifact.deleteTag("0.6.0"))).statusCode).toBe(405);
    await registry.getRepository("shop/mailer").updateProperties({ canDelete: false });
    expect((await errorOf(registry.deleteRepository("shop/mailer"))).statusCode).toBe(405);
    expect(await artifact.getTagProperties("0.6.0")).toMatchObject({ canDelete: false, canWrite: true });
  });

  test("that is not there is refused in the data plane's own form", async () => {
    const registry = azure.freshRegistry();
    const missing = await errorOf(registry.getRepository("no/such").getProperties());
    expect([missing.statusCode, codeOf(missing)]).toEqual([404, "NAME_UNKNOWN"]);
    const artifact = registry.getArtifact("shop/web", "9.9.9");
    expect(codeOf(await errorOf(artifact.getTagProperties("9.9.9")))).toBe("TAG_UNKNOWN");
    const digest = `sha256:${"0".repeat(64)}`;
    const manifest = registry.getArtifact("shop/web", digest);
    expect(codeOf(await errorOf(manifest.getManifestProperties()))).toBe("MANIFEST_UNKNOWN");
    expect((await errorOf(azure.freshRegistry("nosuchregistry").getRepository("a/b").getProperties())).statusCode).toBe(
      404,
    );
  });
});

describe("a registry in trouble", () => {
  test("locked: its firewall refuses with Azure's text, ARM goes on and shows it, open ends it", async () => {
    const registry = azure.freshRegistry();
    await collect(registry.listRepositoryNames());
    await azure.script({ registry: "DemoACR", scenario: "locked" });
    const refused = await errorOf(collect(registry.listRepositoryNames()));
    expect([refused.statusCode, codeOf(refused)]).toEqual([403, "DENIED"]);
    expect(refused.message).toMatch(
      /client with IP '[\d.]+' is not allowed access\. Refer https:\/\/aka\.ms\/acr\/firewall to grant access\./,
    );
    const rules = async () => (await azure.acr.registries.get(GROUP, REGISTRY)).networkRuleSet?.defaultAction;
    expect(await rules()).toBe("Deny");
    expect(await azure.build("shop/web:3.0.0")).toBe("cf8");
    await azure.script({ registry: REGISTRY, scenario: "open" });
    expect(await collect(registry.listRepositoryNames())).toHaveLength(12);
    expect(await rules()).toBe("Allow");
  });

  test("with its data plane down: 503, while builds go on", async () => {
    await azure.script({ registry: REGISTRY, scenario: "data-plane-down" });
    const down = await errorOf(collect(azure.freshRegistry().listRepositoryNames()));
    expect(down.statusCode).toBe(503);
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    expect((await azure.run(runId)).status).toBe("Succeeded");
  });

  test("throttled: 429 in the data plane's form with Retry-After", async () => {
    await azure.fault({ match: { operation: "repositories.list" }, then: { throttle: { retryAfterSeconds: 7 } } });
    const response = await fetch(`${azure.emulator.url}/acr/v1/_catalog`);
    expect([response.status, response.headers.get("retry-after"), await response.json()]).toEqual([
      429,
      "7",
      { errors: [{ code: "TOOMANYREQUESTS", message: "too many requests" }] },
    ]);
  });
});

test("a registry's usage counts what it holds", async () => {
  const { value } = await azure.acr.registries.listUsages(GROUP, REGISTRY);
  expect(value).toMatchObject([
    { name: "Size", unit: "Bytes" },
    { name: "Webhooks", currentValue: 0, limit: 10 },
  ]);
  expect(value?.[0]?.currentValue).toBeGreaterThan(1_000_000);
});

test("the large world has 5,000 repositories and 20,000 tags", async () => {
  await azure.control("POST", "reset", { seed: "large" });
  const registry = azure.freshRegistry(DEMO.largeRegistry.name);
  const pages = await collect(registry.listRepositoryNames().byPage({ maxPageSize: 1000 }));
  expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 1000, 1000, 1000]);
  expect(new Set(pages.flat()).size).toBe(5000);
  const tagged = await Promise.all(
    pages
      .flat()
      .slice(0, 5)
      .map((name) => azure.freshRegistry(DEMO.largeRegistry.name).getRepository(name).getProperties()),
  );
  expect(tagged.map(({ tagCount }) => tagCount)).toEqual([4, 4, 4, 4, 4]);
  const names = (await collect(azure.acr.registries.list())).map(({ name }) => name);
  expect(names).toEqual([REGISTRY, DEMO.largeRegistry.name]);
});

import { expect, test } from "vitest";
import type { AcrBuild } from "./builds/acr-build.ts";
import type { AcrBuildStatus } from "./builds/acr-run.ts";
import type { AcrTag } from "./registry.ts";
import { applyRepositoryFindings, repositoryState, type AcrRepository } from "./repository.ts";

const REGISTRY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/demoacr";
const NOW = "2026-03-01T10:00:00.000Z";
const TAG: AcrTag = { name: "v1", digest: "sha256:1", createdAt: "2026-02-01T00:00:00Z", sizeBytes: 10 };

function build(id: string, status: AcrBuildStatus, createdAt = `2026-03-01T09:0${id}:00.000Z`): AcrBuild {
  return {
    id,
    registryArmId: REGISTRY,
    image: "app",
    tag: "v1",
    status,
    createdAt,
    observedAt: createdAt,
    isRecorded: true,
    version: 1,
  };
}

function after(
  before: AcrRepository | undefined,
  findings: Parameters<typeof applyRepositoryFindings>[3],
): AcrRepository {
  const next = applyRepositoryFindings(REGISTRY, "app", before, findings, NOW);
  if (!next) throw new Error("nothing has changed");
  return { ...next, version: (before?.version ?? 0) + 1 };
}

const AVAILABLE = after(undefined, { tags: [TAG], tagCount: 1 });

test.each([
  ["nothing known", after(undefined, { tags: [], tagCount: 0 }), "UNKNOWN"],
  ["tags", AVAILABLE, "AVAILABLE"],
  ["tags and a build in flight", after(AVAILABLE, { builds: [build("1", "RUNNING")] }), "RUNNING"],
  ["a build in flight before any push", after(undefined, { builds: [build("1", "QUEUED")] }), "QUEUED"],
  [
    "two builds in flight: the newest decides",
    after(undefined, { builds: [build("1", "RUNNING"), build("2", "QUEUED")] }),
    "QUEUED",
  ],
  ["an answer that got lost", after(undefined, { builds: [build("1", "UNKNOWN")] }), "UNKNOWN"],
  ["tags and a failed build", after(AVAILABLE, { builds: [build("1", "FAILED")] }), "AVAILABLE"],
  ["a failed build and no tags", after(undefined, { builds: [build("1", "FAILED")] }), "FAILED"],
  ["a timed-out build and no tags", after(undefined, { builds: [build("1", "TIMEOUT")] }), "TIMEOUT"],
  ["gone", after(AVAILABLE, { isGone: true }), "DELETED"],
  [
    "gone but building again",
    after(after(AVAILABLE, { isGone: true }), { builds: [build("1", "STARTED")] }),
    "STARTED",
  ],
])("%s: %s", (_case, repository, state) => {
  expect(repositoryState(repository)).toBe(state);
});

test("a failed newest build is not hidden by an older one that succeeded", () => {
  const repository = after(after(AVAILABLE, { builds: [build("1", "SUCCEEDED")] }), { builds: [build("2", "FAILED")] });
  expect(repository.lastBuild).toMatchObject({ id: "2", status: "FAILED" });
  expect(after(repository, { builds: [build("0", "SUCCEEDED"), build("3", "RUNNING")] }).lastBuild?.id).toBe("2");
});

test("a build that ends leaves the builds in flight in the same change", () => {
  const running = after(AVAILABLE, { builds: [build("1", "RUNNING")] });
  const ended = after(running, { builds: [build("1", "CANCELED")] });
  expect(ended.activeBuilds).toEqual([]);
  expect(ended.lastBuild?.status).toBe("CANCELED");
});

test("looking again without a difference is no change", () => {
  expect(
    applyRepositoryFindings(REGISTRY, "app", AVAILABLE, { tags: [TAG], tagCount: 1 }, "2026-03-01T11:00:00.000Z"),
  ).toBeUndefined();
});

test("what was not asked stays as it was: builds alone don't empty the tags", () => {
  expect(after(AVAILABLE, { builds: [build("1", "RUNNING")] }).tags).toEqual([TAG]);
});

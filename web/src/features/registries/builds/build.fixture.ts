import type { BuildDetail, BuildPageData, BuildRegistry } from "./build-documents.ts";

/** A build that has been running for 2m 24s at 10:35:18, started here. */
export function buildFixture(part: Partial<BuildDetail> = {}): BuildDetail {
  return {
    __typename: "AcrBuild",
    id: "b1",
    version: 4,
    observedAt: "2026-11-22T10:32:54Z",
    registryId: "r1",
    replacedBy: null,
    withdrawn: false,
    runId: "ca1",
    image: "ncbi/elb",
    tag: "1.4.1",
    status: "RUNNING",
    runsAheadCount: null,
    startedBy: "Local operator",
    createdAt: "2026-11-22T10:32:40Z",
    queuedAt: "2026-11-22T10:32:41Z",
    startedAt: "2026-11-22T10:32:54Z",
    finishedAt: null,
    digest: null,
    error: null,
    failure: null,
    input: {
      gitUrl: "https://github.com/contoso/elb.git",
      ref: "main",
      contextPath: null,
      dockerfile: "Dockerfile",
      platform: "linux/amd64",
      timeoutSeconds: 3600,
      buildArgs: [],
    },
    ...part,
  };
}

/** The same once it has failed. */
export function failedBuildFixture(part: Partial<BuildDetail> = {}): BuildDetail {
  return buildFixture({
    status: "FAILED",
    finishedAt: "2026-11-22T10:34:54Z",
    error: "failed during run, err: exit status 1",
    ...part,
  });
}

export function buildPageFixture(build: BuildDetail | null = buildFixture()): BuildPageData {
  return { node: build };
}

export function buildRegistryFixture(): BuildRegistry {
  return { id: "r1", name: "demoacr", loginServer: "demoacr.azurecr.io" };
}

import type { Build } from "./builds/build-documents.ts";
import { buildFixture } from "./builds/build.fixture.ts";
import type { Registry, RegistryHead, RegistryProblemData, Repository, Tag } from "./registry-documents.ts";

export function registryFixture(): Registry {
  return {
    id: "r1",
    name: "demoacr",
    resourceGroup: "shared-weu",
    location: "westeurope",
    loginServer: "demoacr.azurecr.io",
    sku: "Standard",
    portalUrl: "https://portal.azure.com/x",
  };
}

export function headFixture(part: Partial<RegistryHead> = {}): RegistryHead {
  return {
    id: "r1",
    reachable: true,
    problem: null,
    repositoryCount: 2,
    builtCount: 2,
    buildingCount: 0,
    failedCount: 0,
    listingComplete: true,
    snapshotVersion: 10,
    observedAt: "2026-11-22T10:35:10Z",
    ...part,
  };
}

/** A registry whose images can't be read since a while. */
export function lockedFixture(part: Partial<RegistryProblemData> = {}): Partial<RegistryHead> {
  return {
    reachable: false,
    problem: {
      code: "DENIED",
      message: "client with IP '1.2.3.4' is not allowed access. Let it through the firewall.",
      remedies: [],
      subject: "IMAGES",
      lastKnownAt: "2026-11-22T10:30:00Z",
      ...part,
    },
  };
}

export function tagFixture(part: Partial<Tag> = {}): Tag {
  return {
    name: "1.0.0",
    digest: `sha256:${"9f2c81d0".repeat(8)}`,
    createdAt: "2026-11-22T09:00:00Z",
    sizeBytes: 48_200_000,
    ...part,
  };
}

/** A repository with one tag, by its name. */
export function repositoryFixture(name: string, part: Partial<Repository> = {}): Repository {
  return {
    id: `id:${name}`,
    name,
    placeholder: false,
    state: "AVAILABLE",
    version: 4,
    observedAt: "2026-11-22T10:35:00Z",
    tagsObservedAt: "2026-11-22T10:20:00Z",
    tagCount: 1,
    tags: [tagFixture()],
    activeBuilds: [],
    lastBuild: null,
    ...part,
  };
}

/** A repository that no push has made yet. */
export function ghostFixture(name: string, part: Partial<Build> = {}): Repository {
  const { input: _input, __typename: _typename, ...build } = buildFixture({ id: `build:${name}`, image: name });
  return repositoryFixture(name, { state: "RUNNING", tagCount: 0, tags: [], activeBuilds: [{ ...build, ...part }] });
}

/** The row of a run that others have started and of which nobody knows the image. */
export function runFixture(name: string, version: number): Repository {
  return { ...ghostFixture(name, { startedBy: null, tag: "" }), placeholder: true, version };
}

/** The same row once its run has found its place or ended with nothing to show. */
export function overFixture(name: string, version: number): Repository {
  return { ...runFixture(name, version), state: "UNKNOWN", activeBuilds: [] };
}

import type { World } from "../provider.ts";
import type { Registry } from "../providers/containerregistry/registry.ts";
import { digestOf, enqueueRun, startRun } from "../providers/containerregistry/run-life.ts";
import type { Run } from "../providers/containerregistry/run.ts";
import { seededNumber } from "../seeded-number.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Repositories with the tags they got, the oldest first. */
const REPOSITORIES: Readonly<Record<string, readonly string[]>> = {
  "base/node": ["22", "24", "24-alpine"],
  "data/features": ["0.7.0", "0.8.0", "0.8.1"],
  "data/trainer": ["0.2.0", "0.3.0", "0.3.1"],
  "jobs/nightly-report": ["2026.10", "2026.11"],
  "jobs/thumbnails": ["1.0.0", "1.1.0", "1.1.1", "1.2.0"],
  "platform/gateway": ["1.9.0", "1.10.0", "1.11.0"],
  "platform/ingress-errors": ["1.0.0", "1.0.1"],
  "shop/api": ["3.0.0", "3.0.1", "3.1.0", "3.1.1"],
  "shop/checkout": ["1.7.0", "1.8.0", "1.8.2"],
  "shop/mailer": ["0.5.0", "0.6.0"],
  "shop/search": ["0.7.0", "0.8.0", "0.8.1"],
  "shop/web": ["2.1.0", "2.2.0", "2.2.1", "latest"],
};

type Build = {
  readonly repository: string;
  readonly tag: string;
  /** How long ago it was asked for; it got its agent five seconds later. */
  readonly agoMs: number;
  readonly buildSeconds?: number;
  /** @default 2 */
  readonly cpu?: number;
  readonly scenario?: Run["scenario"];
  readonly isQueued?: boolean;
};

const BUILDS: readonly Build[] = [
  { repository: "shop/web", tag: "2.3.0", agoMs: 74 * HOUR_MS },
  { repository: "shop/checkout", tag: "1.9.0", agoMs: 26 * HOUR_MS },
  { repository: "data/trainer", tag: "0.4.0", agoMs: 5 * HOUR_MS, scenario: "push-refused" },
  { repository: "shop/web", tag: "2.4.0", agoMs: 2 * HOUR_MS },
  { repository: "shop/api", tag: "3.2.0", agoMs: 2 * MINUTE_MS, buildSeconds: 240, cpu: 4 },
  { repository: "platform/gateway", tag: "1.12.0", agoMs: 1 * MINUTE_MS, buildSeconds: 360 },
  { repository: "shop/search", tag: "0.9.0", agoMs: MINUTE_MS / 2, isQueued: true },
];

/** A dozen repositories, what was built lately, two builds in flight and one that waits for them. */
export function seedRegistry(world: World, registry: Registry): void {
  const now = world.now();
  for (const [repository, tags] of Object.entries(REPOSITORIES)) {
    tags.forEach((tag, index) => {
      const daysAgo = (tags.length - index) * seededNumber(repository, 4, 11);
      plantImage(world, { registry: registry.name, repository, tag, atMs: now - daysAgo * 24 * HOUR_MS });
    });
  }
  for (const build of BUILDS) {
    const run = toRun(world, registry, build);
    if (build.isQueued === true) enqueueRun(world, run);
    else startRun(world, run, run.createMs + 5000);
  }
}

/** An image that was pushed from elsewhere. */
export function plantImage(
  world: World,
  image: { registry: string; repository: string; tag: string; atMs: number },
): void {
  const { registry, repository, tag, atMs } = image;
  world.images.push(
    { registry: registry.toLowerCase(), repository },
    {
      tag,
      digest: digestOf(`${registry}/${repository}:${tag}`),
      imageBytes: seededNumber(`acr-size/${repository}`, 20, 400) * 1_048_576,
      architecture: "amd64",
      os: "linux",
      atMs,
    },
  );
}

function toRun(world: World, registry: Registry, build: Build): Run {
  const sequence = world.runs.nextSequence(registry.name);
  const createMs = world.now() - build.agoMs;
  const { repository, tag, buildSeconds, scenario } = build;
  return {
    subscriptionId: registry.subscriptionId,
    resourceGroup: registry.resourceGroup,
    registry: registry.name,
    runId: `cf${sequence}`,
    sequence,
    status: "Queued",
    request: {
      type: "DockerBuildRequest",
      sourceLocation: `https://github.com/contoso/${repository.replace("/", "-")}.git#main`,
      dockerFilePath: "Dockerfile",
      platform: { os: "Linux", architecture: "amd64" },
      cpu: build.cpu ?? 2,
      timeoutSeconds: 3600,
      arguments: [{ name: "VERSION", value: tag }],
      agentPoolName: "",
      images: [{ repository, tag }],
      commands: [],
      stepId: "build",
    },
    ...(buildSeconds !== undefined && { buildSeconds }),
    ...(scenario !== undefined && { scenario }),
    isArchiveEnabled: false,
    createMs,
    updatedMs: createMs,
  };
}

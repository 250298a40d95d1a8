import { createHash } from "node:crypto";
import type { AgendaEntry } from "../../agenda.ts";
import type { Provider, World } from "../../provider.ts";
import { seededNumber } from "../../seeded-number.ts";
import { findRegistryByName } from "./registry.ts";
import { isTerminal } from "./run.ts";
import type { EndStatus, ImageName, OutputImage, Run, RunPlan } from "./run.ts";
import { raiseWebhookEvent } from "./webhook-events.ts";

/** Cores that the runs of one registry have at once, three runs of the usual size; the others wait in the order they came. */
const CORES_PER_REGISTRY = 6;

/** Virtual seconds between an agent being free and the next run having it. */
const HANDOVER_SECONDS = 2;
/** How long the tag is in the registry before its run says so. */
const PUSH_TO_END_SECONDS = 2;

const ERROR_MESSAGES: Readonly<Record<NonNullable<RunPlan["reason"]>, string>> = {
  step: "failed during run, err: exit status 1",
  push: "failed during run, err: exit status 1",
  firewall: "failed during run, err: exit status 1",
  source: "failed to download context",
  service: "internal error occurred while running the task",
  timeout: "failed during run, err: context deadline exceeded",
};

/** Puts a new run into the queue. */
export function enqueueRun(world: World, run: Run): void {
  world.runs.put(run);
  const dueMs = run.createMs + HANDOVER_SECONDS * 1000;
  world.agenda.schedule({ dueMs, kind: "acr.dispatch", payload: { registry: run.registry } });
}

/** Ends a run that is not at its end. */
export function cancelRun(world: World, run: Run): void {
  world.agenda.cancelOperation(agendaKey(run));
  endRun(world, run, "Canceled");
}

/** Gives a run its agent. Also for seeds, whose runs have started before the world began. */
export function startRun(world: World, run: Run, startMs: number): Run {
  const plan = planRun(world, run, startMs);
  const started: Run = { ...run, status: "Started", startMs, updatedMs: startMs, plan };
  world.runs.put(started);
  const steps: [kind: string, dueMs: number | undefined][] = [
    ["acr.running", plan.runningMs],
    ["acr.push", plan.pushMs],
    ["acr.end", plan.endMs],
  ];
  for (const [kind, dueMs] of steps) {
    if (dueMs === undefined) continue;
    const { registry, runId } = run;
    world.agenda.schedule({ dueMs, kind, operationId: agendaKey(run), payload: { registry, runId } });
  }
  return started;
}

export const runAgenda: NonNullable<Provider["agenda"]> = {
  "acr.dispatch": ({ payload }, world) => {
    const registry = String(payload["registry"]);
    const askedUntilMs = world.now() - HANDOVER_SECONDS * 1000;
    const waiting = world.runs
      .queued(registry)
      .filter(({ scenario, createMs }) => scenario !== "queued-forever" && createMs <= askedUntilMs);
    let usedCores = world.runs.active(registry).reduce((sum, run) => sum + coresOf(run), 0);
    for (const run of waiting) {
      usedCores += coresOf(run);
      if (usedCores > CORES_PER_REGISTRY) return;
      startRun(world, run, world.now());
    }
  },
  "acr.running": (entry, world) => {
    const run = runOf(entry, world);
    if (run?.status === "Started") world.runs.put({ ...run, status: "Running", updatedMs: world.now() });
  },
  "acr.push": (entry, world) => {
    const run = runOf(entry, world);
    if (run) for (const image of outputImages(run)) pushImage(world, run, image, world.now());
  },
  "acr.end": (entry, world) => {
    const run = runOf(entry, world);
    if (run?.plan) endRun(world, run, run.plan.endStatus);
  },
};

function endRun(world: World, run: Run, status: EndStatus): void {
  const now = world.now();
  const images = status === "Succeeded" ? outputImages(run) : [];
  const reason = status === run.plan?.endStatus ? run.plan.reason : undefined;
  world.runs.put({
    ...run,
    status,
    finishMs: now,
    updatedMs: now,
    ...(images.length > 0 && { outputImages: images }),
    ...(reason && { errorMessage: ERROR_MESSAGES[reason] }),
  });
  const { registry } = run;
  world.agenda.schedule({ dueMs: now + HANDOVER_SECONDS * 1000, kind: "acr.dispatch", payload: { registry } });
}

/** Durations are drawn from the image's name: they differ from image to image and repeat from run to run. */
function planRun(world: World, run: Run, startMs: number): RunPlan {
  const { scenario, request } = run;
  const seed = nameOf(request.images[0]) || request.sourceLocation || run.runId;
  const runningMs = startMs + seededNumber(`acr-agent/${seed}`, 3, 8) * 1000;
  const [shortest, longest] = scenario === "slow" ? [600, 900] : [45, 150];
  const buildMs = (run.buildSeconds ?? seededNumber(`acr-build/${seed}`, shortest, longest)) * 1000;
  const timeoutMs = startMs + request.timeoutSeconds * 1000;
  const failed = (endMs: number, reason: RunPlan["reason"], endStatus: EndStatus = "Failed"): RunPlan => {
    if (endMs > timeoutMs) return { runningMs, endMs: timeoutMs, endStatus: "Timeout", reason: "timeout" };
    return { runningMs, endMs, endStatus, ...(reason && { reason }) };
  };
  if (world.scenarios.find("registry", run.registry) === "locked") return failed(runningMs + 5000, "firewall");
  if (isMissingSource(world, request.sourceLocation)) return failed(runningMs + 2000, "source");
  const partMs = (buildMs * seededNumber(`acr-failure/${seed}`, 40, 80)) / 100;
  if (scenario === "fails") return failed(runningMs + partMs, "step");
  if (scenario === "push-refused") return failed(runningMs + buildMs, "push");
  if (scenario === "errors") return failed(runningMs + partMs, "service", "Error");
  if (scenario === "times-out") return failed(timeoutMs + 1, "timeout");
  const endMs = runningMs + buildMs;
  if (endMs > timeoutMs) return failed(endMs, "timeout");
  return {
    runningMs,
    endMs,
    endStatus: "Succeeded",
    ...(request.images.length > 0 && { pushMs: endMs - PUSH_TO_END_SECONDS * 1000 }),
    ...(scenario === "log-replaced" && { logReplacedMs: runningMs + Math.round(buildMs / 2) }),
  };
}

/** An uploaded archive is named by a relative path; everything else is an address that the emulator doesn't visit. */
function isMissingSource(world: World, sourceLocation: string): boolean {
  return sourceLocation.startsWith("source/") && !world.buildSources.has(sourceLocation);
}

/** The images that a run pushes: the same run always makes the same digests, another run makes others. */
export function outputImages(run: Run): OutputImage[] {
  const registry = `${run.registry.toLowerCase()}.azurecr.io`;
  return run.request.images.map(({ repository, tag }) => ({
    registry,
    repository,
    tag,
    digest: digestOf(`${registry}/${repository}/${run.runId}/${run.createMs}`),
  }));
}

export function digestOf(seed: string): string {
  return `sha256:${createHash("sha256").update(seed).digest("hex")}`;
}

function pushImage(world: World, run: Run, image: OutputImage, atMs: number): void {
  const { repository, tag, digest } = image;
  const { os, architecture } = run.request.platform;
  const imageBytes = seededNumber(`acr-size/${repository}`, 20, 400) * 1_048_576 + seededNumber(digest, 0, 999_999);
  const key = { registry: run.registry.toLowerCase(), repository };
  world.images.push(key, { tag, digest, imageBytes, architecture, os: os.toLowerCase(), atMs });
  const registry = findRegistryByName(world.resources, run.registry);
  if (registry) raiseWebhookEvent(world, registry, { action: "push", repository, tag, digest });
}

/** The run that an entry is about, unless it has ended or its registry is gone. */
function runOf({ payload }: AgendaEntry, world: World): Run | undefined {
  const registry = String(payload["registry"]);
  const run = world.runs.get({ registry, runId: String(payload["runId"]) });
  if (!run || isTerminal(run.status) || !findRegistryByName(world.resources, registry)) return undefined;
  return run;
}

function coresOf({ request }: Run): number {
  return Math.min(Math.max(request.cpu, 1), CORES_PER_REGISTRY);
}

function nameOf(image: ImageName | undefined): string {
  return image === undefined ? "" : `${image.repository}:${image.tag}`;
}

function agendaKey({ registry, runId }: Run): string {
  return `acr/${registry.toLowerCase()}/${runId}`;
}

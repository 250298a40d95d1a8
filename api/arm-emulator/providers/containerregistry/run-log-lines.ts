import { createHash } from "node:crypto";
import { seededNumber } from "../../seeded-number.ts";
import type { ImageName, OutputImage, Run, RunPlan } from "./run.ts";

/** One line of a build log without its end. */
export type LogLine = { readonly atMs: number; readonly text: string };

const LONG_LOG_LINES = 50_000;

/**
 * What a run writes from its start to its planned end, in the wording of ACR Tasks and of docker build. Always the same
 * for the same run. Values of secret arguments can't be in it, because a run doesn't have them.
 */
export function runLogLines(run: Run, plan: RunPlan, images: readonly OutputImage[]): LogLine[] {
  const server = `${run.registry.toLowerCase()}.azurecr.io`;
  const { runningMs } = plan;
  const { stepId } = run.request;
  const stamped = (atMs: number, text: string): LogLine => ({ atMs, text: `${stamp(atMs)} ${text}` });
  if (plan.reason === "source") {
    return [
      stamped(runningMs, "Downloading source code..."),
      stamped(plan.endMs, `failed to download context from '${run.request.sourceLocation}': the blob does not exist.`),
      ...closing(run, plan),
    ];
  }
  const opening = [
    ...(run.request.sourceLocation === ""
      ? []
      : [
          stamped(runningMs, "Downloading source code..."),
          stamped(runningMs + 1000, "Finished downloading source code"),
        ]),
    stamped(runningMs + 1000, `Using acb_vol_${hex(run, "volume", 32)} as the home volume`),
    stamped(runningMs + 1000, "Setting up Docker configuration..."),
    stamped(runningMs + 2000, "Successfully set up Docker configuration"),
    stamped(runningMs + 2000, `Logging in to registry: ${server}`),
  ];
  if (plan.reason === "firewall") {
    const denied = `failed to login, ran out of retries: failed to set docker credentials: Error response from daemon: Get "https://${server}/v2/": denied: client with IP '${agentAddress(run)}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`;
    return [...opening, { atMs: plan.endMs, text: denied }, ...closing(run, plan, [": exit status 1"])];
  }
  const whole = workLines(run);
  const isBuilt = plan.endStatus === "Succeeded" || plan.reason === "push";
  const work = isBuilt ? whole : whole.slice(0, whole.findIndex(isNextStage) - 1);
  const startMs = runningMs + 3000;
  const stopMs = plan.pushMs ?? plan.endMs;
  const spread = work.map((text, index) => ({ atMs: at(startMs, stopMs, (index + 1) / (work.length + 1)), text }));
  return [
    ...opening,
    stamped(startMs, `Successfully logged into ${server}`),
    stamped(
      startMs,
      `Executing step ID: ${stepId}. Timeout(sec): ${run.request.timeoutSeconds}, Working directory: '', Network: ''`,
    ),
    stamped(startMs, `Launching container with name: ${stepId}`),
    ...spread,
    ...(plan.endStatus === "Succeeded" ? success(run, plan, images) : []),
    ...(plan.reason === "push" ? refusedPush(run, plan, images) : []),
    ...closing(run, plan, failureLines(run, plan)),
  ];
}

function workLines(run: Run): string[] {
  const { request } = run;
  if (request.type === "EncodedTaskRunRequest" && request.commands.length > 0) {
    return request.commands
      .flatMap((command) => [`Executing command: ${command}`, ...echoed(command)])
      .concat(dockerLines(run));
  }
  return dockerLines(run);
}

/** A build that fails gets as far as its own code, which doesn't compile: it makes no layer and comes to no next stage. */
function isNextStage(line: string): boolean {
  return /^Step \d+\/\d+ : FROM node:24-alpine$/.test(line);
}

/** What `echo` in a command prints. */
function echoed(command: string): string[] {
  return [...command.matchAll(/\becho\s+(?:"([^"]*)"|'([^']*)'|([^&|;'"]+))/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare?.trim() ?? "",
  );
}

function dockerLines(run: Run): string[] {
  const { request, scenario } = run;
  const seed = nameOf(request.images[0]) || run.runId;
  const steps = [
    "FROM node:24-alpine AS build",
    "WORKDIR /app",
    ...request.arguments.map(({ name }) => `ARG ${name}`),
    "COPY package.json package-lock.json ./",
    "RUN npm ci --no-audit",
    "COPY . .",
    "RUN npm run build",
    "FROM node:24-alpine",
    "COPY --from=build /app/dist ./dist",
    'CMD ["node", "dist/main.js"]',
  ];
  const packages = scenario === "long-log" ? LONG_LOG_LINES : seededNumber(`acr-log/${seed}`, 40, 120);
  return [
    "Sending build context to Docker daemon  2.31MB",
    ...steps.flatMap((step, index) => [
      `Step ${index + 1}/${steps.length} : ${step}`,
      ...output(run, step, packages),
      ` ---> ${hex(run, `layer${index}`, 12)}`,
    ]),
    `Successfully built ${hex(run, "image", 12)}`,
    ...request.images.map((image) => `Successfully tagged ${run.registry.toLowerCase()}.azurecr.io/${nameOf(image)}`),
  ];
}

/** A step's own output, with colours and with characters of two to four bytes, as npm and bundlers print them. */
function output(run: Run, step: string, packages: number): string[] {
  if (step.startsWith("FROM node:24-alpine AS")) {
    return ["24-alpine: Pulling from library/node", `Digest: sha256:${hex(run, "base", 64)}`];
  }
  if (step.startsWith("RUN npm ci")) {
    return Array.from({ length: packages }, (_, index) =>
      index % 9 === 4
        ? `\u001b[33mnpm warn\u001b[39m deprecated package-${index}@1.${index % 7}.0: löse dies später ⚠`
        : `npm http fetch GET 200 https://registry.example.com/package-${index} ${seededNumber(`${run.runId}/${index}`, 12, 480)}ms`,
    ).concat(`added ${packages} packages in ${seededNumber(run.runId, 4, 40)}s`);
  }
  if (step.startsWith("RUN npm run build")) {
    return [
      "> build",
      "\u001b[36mvite v8.0.0 \u001b[32mbuilding for production...\u001b[39m",
      "transforming (1)\rtransforming (214)\r\u001b[32m✓\u001b[39m 214 modules transformed 🚀",
      "\u001b[2mdist/\u001b[22m\u001b[36massets/main-Grüße.js\u001b[39m  \u001b[1m182.41 kB\u001b[22m",
      ...run.request.arguments.map(({ name, value }) => `${name}=${value}`),
    ];
  }
  return [];
}

/** In the wording of acr-builder: https://github.com/Azure/acr-builder/issues/382 */
function failureLines({ request: { stepId } }: Run, { reason }: RunPlan): string[] {
  const ended = (why: string): string[] => [
    `Container failed during run: ${stepId}. No retries remaining.`,
    `failed to run step ID: ${stepId}: ${why}`,
  ];
  if (reason === "step") {
    return [
      "\u001b[31mERROR\u001b[39m The command '/bin/sh -c npm run build' returned a non-zero code: 1",
      ...ended("exit status 1"),
    ];
  }
  if (reason === "service") return ["internal error: the agent that ran this task is gone"];
  return reason === "timeout" ? ended("context deadline exceeded") : [];
}

function success(run: Run, plan: RunPlan, images: readonly OutputImage[]): LogLine[] {
  const pushMs = plan.pushMs ?? plan.endMs;
  const { stepId } = run.request;
  const line = (text: string): LogLine => ({ atMs: pushMs, text: `${stamp(pushMs)} ${text}` });
  const built = line(`Successfully executed container: ${stepId}`);
  if (images.length === 0) return [built];
  return [
    built,
    line("Executing step ID: push. Timeout(sec): 3600, Working directory: '', Network: ''"),
    ...images.flatMap(({ registry, repository, tag, digest }) => [
      line(`Pushing image: ${registry}/${repository}:${tag}, attempt 1`),
      { atMs: pushMs, text: `The push refers to repository [${registry}/${repository}]` },
      { atMs: pushMs, text: `${hex(run, tag, 12)}: Pushed` },
      { atMs: pushMs, text: `${tag}: digest: ${digest} size: 1786` },
      line(`Successfully pushed image: ${registry}/${repository}:${tag}`),
    ]),
    line(
      `Step ID: ${stepId} marked as successful (elapsed time in seconds: ${((pushMs - plan.runningMs) / 1000).toFixed(6)})`,
    ),
    line(`Populating digests for step ID: ${stepId}...`),
    { atMs: plan.endMs, text: `${stamp(plan.endMs)} Successfully populated digests for step ID: ${stepId}` },
  ];
}

/** https://learn.microsoft.com/azure/container-registry/container-registry-faq, "disallowed operation" */
function refusedPush(run: Run, plan: RunPlan, images: readonly OutputImage[]): LogLine[] {
  const line = (text: string): LogLine => ({ atMs: plan.endMs, text });
  const stamped = (text: string): LogLine => line(`${stamp(plan.endMs)} ${text}`);
  const [image] = images;
  const name = image ? `${image.registry}/${image.repository}` : "";
  return [
    stamped(`Successfully executed container: ${run.request.stepId}`),
    stamped("Executing step ID: push. Timeout(sec): 3600, Working directory: '', Network: ''"),
    ...[1, 2, 3].flatMap((attempt) => [
      stamped(`Pushing image: ${name}:${image?.tag}, attempt ${attempt}`),
      line(`The push refers to repository [${name}]`),
      line("unknown: The operation is disallowed on this registry, repository or image."),
    ]),
    line("failed to run step ID: push: failed to push images successfully"),
  ];
}

/** The last lines, which the service itself writes. */
function closing(run: Run, plan: RunPlan, before: readonly string[] = []): LogLine[] {
  const seconds = Math.round((plan.endMs - (run.startMs ?? plan.runningMs)) / 1000);
  const took = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  const last =
    plan.endStatus === "Succeeded"
      ? `Run ID: ${run.runId} was successful after ${took}`
      : `Run ID: ${run.runId} failed after ${took}. Error: ${plan.reason === "timeout" ? "failed during run, err: context deadline exceeded" : "failed during run, err: exit status 1"}`;
  return [...before, "", last].map((text) => ({ atMs: plan.endMs, text }));
}

function at(startMs: number, stopMs: number, part: number): number {
  return Math.round(startMs + (stopMs - startMs) * part);
}

/** `2026/11/22 10:04:33`, as the service stamps its own lines. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
}

function hex(run: Run, what: string, length: number): string {
  return createHash("sha256").update(`${run.registry}/${run.runId}/${what}`).digest("hex").slice(0, length);
}

function agentAddress(run: Run): string {
  return `52.168.${seededNumber(`${run.runId}/a`, 1, 250)}.${seededNumber(`${run.runId}/b`, 1, 250)}`;
}

function nameOf(image: ImageName | undefined): string {
  return image === undefined ? "" : `${image.repository}:${image.tag}`;
}

import { resourceNotFound, wrappedError } from "../../arm-errors.ts";
import type { ArmError } from "../../arm-errors.ts";
import { parseImageName } from "./image-name.ts";
import type { RunRequest } from "./run.ts";
import { readTaskContent } from "./task-content.ts";

/** https://learn.microsoft.com/rest/api/container-registry/registries/schedule-run */
const TIMEOUT_SECONDS = { lowest: 300, highest: 28_800, byDefault: 3600 };
const OPERATING_SYSTEMS = ["Linux", "Windows"];
const ARCHITECTURES = ["amd64", "x86", "386", "arm", "arm64"];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the body of scheduleRun.
 * @param names what `{{.Run.ID}}` and `{{.Run.Registry}}` stand for in this run
 * @throws ArmError 400 BadRequest that names the field
 */
export function parseRunRequest(
  body: unknown,
  names: { runId: string; loginServer: string; date: string; resourceGroup: string },
): RunRequest & { isArchiveEnabled: boolean } {
  if (body === null || typeof body !== "object" || Array.isArray(body)) throw badRequest("The run request is missing.");
  const fields = body as Fields;
  const type = text(fields, "type");
  const common = {
    sourceLocation: text(fields, "sourceLocation"),
    dockerFilePath: text(fields, "dockerFilePath"),
    cpu: Number((fields["agentConfiguration"] as Fields | undefined)?.["cpu"] ?? 2),
    timeoutSeconds: readTimeout(fields["timeout"]),
    agentPoolName: text(fields, "agentPoolName"),
    isArchiveEnabled: fields["isArchiveEnabled"] === true,
    commands: [],
    // The service makes a task of two steps of a docker build: build and push.
    stepId: "build",
  };
  if (type === "DockerBuildRequest") {
    if (common.sourceLocation === "") throw badRequest("Missing source location.");
    if (common.dockerFilePath === "") throw badRequest("Missing Dockerfile path.");
    const imageNames = fields["imageNames"] ?? [];
    if (!Array.isArray(imageNames)) throw badRequest("The image names are no list.");
    const images = imageNames.map((name: unknown) => readImage(String(name), names));
    const isPushed = fields["isPushEnabled"] !== false;
    return {
      ...common,
      type,
      platform: readPlatform(fields),
      arguments: readArguments(fields["arguments"]),
      images: isPushed ? images : [],
    };
  }
  if (type === "EncodedTaskRunRequest" || type === "FileTaskRunRequest") {
    const isFile = type === "FileTaskRunRequest";
    if (isFile && common.sourceLocation === "") throw badRequest("Missing source location.");
    if (isFile && text(fields, "taskFilePath") === "") throw badRequest("Missing task file path.");
    const encoded = text(fields, "encodedTaskContent");
    if (!isFile && encoded === "") throw badRequest("Missing encoded task content.");
    const values = readArguments(fields["values"]);
    const task = readTaskContent(Buffer.from(encoded, "base64").toString("utf8"), values);
    return {
      ...common,
      type,
      platform: readPlatform(fields),
      arguments: values,
      images: task.pushed.map((name) => readImage(name, names)),
      commands: task.commands.map((command) => expand(command, names)),
      stepId: task.stepId,
    };
  }
  if (type === "TaskRunRequest") {
    throw resourceNotFound(
      `Microsoft.ContainerRegistry/registries/tasks/${text(fields, "taskId")}`,
      names.resourceGroup,
    );
  }
  throw badRequest(`The run request type '${type}' is not supported.`);
}

/** A refusal in the form that ACR Tasks gives them. */
export function badRequest(message: string): ArmError {
  return wrappedError(400, "BadRequest", message, { target: "request" });
}

/** Only arguments that are no secrets. */
function readArguments(value: unknown): RunRequest["arguments"] {
  if (!Array.isArray(value)) return [];
  return (value as Fields[])
    .filter(({ isSecret }) => isSecret !== true)
    .map((argument) => ({ name: text(argument, "name"), value: text(argument, "value") }));
}

function readImage(name: string, names: Parameters<typeof expand>[1]): RunRequest["images"][number] {
  const image = parseImageName(expand(name, names), names.loginServer);
  if (image === undefined) throw badRequest(`The image name '${name}' is not valid.`);
  return image;
}

/** https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml#run-variables */
function expand(template: string, names: { runId: string; loginServer: string; date: string }): string {
  return template
    .replaceAll(/\{\{\s*\.Run\.ID\s*\}\}|\$ID\b/g, names.runId)
    .replaceAll(/\{\{\s*\.Run\.Registry\s*\}\}|\$Registry\b/g, names.loginServer)
    .replaceAll(/\{\{\s*\.Run\.Date\s*\}\}|\$Date\b/g, names.date);
}

function readPlatform(fields: Fields): RunRequest["platform"] {
  const platform = (fields["platform"] ?? {}) as Fields;
  const os = OPERATING_SYSTEMS.find((known) => known.toLowerCase() === text(platform, "os").toLowerCase());
  if (os === undefined) throw badRequest(`The platform OS '${text(platform, "os")}' is not supported.`);
  const architecture = text(platform, "architecture") || "amd64";
  if (!ARCHITECTURES.includes(architecture)) {
    throw badRequest(`The platform architecture '${architecture}' is not supported.`);
  }
  return { os, architecture };
}

function readTimeout(value: unknown): number {
  const seconds = value ?? TIMEOUT_SECONDS.byDefault;
  const { lowest, highest } = TIMEOUT_SECONDS;
  if (typeof seconds !== "number" || seconds < lowest || seconds > highest) {
    throw badRequest(`The timeout must be between ${lowest} and ${highest} seconds.`);
  }
  return seconds;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value.trim() : "";
}

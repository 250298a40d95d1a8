import type { FieldProblem } from "../../shared/invalid-input-error.ts";
import type { AcrBuildInput } from "./acr-build.ts";
import type { AcrRunRequest } from "./acr-run.ts";
import {
  checkBuildArg,
  checkGitUrl,
  checkPath,
  checkPlatform,
  checkRef,
  checkRepositoryName,
  checkTag,
  checkTimeout,
} from "./build-rules.ts";

const DEFAULT_DOCKERFILE = "Dockerfile";
const DEFAULT_PLATFORM = "linux/amd64";
const DEFAULT_TIMEOUT_SECONDS = 3_600;
const MOST_IMAGES = 20;
const MOST_BUILD_ARGS = 100;
/** Of names and values together: a build is stored with them, and a record has room for 32 Ki characters. */
const LONGEST_BUILD_ARGS = 16_384;

export interface BuildImageRequest {
  readonly image: string;
  readonly tag: string;
  readonly source: {
    readonly gitUrl: string;
    readonly ref?: string | undefined;
    readonly contextPath?: string | undefined;
  };
  readonly dockerfile?: string | undefined;
  readonly platform?: string | undefined;
  readonly buildArgs: readonly { readonly name: string; readonly value: string; readonly isSecret: boolean }[];
  readonly timeoutSeconds?: number | undefined;
}

/** All problems of all images; paths are those of `StartBuildsInput`. */
export function checkBuildRequest(
  images: readonly BuildImageRequest[],
  allowedHosts: readonly string[],
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const check = (path: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ path, message });
  };
  if (images.length === 0 || images.length > MOST_IMAGES)
    check("images", `1 to ${MOST_IMAGES} images can be built at once.`);
  images.forEach((request, index) => {
    const at = `images.${index}`;
    check(`${at}.image`, checkRepositoryName(request.image));
    check(`${at}.tag`, checkTag(request.tag));
    check(`${at}.source.gitUrl`, checkGitUrl(request.source.gitUrl, allowedHosts));
    if (request.source.ref !== undefined) check(`${at}.source.ref`, checkRef(request.source.ref));
    if (request.source.contextPath !== undefined)
      check(`${at}.source.contextPath`, checkPath(request.source.contextPath));
    if (request.dockerfile !== undefined) check(`${at}.dockerfile`, checkPath(request.dockerfile));
    if (request.platform !== undefined) check(`${at}.platform`, checkPlatform(request.platform));
    if (request.timeoutSeconds !== undefined) check(`${at}.timeoutSeconds`, checkTimeout(request.timeoutSeconds));
    if (request.buildArgs.length > MOST_BUILD_ARGS)
      check(`${at}.buildArgs`, `At most ${MOST_BUILD_ARGS} build arguments can be given.`);
    if (request.buildArgs.reduce((sum, { name, value }) => sum + name.length + value.length, 0) > LONGEST_BUILD_ARGS)
      check(`${at}.buildArgs`, `All build arguments together have at most ${LONGEST_BUILD_ARGS} characters.`);
    const names = request.buildArgs.map(({ name }) => name);
    request.buildArgs.forEach((arg, argIndex) => {
      check(`${at}.buildArgs.${argIndex}`, checkBuildArg(arg));
      if (names.indexOf(arg.name) < argIndex)
        check(`${at}.buildArgs.${argIndex}`, `There is a build argument ${arg.name} already.`);
    });
  });
  return problems;
}

/** What may be stored and shown: everything but the values of secret build arguments. */
export function toBuildInput(request: BuildImageRequest): AcrBuildInput {
  return {
    gitUrl: request.source.gitUrl,
    ...(request.source.ref === undefined ? {} : { ref: request.source.ref }),
    ...(request.source.contextPath === undefined ? {} : { contextPath: request.source.contextPath }),
    dockerfile: request.dockerfile ?? DEFAULT_DOCKERFILE,
    platform: (request.platform ?? DEFAULT_PLATFORM).toLowerCase(),
    buildArgs: request.buildArgs.map(({ name, value, isSecret }) => ({
      name,
      isSecret,
      ...(isSecret ? {} : { value }),
    })),
    timeoutSeconds: request.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
  };
}

/** Of a build argument: what is the same to YAML, to ACR's templates and to the shells of all its agents. */
const PLAIN_VALUE = /^[\w./:=+-]*$/;

/**
 * Whether the request can be made as a task whose step has a name. Everything else in it is plain by our rules; a build
 * argument that is not would have to be quoted for more readers than anybody can answer for.
 */
export function canNameStep(request: BuildImageRequest): boolean {
  return request.buildArgs.every(({ value }) => PLAIN_VALUE.test(value));
}

export function toRunRequest(request: BuildImageRequest, stepId: string | undefined): AcrRunRequest {
  const input = toBuildInput(request);
  const [os = "linux", architecture = "amd64"] = input.platform.split("/");
  const fragment = [input.ref ?? "", ...(input.contextPath === undefined ? [] : [input.contextPath])].join(":");
  return {
    image: request.image,
    tag: request.tag,
    sourceLocation: fragment === "" ? input.gitUrl : `${input.gitUrl}#${fragment}`,
    dockerfile: input.dockerfile,
    os,
    architecture,
    buildArgs: request.buildArgs,
    timeoutSeconds: input.timeoutSeconds,
    ...(stepId === undefined ? {} : { stepId }),
  };
}

import { describe, expect, test } from "vitest";
import { BUILD_FAILURE_RULES } from "./build-failure-rules.ts";
import type { BuildAbout } from "./build-failure.ts";
import { classifyBuildFailure } from "./classify-build-failure.ts";

const ABOUT: BuildAbout = {
  name: "demoacr",
  loginServer: "demoacr.azurecr.io",
  input: {
    gitUrl: "https://github.com/contoso/shop.git",
    ref: "main",
    contextPath: "services/api",
    dockerfile: "docker/Dockerfile",
    platform: "linux/arm64",
    buildArgs: [],
    timeoutSeconds: 900,
  },
};
const FAILED = "failed during run, err: exit status 1";

/** A log as ACR Tasks writes it around what a build prints. */
function log(...lines: readonly string[]): string {
  const opening = [
    "2026/01/01 00:00:01 Downloading source code...",
    "2026/01/01 00:00:02 Finished downloading source code",
    "2026/01/01 00:00:03 Logging in to registry: demoacr.azurecr.io",
    "2026/01/01 00:00:04 Successfully logged into demoacr.azurecr.io",
    "2026/01/01 00:00:04 Executing step ID: slipway-1. Timeout(sec): 900, Working directory: '', Network: ''",
  ];
  const closing = [
    "2026/01/01 00:01:00 Container failed during run: slipway-1. No retries remaining.",
    "failed to run step ID: slipway-1: exit status 1",
    "",
    "Run ID: cf1 failed after 1m0s. Error: failed during run, err: exit status 1",
  ];
  return [...opening, ...lines, ...closing].map((line) => `${line}\r\n`).join("");
}

const CASES: readonly (readonly [name: string, category: string, lines: readonly string[], told: RegExp])[] = [
  [
    "firewall",
    "FIREWALL",
    [
      `failed to login, ran out of retries: failed to set docker credentials: Error response from daemon: Get "https://demoacr.azurecr.io/v2/": denied: client with IP '52.168.9.77' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
      ": exit status 1",
    ],
    /firewall of demoacr\.azurecr\.io does not let the build's agent in \(52\.168\.9\.77\)/,
  ],
  [
    "firewall, as JSON within a text",
    "FIREWALL",
    [
      String.raw`denied: {"errors":[{"code":"DENIED","message":"client with IP \u002752.168.9.77\u0027 is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}`,
    ],
    /\(52\.168\.9\.77\)/,
  ],
  [
    "sign-in",
    "SIGN_IN",
    [
      "failed to login, ran out of retries: failed to set docker credentials: Error response from daemon: Get: unauthorized: authentication required: exit status 1",
    ],
    /could not sign in to demoacr\.azurecr\.io/,
  ],
  [
    "no such branch",
    "SOURCE",
    ["error fetching: fatal: couldn't find remote ref release/9", ": exit status 128"],
    /https:\/\/github\.com\/contoso\/shop\.git has no branch, tag or commit release\/9\./,
  ],
  [
    "no such folder",
    "SOURCE",
    [
      `failed to download source code: error setting git context, "services/api" not within git root: lstat /workspace/services/api: no such file or directory`,
    ],
    /has no folder services\/api to build/,
  ],
  [
    "no Dockerfile, by ACR",
    "DOCKERFILE",
    [
      "2026/01/01 00:00:05 Scanning for dependencies...",
      "2026/01/01 00:00:06 Output from dependency scanning: error opening dockerfile: /workspace/docker/Dockerfile, error: open /workspace/docker/Dockerfile: no such file or directory",
      "failed to run step ID: slipway-1: failed to scan dependencies: exit status 1",
    ],
    /no Dockerfile docker\/Dockerfile in the folder services\/api/,
  ],
  [
    "no Dockerfile, by docker",
    "DOCKERFILE",
    [
      "unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /workspace/Dockerfile: no such file or directory",
    ],
    /no Dockerfile/,
  ],
  [
    "a Dockerfile that can't be read",
    "DOCKERFILE",
    ["Error response from daemon: dockerfile parse error line 3: unknown instruction: RUNN"],
    /in line 3: unknown instruction: RUNN\./,
  ],
  [
    "pull limit",
    "PULL_LIMIT",
    [
      "Step 1/9 : FROM node:24-alpine",
      "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
    ],
    /takes no more pulls/,
  ],
  [
    "platform",
    "PLATFORM",
    ["no matching manifest for linux/arm64/v8 in the manifest list entries"],
    /not made for linux\/arm64\/v8/,
  ],
  [
    "a program of another platform",
    "PLATFORM",
    ["exec /bin/sh: exec format error", "The command '/bin/sh -c npm ci' returned a non-zero code: 1"],
    /not made for linux\/arm64/,
  ],
  [
    "no such base image",
    "BASE_IMAGE",
    ['manifest for demoacr.azurecr.io/base/node:99 not found: manifest unknown: manifest tagged by "99" is not found'],
    /There is no base image demoacr\.azurecr\.io\/base\/node:99\./,
  ],
  [
    "a base image that may not be pulled",
    "BASE_IMAGE",
    [
      "pull access denied for contoso/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    /base image contoso\/private can't be pulled/,
  ],
  [
    "a base image in another registry",
    "BASE_IMAGE",
    [
      `Head "https://other.azurecr.io/v2/base/node/manifests/24": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.`,
    ],
    /base image other\.azurecr\.io\/base\/node:24 can't be pulled/,
  ],
  [
    "a file that is not there",
    "MISSING_FILE",
    [
      "COPY failed: file not found in build context or excluded by .dockerignore: stat package.json: file does not exist",
    ],
    /^package\.json that the Dockerfile copies/,
  ],
  [
    "a file that is not there, by BuildKit",
    "MISSING_FILE",
    [
      `ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref abc::def: "/dist": not found`,
    ],
    /^\/dist that the Dockerfile copies/,
  ],
  [
    "no space",
    "NO_SPACE",
    [
      "npm error ENOSPC: no space left on device, write",
      "The command '/bin/sh -c npm ci' returned a non-zero code: 228",
    ],
    /too large for the build's agent/,
  ],
  [
    "out of memory",
    "OUT_OF_MEMORY",
    ["Killed", "The command '/bin/sh -c npm run build' returned a non-zero code: 137"],
    /^RUN npm run build needed more memory/,
  ],
  [
    "a name that can't be resolved",
    "NETWORK",
    [
      "npm error getaddrinfo ENOTFOUND registry.internal.contoso.com",
      "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
    ],
    /could not reach registry\.internal\.contoso\.com/,
  ],
  [
    "a push to a tag that is locked",
    "PUSH_DENIED",
    [
      "2026/01/01 00:00:40 Pushing image: demoacr.azurecr.io/shop/api:1, attempt 3",
      "unknown: The operation is disallowed on this registry, repository or image.",
      "failed to run step ID: push: failed to push images successfully",
    ],
    /the tag or its repository is locked/,
  ],
  [
    "a push that is refused",
    "PUSH_DENIED",
    [
      "2026/01/01 00:00:40 Pushing image: demoacr.azurecr.io/shop/api:1, attempt 3",
      "denied: requested access to the resource is denied",
      "failed to run step ID: push: failed to push images successfully",
    ],
    /demoacr\.azurecr\.io did not take it/,
  ],
  [
    "a command that fails",
    "STEP_FAILED",
    ["\u001b[31mERROR\u001b[39m The command '/bin/sh -c npm run build' returned a non-zero code: 1"],
    /^RUN npm run build ended with exit code 1\./,
  ],
  [
    "a command that is not there, by BuildKit",
    "STEP_FAILED",
    [`ERROR: failed to solve: process "/bin/sh -c pnpm build" did not complete successfully: exit code: 127`],
    /^RUN pnpm build ended with exit code 127 \(there is no such command in the image\)/,
  ],
  [
    "a step of a task that fails",
    "STEP_FAILED",
    ["failed to run step ID: tests: exit status 2"],
    /step tests of the task ended with exit code 2/,
  ],
];

describe("what the log of a failed build tells", () => {
  test.each(CASES)("%s", (_name, category, lines, told) => {
    const failure = classifyBuildFailure(log(...lines), FAILED, ABOUT);
    expect(failure?.category).toBe(category);
    expect(failure?.summary).toMatch(told);
    expect(failure?.summary).not.toContain("undefined");
    expect(failure?.remedies.length).toBeGreaterThan(0);
    // What is quoted stands in the log.
    expect(lines.some((line) => line.includes(failure?.message.split(" ").slice(-3).join(" ") ?? "?"))).toBe(true);
  });

  test.each([
    ["shop/api:1", "az acr repository show --name demoacr --image shop/api:1"],
    [undefined, "az acr repository show --name demoacr --image '<image:tag>'"],
  ])("a push that is not taken: what is to be looked at, of %s", (image, shown) => {
    const failure = classifyBuildFailure(log("unknown: The operation is disallowed"), FAILED, { ...ABOUT, image });
    expect(failure?.remedies[0]?.command).toBe(shown);
  });

  test.each([
    [
      "failed to download context. Please check if the URL is incorrect. If it has credentials, please check if they are expired",
      "SOURCE",
    ],
    ["failed during run, err: context deadline exceeded", "TIMED_OUT"],
    ["internal error occurred while running the task", "AZURE_UNAVAILABLE"],
  ])("Azure's own reason counts too, without any log: %s", (error, category) => {
    expect(classifyBuildFailure("", error, ABOUT)?.category).toBe(category);
    expect(classifyBuildFailure("", error, { ...ABOUT, input: undefined })?.summary).not.toMatch(/undefined/);
  });

  test("what none knows is left to Azure's words", () => {
    expect(classifyBuildFailure(log("it is a mystery"), FAILED, ABOUT)).toBeUndefined();
    expect(classifyBuildFailure("", undefined, ABOUT)).toBeUndefined();
  });

  test("what a build printed long before its end decides nothing", () => {
    const early = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const noise = "npm warn retrying after toomanyrequests: slow down";
    const end = "The command '/bin/sh -c npm test' returned a non-zero code: 1";
    expect(classifyBuildFailure(log(noise, ...early, end), FAILED, ABOUT)?.category).toBe("STEP_FAILED");
  });

  test("a command to copy names the registry, and nothing from a log becomes a command of its own", () => {
    const denied = (address: string): string =>
      `denied: client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall`;
    const commands = (line: string): (string | undefined)[] =>
      (classifyBuildFailure(log(line), FAILED, ABOUT)?.remedies ?? []).map((remedy) => remedy.command);
    expect(commands(denied("52.168.9.77"))).toContain(
      "az acr network-rule add --name demoacr --ip-address 52.168.9.77",
    );
    expect(commands(denied("1.2.3.4; rm -rf /")).filter((one) => one?.includes("rm "))).toEqual([]);
  });

  test("a line without end is cut, so that no rule has to look through it", () => {
    const endless = `The command '${"a ".repeat(200_000)}`;
    const failure = classifyBuildFailure(`${endless}\n`.repeat(5) + "x".repeat(1_000_000), FAILED, ABOUT);
    expect(failure).toBeUndefined();
  });

  test("every rule has a page of its own to be checked by", () => {
    for (const rule of BUILD_FAILURE_RULES) expect(new URL(rule.source).protocol, rule.name).toBe("https:");
    expect(new Set(BUILD_FAILURE_RULES.map((rule) => rule.name)).size).toBe(BUILD_FAILURE_RULES.length);
  });
});

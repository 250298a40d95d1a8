import { command, edit, link, RETRY } from "../../../shared/remedy.ts";
import type { BuildAbout, BuildFacts, BuildFailureRule } from "./build-failure.ts";

/** What ACR runs builds with; its messages are its own: https://github.com/Azure/acr-builder */
const ACB = "https://github.com/Azure/acr-builder/blob/main";
const DOCS = "https://learn.microsoft.com/azure/container-registry";
const DOCKER = "https://docs.docker.com";

const STATUS_PAGE = link("State of Azure", "https://azure.status.microsoft");
const AGENT_POOLS = link("Agents of your own", `${DOCS}/tasks-agent-pools`);

/** In order: causes before what they lead to, what is told exactly before what is told by a word. */
export const BUILD_FAILURE_RULES: readonly BuildFailureRule[] = [
  {
    name: "firewall",
    category: "FIREWALL",
    words: [
      /(?:https:\/\/(?<host>[\w.-]+)\/v2\/.*)?client with IP \W*(?:u0027)?(?<address>[\d.a-f:]+\d)\W.*not allowed access/i,
    ],
    tell: ({ host, address }, { loginServer }) =>
      `The firewall of ${host ?? loginServer} does not let the build's agent in (${address}). Let it through, or build on agents of your own within the network: addresses of Azure's agents change from build to build.`,
    remedies: ({ host, address }, { name, loginServer }) => [
      ...(host === undefined || host === loginServer.toLowerCase()
        ? [
            command(
              "Let this agent through",
              "az",
              "acr",
              "network-rule",
              "add",
              "--name",
              name,
              "--ip-address",
              address ?? "<address>",
            ),
          ]
        : []),
      AGENT_POOLS,
      link("Firewall of a registry", "https://aka.ms/acr/firewall"),
      RETRY,
    ],
    source: `${DOCS}/container-registry-access-selected-networks`,
  },
  {
    name: "sign-in-refused",
    category: "SIGN_IN",
    words: [/failed to login, ran out of retries|error fetching credentials for '(?<host>[^']+)'/i],
    tell: ({ host }, { loginServer }) =>
      `The build's agent could not sign in to ${host ?? loginServer}: the credentials of the run don't hold there.`,
    remedies: () => [
      link("Sign-in of builds", `${DOCS}/container-registry-tasks-authentication-managed-identity`),
      RETRY,
    ],
    source: `${ACB}/builder/login.go`,
  },
  {
    name: "ref-missing",
    category: "SOURCE",
    words: [
      /couldn't find remote ref (?<ref>\S+)/i,
      /pathspec '(?<ref>[^']+)' did not match/i,
      /Remote branch (?<ref>\S+) not found/i,
    ],
    tell: ({ ref }, about) => `${repositoryOf(about)} has no branch, tag or commit ${ref}.`,
    remedies: () => [edit("Change the branch, tag or commit", "source.ref"), RETRY],
    source: `${ACB}/scan/git.go`,
  },
  {
    name: "folder-missing",
    category: "SOURCE",
    words: [/error setting git context, (?:"(?<folder>[^"]+)"|not a directory: (?<path>\S+))/i],
    tell: ({ folder, path }, about) =>
      `${repositoryOf(about)} has no folder ${about.input?.contextPath ?? folder ?? path} to build.`,
    remedies: () => [edit("Change the folder", "source.contextPath"), RETRY],
    source: `${ACB}/scan/git.go`,
  },
  {
    name: "source",
    category: "SOURCE",
    words: [
      /failed to download (?:context|source code)/i,
      /unable to (?:git clone to|download remote context)|failed to untar context/i,
      /error fetching: .*(?:Authentication failed|could not read Username|Repository not found)/i,
    ],
    tell: (_facts, about) =>
      `ACR could not get the source${about.input ? ` from ${about.input.gitUrl}` : ""}: the address, ${refOf(about)} or the folder is not there, or the repository can't be read without signing in.`,
    remedies: () => [
      edit("Change the source", "source.gitUrl"),
      link("Private sources", `${DOCS}/container-registry-tasks-overview`),
      RETRY,
    ],
    source: "https://github.com/Azure/azure-cli/issues/11455",
  },
  {
    name: "dockerfile-missing",
    category: "DOCKERFILE",
    words: [
      /error opening dockerfile: (?<file>[^,\s]+),/i,
      /unable to evaluate symlinks in Dockerfile path: lstat (?<file>[^:\s]+): no such file/i,
      /failed to read dockerfile: open (?<file>[^:\s]+): no such file/i,
    ],
    tell: ({ file }, { input }) =>
      `There is no Dockerfile ${input?.dockerfile ?? file} in ${input?.contextPath === undefined ? "the root of the source" : `the folder ${input.contextPath}`}.`,
    remedies: () => [edit("Change the Dockerfile's path or the folder", "dockerfile"), RETRY],
    source: `${ACB}/scan/dependencies.go`,
  },
  {
    name: "dockerfile-unreadable",
    category: "DOCKERFILE",
    words: [
      /dockerfile parse error(?: on)? line (?<line>\d+): (?<what>.+)/i,
      /(?<what>unknown instruction: \S+)/i,
      /failed to scan dependencies.*?: (?<what>unexpected dockerfile format|unable to understand line .+)/i,
      /Output from dependency scanning: (?<what>unexpected dockerfile format|unable to understand line .+)/i,
    ],
    tell: ({ line, what }) =>
      `The Dockerfile can't be read${line === undefined ? "" : ` in line ${line}`}: ${sentence(what ?? "its form is wrong")}`,
    remedies: () => [link("What a Dockerfile may say", `${DOCKER}/reference/dockerfile/`), RETRY],
    source: `${ACB}/scan/dependencies.go`,
  },
  {
    name: "pull-limit",
    category: "PULL_LIMIT",
    words: [/toomanyrequests: (?<what>.+)/i, /pulling from host (?<host>\S+) failed with status code .*429/i],
    tell: ({ host }) =>
      `${host ?? "The registry of a base image"} takes no more pulls from the build's agent for now: agents share their addresses with others, and pulls without signing in are limited. A copy of the base image in your own registry is not.`,
    remedies: (_facts, { name }) => [
      command(
        "Copy the base image into the registry",
        "az",
        "acr",
        "import",
        "--name",
        name,
        "--source",
        "<docker.io/library/image:tag>",
      ),
      link("Public base images", `${DOCS}/buffer-gate-public-content`),
      RETRY,
    ],
    source: "https://docs.docker.com/docker-hub/usage/pulls/",
  },
  {
    name: "platform",
    category: "PLATFORM",
    words: [/no match(?:ing manifest)? for (?:platform in manifest|(?<platform>[\w/]+) )/i, /exec format error/i],
    tell: ({ platform }, { input }) =>
      `A base image, or a program in it, is not made for ${platform ?? input?.platform ?? "the platform that is built for"}.`,
    remedies: () => [edit("Change the platform", "platform"), RETRY],
    source: `${DOCKER}/build/building/multi-platform/`,
  },
  {
    name: "base-image-missing",
    category: "BASE_IMAGE",
    words: [
      /manifest for (?<image>\S+) not found/i,
      /(?<image>[\w./:@-]+): not found: manifest unknown/i,
      /failed to resolve source metadata for (?<image>[^\s,]+): .*not found/i,
      /invalid reference format/i,
    ],
    tell: ({ image }) => `There is no base image ${image ?? "of the name that the Dockerfile begins from"}.`,
    remedies: () => [link("What FROM may name", `${DOCKER}/reference/dockerfile/#from`), RETRY],
    source: "https://github.com/distribution/distribution/blob/main/docs/content/spec/api.md#errors-2",
  },
  {
    name: "base-image-refused",
    category: "BASE_IMAGE",
    words: [
      /pull access denied for (?<image>[^\s,]+), repository does not exist/i,
      /https:\/\/(?<host>[\w.:-]+)\/v2\/(?<path>\S+?)\/manifests\/(?<tag>[^\s"]+)"?: (?:unauthorized|denied)/i,
      /failed to (?:resolve source metadata|authorize).*https:\/\/(?<host>[\w.:-]+)\/.*(?:401|403|unauthorized|denied|forbidden)/i,
    ],
    tell: (facts) =>
      `The base image ${baseImageOf(facts)} can't be pulled: there is none of that name, or its registry wants somebody to sign in.`,
    remedies: () => [
      link("Base images in other registries", `${DOCS}/container-registry-tasks-cross-registry-authentication`),
      RETRY,
    ],
    source: "https://github.com/Azure/acr/issues/774",
  },
  {
    name: "file-missing",
    category: "MISSING_FILE",
    words: [
      /(?:COPY|ADD) failed: .*stat (?<file>\S+?):? (?:file does not exist|no such file)/i,
      /(?:COPY|ADD) failed: (?:no source files were specified|.*excluded by \.dockerignore)/i,
      /failed to (?:compute|calculate) (?:cache key|checksum of ref).*"(?<file>[^"]+)": not found/i,
    ],
    tell: ({ file }) =>
      `${file ?? "A file"} that the Dockerfile copies is not in what is built: it is missing in the folder, or .dockerignore leaves it out.`,
    remedies: () => [
      edit("Change the folder that is built", "source.contextPath"),
      link("What a build can see", `${DOCKER}/build/concepts/context/`),
      RETRY,
    ],
    source: `${DOCKER}/build/concepts/context/`,
  },
  {
    name: "no-space",
    category: "NO_SPACE",
    words: [
      /no space left on device|\bENOSPC\b/i,
      /(?:request body|context) (?:is )?too large|413 Request Entity Too Large/i,
    ],
    tell: () =>
      "The source, the base images and what is built of them are too large for the build's agent. Leave out what is not needed with a .dockerignore, or build on a larger agent.",
    remedies: () => [
      link("Leave files out", `${DOCKER}/build/concepts/context/#dockerignore-files`),
      AGENT_POOLS,
      RETRY,
    ],
    source: `${DOCS}/tasks-agent-pools`,
  },
  {
    name: "out-of-memory",
    category: "OUT_OF_MEMORY",
    words: [
      /The command '(?<command>.+)' returned a non-zero code: 137/,
      /process "(?<command>.+)" did not complete successfully: exit code: 137/,
      /JavaScript heap out of memory|java\.lang\.OutOfMemoryError/,
    ],
    tell: ({ command: what }) =>
      `${what === undefined ? "A step" : `RUN ${withoutShell(what)}`} needed more memory than the build's agent has.`,
    remedies: () => [AGENT_POOLS, RETRY],
    source: `${DOCS}/tasks-agent-pools`,
  },
  {
    name: "name-unresolved",
    category: "NETWORK",
    words: [
      /Could not resolve host:? (?<host>[\w.-]+)/i,
      /Temporary failure resolving '(?<host>[^']+)'/i,
      /getaddrinfo (?:EAI_AGAIN|ENOTFOUND) (?<host>[\w.-]+)/,
      /lookup (?<host>[\w.-]+)(?: on [\d.:]+)?: (?:no such host|server misbehaving|i\/o timeout)/i,
    ],
    tell: ({ host }) => `The build could not reach ${host}: its name can't be resolved from the build's agent.`,
    remedies: () => [RETRY, link("Agents within your network", `${DOCS}/tasks-agent-pools`)],
    source: `${DOCS}/tasks-agent-pools`,
  },
  {
    name: "image-locked",
    category: "PUSH_DENIED",
    words: [/The operation is disallowed/i],
    tell: (_facts, { loginServer }) =>
      `The image was built, but ${loginServer} does not take it: the tag or its repository is locked, or the registry is disabled.`,
    remedies: (_facts, { name, image = "<image:tag>" }) => [
      command("See what is locked", "az", "acr", "repository", "show", "--name", name, "--image", image),
      link("Locked images", `${DOCS}/container-registry-image-lock`),
      RETRY,
    ],
    source: `${DOCS}/container-registry-faq`,
  },
  {
    name: "push-refused",
    category: "PUSH_DENIED",
    words: [
      /failed to push images successfully/i,
      /denied: requested access to the resource is denied/i,
      /unauthorized: authentication required/i,
    ],
    tell: (_facts, { loginServer }) =>
      `The image was built, but ${loginServer} did not take it: the identity of the run may not push to this repository, or the registry could not be reached.`,
    remedies: () => [link("Who may push", "https://aka.ms/acr/authorization"), RETRY],
    source: `${ACB}/builder/push.go`,
  },
  {
    name: "timeout",
    category: "TIMED_OUT",
    words: [/context deadline exceeded|^timed ?out$/i],
    tell: (_facts, { input }) =>
      `It took longer than ${input ? `the ${input.timeoutSeconds} seconds that it was given` : "it was allowed to"}.`,
    remedies: () => [edit("Give it more time", "timeoutSeconds"), RETRY],
    source: `${DOCS}/container-registry-tasks-reference-yaml`,
  },
  {
    name: "command-failed",
    category: "STEP_FAILED",
    words: [
      /The command '(?<command>.+)' returned a non-zero code: (?<code>\d+)/,
      /process "(?<command>.+)" did not complete successfully: exit code: (?<code>\d+)/,
    ],
    tell: ({ command: what, code }) =>
      `RUN ${withoutShell(what ?? "")} ended with exit code ${code}${meaningOf(code)}. The lines above it in the log say why.`,
    remedies: () => [RETRY],
    source: `${DOCKER}/reference/dockerfile/#run`,
  },
  {
    name: "task-step-failed",
    category: "STEP_FAILED",
    // Steps that are builds or have no name of their own say nothing by it.
    words: [/failed to run step ID: (?<step>(?!build\b|acb_step_|slipway-)[^\s:]+): exit status (?<code>\d+)/],
    tell: ({ step, code }) =>
      `The step ${step} of the task ended with exit code ${code}${meaningOf(code)}. The lines above it in the log say why.`,
    remedies: () => [RETRY],
    source: `${ACB}/builder/builder.go`,
  },
  {
    name: "agent-lost",
    category: "AZURE_UNAVAILABLE",
    words: [/^internal error\b/i],
    tell: () => "ACR itself failed while it ran the build: nothing in the build is wrong.",
    remedies: () => [RETRY, STATUS_PAGE],
    source: `${DOCS}/container-registry-tasks-overview`,
  },
];

function repositoryOf({ input }: BuildAbout): string {
  return input?.gitUrl ?? "The source";
}

function refOf({ input }: BuildAbout): string {
  return input?.ref === undefined ? "the branch" : input.ref;
}

function baseImageOf({ image, host, path, tag }: BuildFacts): string {
  if (image !== undefined) return image;
  return path === undefined ? `of ${host}` : `${host}/${path}${tag?.startsWith("sha256:") ? "@" : ":"}${tag}`;
}

function withoutShell(what: string): string {
  return what.replace(/^(?:\/bin\/(?:ba)?sh -o pipefail -c|\/bin\/(?:ba)?sh -c|cmd \/S \/C|powershell -Command) /, "");
}

function meaningOf(code: string | undefined): string {
  if (code === "126") return " (the command can't be run)";
  if (code === "127") return " (there is no such command in the image)";
  return "";
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

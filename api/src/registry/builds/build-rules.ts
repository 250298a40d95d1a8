/**
 * Rules for what a build may name, as checks that answer with a sentence, or undefined when the value is fine.
 * Repository and tag: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
const LONGEST_REPOSITORY = 255;
const LONGEST_ARG_VALUE = 16_384;
const LONGEST_GIT_URL = 2_048;

export function checkRepositoryName(name: string): string | undefined {
  if (name.length < 1 || name.length > LONGEST_REPOSITORY)
    return `A repository name has 1 to ${LONGEST_REPOSITORY} characters.`;
  if (/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/.test(name)) return undefined;
  return "A repository name has lower-case letters and digits, with single . _ - or / between them, such as team/service.";
}

export function checkTag(tag: string): string | undefined {
  if (/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(tag)) return undefined;
  return "A tag has 1 to 128 letters, digits, underscores, periods and hyphens, and begins with none of the last two.";
}

/** ACR fetches the source, not we: what is checked is what it may be told to fetch. */
export function checkGitUrl(gitUrl: string, allowedHosts: readonly string[]): string | undefined {
  if (gitUrl.length > LONGEST_GIT_URL) return `A git URL has at most ${LONGEST_GIT_URL} characters.`;
  if (/[\s\u0000-\u001f]/.test(gitUrl)) return "A git URL has no spaces or control characters.";
  let url: URL;
  try {
    url = new URL(gitUrl);
  } catch {
    return "This is no URL. Use the address that git clones from, such as https://github.com/owner/repository.git.";
  }
  if (url.protocol !== "https:") return "Only https:// addresses can be built from.";
  if (url.username !== "" || url.password !== "" || gitUrl.includes("@")) return "A git URL can't carry credentials.";
  if (url.port !== "") return "A git URL can't name a port.";
  if (!allowedHosts.includes(url.hostname.toLowerCase())) {
    return `Builds from ${url.hostname} are not allowed. Allowed are ${allowedHosts.join(", ")} (SLIPWAY_BUILD_SOURCE_HOSTS).`;
  }
  if (url.hash !== "" || url.search !== "") return "Give branch and folder in ref and contextPath, not in the git URL.";
  if (url.pathname.length < 2) return "A git URL names a repository.";
  // What git reads is the text, not our reading of it: it has to be plain enough that there is only one.
  const plain = /^https:\/\/([a-z0-9.-]+)((?:\/[\w.~%+-]+)+)\/?$/i.exec(gitUrl);
  const [, host = "", path = ""] = plain ?? [];
  if (host.toLowerCase() !== url.hostname.toLowerCase() || !path.split("/").every(isPlainSegment))
    return "This is no plain git URL. Use the address that git clones from, such as https://github.com/owner/repository.git.";
  return undefined;
}

/** Encoded or not, it is one name and no step to elsewhere, and decoding it once more changes nothing. */
function isPlainSegment(segment: string): boolean {
  try {
    const name = decodeURIComponent(segment);
    return name !== "." && name !== ".." && !/[\u0000-\u001f\u007f/\\%#?@:]/.test(name);
  } catch {
    return false;
  }
}

export function checkRef(ref: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/.test(ref) && !ref.includes("..")) return undefined;
  return "A ref is a branch, tag or commit, such as main or v1.2.0.";
}

export function checkPath(path: string): string | undefined {
  const parts = path.split("/");
  if (/^[A-Za-z0-9._][A-Za-z0-9._/-]{0,254}$/.test(path) && !parts.includes("..")) return undefined;
  return "A path is relative to the repository and stays inside it.";
}

export const PLATFORMS = ["linux/amd64", "linux/arm", "linux/arm64", "linux/386", "windows/amd64"] as const;

export function checkPlatform(platform: string): string | undefined {
  if (PLATFORMS.some((known) => known === platform.toLowerCase())) return undefined;
  return `ACR builds for ${PLATFORMS.join(", ")}.`;
}

export function checkBuildArg(arg: { readonly name: string; readonly value: string }): string | undefined {
  if (!/^[A-Za-z_]\w{0,127}$/.test(arg.name))
    return "A build argument is named like a variable: letters, digits and underscores, a letter first.";
  if (arg.value.length > LONGEST_ARG_VALUE || arg.value.includes("\u0000"))
    return "The value of this build argument is too long, or has a NUL character.";
  return undefined;
}

export function checkTimeout(timeoutSeconds: number): string | undefined {
  // https://learn.microsoft.com/azure/container-registry/container-registry-tasks-overview: eight hours at most.
  return timeoutSeconds >= 300 && timeoutSeconds <= 28_800 ? undefined : "A build may take 300 to 28800 seconds.";
}

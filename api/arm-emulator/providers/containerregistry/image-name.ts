import type { ImageName } from "./run.ts";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** `[loginServer/]repository[:tag]`; undefined when it is no image name. The tag is `latest` when there is none. */
export function parseImageName(name: string, loginServer: string): ImageName | undefined {
  const prefix = `${loginServer}/`;
  const local = name.toLowerCase().startsWith(prefix.toLowerCase()) ? name.slice(prefix.length) : name;
  const colon = local.lastIndexOf(":");
  const repository = colon === -1 ? local : local.slice(0, colon);
  const tag = colon === -1 ? "latest" : local.slice(colon + 1);
  return REPOSITORY.test(repository) && repository.length <= 255 && TAG.test(tag) ? { repository, tag } : undefined;
}

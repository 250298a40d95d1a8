import type { BuildRequest, StartBuildsInput } from "./build-documents.ts";

export interface BuildArgValues {
  /** Only tells rows apart. */
  key: number;
  name: string;
  value: string;
  secret: boolean;
}

/** One image as it stands in the form. Empty strings stand for "Azure's default". */
export interface ImageValues {
  /** Only tells images apart. */
  key: number;
  image: string;
  tag: string;
  source: { gitUrl: string; ref: string; contextPath: string };
  dockerfile: string;
  platform: string;
  timeoutSeconds: number | null;
  buildArgs: readonly BuildArgValues[];
}

export const DEFAULT_PLATFORM = "linux/amd64";
export const DEFAULT_TIMEOUT_SECONDS = 3600;

/** What an earlier build tells of itself. */
export interface EarlierBuild {
  image: string;
  tag: string;
  input: BuildRequest | null;
}

/** One image to fill in; with an earlier build, the same inputs again. Its secret values are known to nobody, so they are asked for. */
export function initialImage(image: string, earlier?: EarlierBuild): ImageValues {
  const input = earlier?.input;
  return {
    key: 0,
    image: earlier?.image ?? image,
    tag: earlier?.tag ?? "",
    source: { gitUrl: input?.gitUrl ?? "", ref: input?.ref ?? "", contextPath: input?.contextPath ?? "" },
    dockerfile: input && input.dockerfile !== "Dockerfile" ? input.dockerfile : "",
    platform: input?.platform ?? DEFAULT_PLATFORM,
    timeoutSeconds: input?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    buildArgs: (input?.buildArgs ?? []).map(({ name, value, secret }, key) => ({
      key,
      name,
      value: value ?? "",
      secret,
    })),
  };
}

/** One more image, from the same source as the last. */
export function nextImage(images: readonly ImageValues[]): ImageValues {
  const last = images.at(-1);
  const fresh = initialImage("");
  return {
    ...fresh,
    key: nextKey(images),
    ...(last && { tag: last.tag, platform: last.platform, source: { ...last.source, contextPath: "" } }),
  };
}

export function nextArg(args: readonly BuildArgValues[]): BuildArgValues {
  return { key: nextKey(args), name: "", value: "", secret: false };
}

function nextKey(rows: readonly { key: number }[]): number {
  return Math.max(-1, ...rows.map((row) => row.key)) + 1;
}

/** What is sent. The values must have passed the rules. */
export function toStartBuildsInput(registryId: string, images: readonly ImageValues[]): StartBuildsInput {
  return {
    registryId,
    images: images.map((image) => ({
      image: image.image.trim(),
      tag: image.tag.trim(),
      source: {
        gitUrl: image.source.gitUrl.trim(),
        ref: image.source.ref.trim() || null,
        contextPath: image.source.contextPath.trim() || null,
      },
      dockerfile: image.dockerfile.trim() || null,
      platform: image.platform || null,
      timeoutSeconds: image.timeoutSeconds,
      buildArgs:
        image.buildArgs.length > 0 ? image.buildArgs.map(({ name, value, secret }) => ({ name, value, secret })) : null,
    })),
  };
}

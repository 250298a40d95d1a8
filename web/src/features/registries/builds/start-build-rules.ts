import type { FieldErrors } from "../../../lib/field-errors.ts";
import type { BuildArgValues, ImageValues } from "./start-build-values.ts";

/**
 * ACR's rules as far as a browser can check them; the server checks them again, and which hosts may be built from.
 * Names and tags: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */

export const PLATFORMS = ["linux/amd64", "linux/arm64", "linux/arm", "linux/386", "windows/amd64"] as const;
export const MOST_IMAGES = 20;

const NAME_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const NAME = new RegExp(`^${NAME_PART}(?:/${NAME_PART})*$`);

/** Every error of the form by the path of its field, in the words the server uses: `images.0.source.gitUrl`. */
export function checkImages(images: readonly ImageValues[]): FieldErrors {
  const errors: Record<string, string> = {};
  const add = (path: string, message: string | undefined) => {
    if (message) errors[path] ??= message;
  };
  images.forEach((image, index) => {
    const at = `images.${index}`;
    add(`${at}.image`, checkImageName(image.image.trim()));
    add(`${at}.tag`, checkTag(image.tag.trim()) ?? checkRepeated(image, images));
    add(`${at}.source.gitUrl`, checkGitUrl(image.source.gitUrl.trim()));
    add(`${at}.source.ref`, checkRef(image.source.ref.trim()));
    add(`${at}.source.contextPath`, checkPath(image.source.contextPath.trim()));
    add(`${at}.dockerfile`, checkPath(image.dockerfile.trim()));
    add(`${at}.timeoutSeconds`, checkTimeout(image.timeoutSeconds));
    image.buildArgs.forEach((arg, place) => {
      add(`${at}.buildArgs.${place}.name`, checkArgName(arg, image.buildArgs));
      add(
        `${at}.buildArgs.${place}.value`,
        arg.secret && arg.value === "" ? "Give the secret value: it is kept nowhere." : undefined,
      );
    });
  });
  return errors;
}

export function checkImageName(name: string): string | undefined {
  if (name === "") return "Name the image, such as team/service.";
  if (name.length > 255) return `An image name has at most 255 characters; this one has ${name.length}.`;
  if (/[A-Z]/.test(name)) return "Use lower-case letters only.";
  if (name.includes(":")) return "Give the tag in its own field.";
  if (!NAME.test(name)) return "Use letters and digits, with single . _ - or / between them.";
  return undefined;
}

export function checkTag(tag: string): string | undefined {
  if (tag === "") return "Give a tag, such as 1.4.1.";
  if (tag.length > 128) return `A tag has at most 128 characters; this one has ${tag.length}.`;
  if (/^[.-]/.test(tag)) return "A tag begins with a letter, a digit or an underscore.";
  if (!/^[A-Za-z0-9_.-]+$/.test(tag)) return "Use letters, digits, underscores, full stops and hyphens only.";
  return undefined;
}

function checkRepeated(image: ImageValues, images: readonly ImageValues[]): string | undefined {
  const isSame = (other: ImageValues) =>
    other.image.trim() === image.image.trim() && other.tag.trim() === image.tag.trim();
  return images.some((other) => other.key < image.key && isSame(other))
    ? "This image and tag is in the list already."
    : undefined;
}

export function checkGitUrl(text: string): string | undefined {
  if (text === "") return "Give the address of the Git repository.";
  if (!/^https:\/\//i.test(text)) return "Use an https:// address.";
  const url = URL.parse(text);
  if (!url || /\s/.test(text)) return "This is no address. Use one such as https://github.com/owner/repository.git.";
  if (text.includes("@")) return "Leave out user names and passwords.";
  if (url.hash !== "" || url.search !== "") return "Give branch and folder in their own fields.";
  if (url.pathname.length < 2) return "Name the repository, such as https://github.com/owner/repository.git.";
  return undefined;
}

export function checkRef(ref: string): string | undefined {
  if (ref === "" || (/^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/.test(ref) && !ref.includes(".."))) return undefined;
  return "Give a branch, tag or commit, such as main or v1.2.0.";
}

export function checkPath(path: string): string | undefined {
  if (path === "") return undefined;
  if (path.startsWith("/")) return "Give a path from the repository's root, without the first /.";
  if (path.split("/").includes("..")) return "The path stays inside the repository.";
  return /^[A-Za-z0-9._][A-Za-z0-9._/-]{0,254}$/.test(path) ? undefined : "Use letters, digits and . _ - / only.";
}

export function checkTimeout(seconds: number | null): string | undefined {
  if (seconds !== null && Number.isInteger(seconds) && seconds >= 300 && seconds <= 28_800) return undefined;
  return "A build may take 5 to 480 minutes.";
}

function checkArgName(arg: BuildArgValues, args: readonly BuildArgValues[]): string | undefined {
  if (arg.name === "") return "Name the argument or remove it.";
  if (!/^[A-Za-z_]\w{0,127}$/.test(arg.name)) return "Use letters, digits and underscores, a letter first.";
  if (args.some((other) => other.key < arg.key && other.name === arg.name))
    return "Another argument has this name already.";
  return undefined;
}

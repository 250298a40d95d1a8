import type { AcrBuild } from "./acr-build.ts";

/**
 * Whether the log of a run says that it builds `image:tag`: a line of docker's or ACR's own that names what was built or is
 * pushed. A Dockerfile may begin FROM any image, so that being mentioned is not enough.
 */
export function logTellsImage(
  log: string,
  loginServer: string,
  { image, tag }: Pick<AcrBuild, "image" | "tag">,
): boolean {
  const name = escape(`${loginServer.toLowerCase()}/${image}:${tag}`);
  // docker's classic builder, BuildKit and ACR Tasks, in this order.
  return new RegExp(`(Successfully tagged|naming to|Pushing image:) ${name}(?![\\w.-])`).test(log);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

import { routes } from "../../lib/routes.ts";
import { type ChipTone, StateIcon } from "../../ui/chip.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { Build } from "./builds/build-documents.ts";
import { buildLook, starterText } from "./builds/build-words.ts";

const COLOURS: Record<ChipTone, string> = {
  neutral: "text-text-2",
  accent: "text-accent",
  success: "text-success",
  danger: "text-danger",
  warning: "text-warning",
};

/** How the last build of a repository ended, with ACR's own reason when it did not succeed. */
export function LastBuild({ build }: { build: Build }) {
  const look = buildLook(build.status);
  return (
    <span className="grid gap-0.5">
      <span className="flex flex-wrap items-center gap-x-1.5">
        <InternalLink
          href={routes.build(build.id)}
          className={`inline-flex min-h-6 items-center gap-1.5 rounded-control font-semibold hover:underline ${COLOURS[look.tone]}`}
        >
          <StateIcon icon={look.icon} />
          {look.label}
          <span className="sr-only">: build of {build.image}</span>
        </InternalLink>
        <span className="text-text-3">
          <TimeAgo iso={build.finishedAt ?? build.createdAt} /> · {starterText(build)}
        </span>
      </span>
      {build.error && (
        <span className="line-clamp-2 text-[12.5px] text-text-2 [overflow-wrap:anywhere]" title={build.error}>
          {build.error}
        </span>
      )}
    </span>
  );
}

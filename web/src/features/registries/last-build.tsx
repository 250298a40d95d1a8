import { routes } from "../../lib/routes.ts";
import { type ChipTone, StateIcon } from "../../ui/chip.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { LongText } from "../../ui/long-text.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { Build } from "./builds/build-documents.ts";
import { buildLook, reasonOf, starterText } from "./builds/build-words.ts";

const COLOURS: Record<ChipTone, string> = {
  neutral: "text-text-2",
  accent: "text-accent",
  success: "text-success",
  danger: "text-danger",
  warning: "text-warning",
};

/** As much as three lines of the table's column hold. */
const LONG_CHARACTERS = 90;

/** Which tag was built last and how that ended, with the reason when it did not succeed. */
export function LastBuild({ build }: { build: Build }) {
  const look = buildLook(build.status);
  const reason = reasonOf(build);
  return (
    <span className="grid gap-0.5">
      <span className="flex flex-wrap items-center gap-x-1.5">
        <InternalLink
          href={routes.build(build.id)}
          className={`inline-block min-h-6 rounded-control py-0.5 font-semibold hover:underline ${COLOURS[look.tone]}`}
        >
          <span className="mr-1.5 inline-block align-[-2px]">
            <StateIcon icon={look.icon} />
          </span>
          <span className="sr-only">Build of {build.image}</span>
          {build.tag && <span className="text-text [overflow-wrap:anywhere]">{build.tag} </span>}
          <span className="whitespace-nowrap">{look.label}</span>
        </InternalLink>
        <span className="text-text-3">
          <TimeAgo iso={build.finishedAt ?? build.createdAt} /> · {starterText(build)}
        </span>
      </span>
      {reason && (
        <span className="text-[12.5px] text-text-2">
          <LongText text={reason} longCharacters={LONG_CHARACTERS} />
        </span>
      )}
    </span>
  );
}

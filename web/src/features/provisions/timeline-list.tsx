import {
  ArrowRight,
  CircleCheck,
  CircleDashed,
  CircleDot,
  LoaderCircle,
  OctagonX,
  type LucideIcon,
} from "lucide-react";
import { LongText } from "../../ui/long-text.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";
import type { TimelineEntry } from "./provision-documents.ts";

/** What happened, newest first. An empty list says what it waits for. */
export function TimelineList({ entries }: { entries: readonly TimelineEntry[] }) {
  if (entries.length === 0) return <p className="text-text-2">Waiting for the first event.</p>;
  return (
    <ol reversed className="grid text-[13px]">
      {entries.toReversed().map((entry) => {
        const Icon = iconOf(entry);
        return (
          <li
            key={entry.sequence}
            className="slide-in grid grid-cols-[60px_16px_minmax(0,1fr)] items-start gap-2 py-1.5 text-text-2"
          >
            <span className="text-text-3">
              <TimeOfDay iso={entry.at} />
            </span>
            <Icon size={14} aria-hidden="true" className={`mt-[3px] ${toneOf(Icon)}`} />
            <div className="min-w-0">
              <LongText text={entry.message} />
            </div>
          </li>
        );
      })}
    </ol>
  );
}

// Azure's state words stand in the messages as they are, so they tell the kind of event; an unknown wording gets the plain dot.
const ICONS: readonly (readonly [RegExp, LucideIcon])[] = [
  [/\bfail|\berror|\bdenied/i, OctagonX],
  [/\bsucceeded|\bready|\bvisible|\bgranted|\bin place/i, CircleCheck],
  [/\baccepted|\bsent/i, ArrowRight],
  [/\bwait|\bretry/i, CircleDashed],
  [/creating|granting/i, LoaderCircle],
];

function iconOf({ message }: TimelineEntry): LucideIcon {
  const said = withoutNames(message);
  return ICONS.find(([words]) => words.test(said))?.[1] ?? CircleDot;
}

/** A group or a pool may be called after any event. */
function withoutNames(message: string): string {
  return message
    .replace(/^[a-z0-9]{1,12}: /, "")
    .replace(/(resource group|node pool) \S+/gi, "$1")
    .replace(/'[^']*'/g, "");
}

function toneOf(icon: LucideIcon): string {
  if (icon === OctagonX) return "text-danger";
  if (icon === CircleCheck) return "text-success";
  if (icon === LoaderCircle || icon === ArrowRight) return "text-accent";
  return "text-text-3";
}

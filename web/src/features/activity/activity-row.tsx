"use client";

import { Funnel } from "lucide-react";
import { routes } from "../../lib/routes.ts";
import { Chip } from "../../ui/chip.tsx";
import { classNames } from "../../ui/class-names.ts";
import { InternalLink } from "../../ui/internal-link.tsx";
import { ListTime, TimeAgo } from "../../ui/time-text.tsx";
import type { ActivityEntry } from "./activity-documents.ts";
import { askedText, outcomeLook } from "./activity-words.ts";
import { StartedChip } from "./started-chip.tsx";

interface ActivityRowProps {
  entry: ActivityEntry;
  /** It came while the page was open. */
  isLate: boolean;
  /** One line where it fits: without what was refused why, and without ways to filter. */
  compact?: boolean;
  /** Shows what concerns the target alone. */
  onAbout?: ((id: string) => void) | undefined;
}

/** Who asked for what, when, and what came of it. */
export function ActivityRow({ entry, isLate, compact = false, onAbout }: ActivityRowProps) {
  const { viewerName, address, action, target, at } = entry;
  return (
    <li
      className={classNames(
        "flex flex-wrap items-start gap-x-4 gap-y-1.5 border-b border-line px-[18px] py-3 text-[13px] last:border-b-0 max-sm:px-4",
        isLate && "slide-in",
      )}
    >
      <div
        className={classNames(
          "grid min-w-0 flex-1 basis-64 gap-1.5",
          compact && "items-center gap-x-4 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]",
        )}
      >
        <p className="[overflow-wrap:anywhere]">
          <b className="font-semibold">{viewerName}</b> <span className="text-text-2">{askedText(action)}</span>{" "}
          <TargetName entry={entry} />
          {target.detail && !isNamedByChips(entry) && <span className="text-text-2">: {target.detail}</span>}
          {onAbout && target.id !== "" && target.name !== "" && (
            <button
              type="button"
              onClick={() => onAbout(target.id)}
              aria-label={`Show only what concerns ${target.name}`}
              title={`Show only what concerns ${target.name}`}
              className="ml-1 inline-grid size-6 place-items-center rounded-control align-middle text-text-3 hover:bg-neutral-soft hover:text-text"
            >
              <Funnel size={13} aria-hidden="true" />
            </button>
          )}
        </p>
        <Outcome entry={entry} withMessage={!compact} />
      </div>
      <p className="shrink-0 text-text-3 sm:text-right">
        <TimeAgo iso={at} />
        {!compact && (
          <span className="text-[12px] sm:block max-sm:ml-2">
            <ListTime iso={at} />
          </span>
        )}
        {!compact && address && <span className="text-[12px] sm:block max-sm:ml-2">from {address}</span>}
      </p>
    </li>
  );
}

function Outcome({ entry, withMessage }: { entry: ActivityEntry; withMessage: boolean }) {
  const { outcome, message, target } = entry;
  const look = outcomeLook(outcome);
  const started = (entry.started ?? []).filter((one) => one !== null);
  const clusterId = target.kind === "CLUSTER" ? target.id : (target.withinId ?? "");
  // What was begun says more than that it was.
  const hasOwnChip = outcome !== "ACCEPTED" || started.length === 0;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {hasOwnChip && <Chip tone={look.tone} icon={look.icon} label={look.label} />}
      {started.map((one) => (
        <StartedChip key={one.id} started={one} clusterId={clusterId} />
      ))}
      {withMessage && message && (
        <span className="min-w-0 flex-1 basis-64 text-text-2 [overflow-wrap:anywhere]">{message}</span>
      )}
    </div>
  );
}

/** The builds that began name their images, a message those that did not. */
function isNamedByChips({ started }: ActivityEntry): boolean {
  return started?.some((one) => one?.__typename === "AcrBuild") ?? false;
}

function TargetName({ entry }: { entry: ActivityEntry }) {
  const { name } = entry.target;
  const href = hrefOf(entry);
  if (entry.target.kind === "SLIPWAY") return name;
  if (name === "") return <span className="text-text-2">something that is not there</span>;
  if (href === undefined) return <b className="font-semibold">{name}</b>;
  return (
    <InternalLink href={href} className="link font-semibold">
      {name}
    </InternalLink>
  );
}

/** Where the target is shown; a cluster that is only asked for has no page but that of its provision. */
function hrefOf({ action, target, started }: ActivityEntry): string | undefined {
  switch (target.kind) {
    case "CLUSTER": {
      if (action !== "START_PROVISION") return routes.cluster(target.id);
      const provision = started?.find((one) => one?.__typename === "Provision");
      return provision && routes.provision(provision.id);
    }
    case "PROVISION":
      return routes.provision(target.id);
    case "REGISTRY":
      return routes.registry(target.id);
    case "BUILD":
      return routes.build(target.id);
    default:
      return undefined;
  }
}

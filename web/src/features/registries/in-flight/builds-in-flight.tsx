"use client";

import { useMemo } from "react";
import { routes } from "../../../lib/routes.ts";
import { useServerNow } from "../../../lib/time.tsx";
import { Card } from "../../../ui/card.tsx";
import { InternalLink } from "../../../ui/internal-link.tsx";
import { BuildChip } from "../builds/build-chip.tsx";
import { hasEnded, imageName, starterText } from "../builds/build-words.ts";
import { useBuildMilestones } from "../use-build-milestones.ts";
import type { FlyingBuild } from "./in-flight-documents.ts";
import { shownInFlight } from "./in-flight-list.ts";
import { useInFlight } from "./use-in-flight.ts";

const LOOK_AGAIN_MS = 5_000;

/** The builds in flight of every registry, live; nothing while there is none. One that ends stays for a minute with its outcome. */
export function BuildsInFlight({ initial }: { initial: readonly FlyingBuild[] | undefined }) {
  const { list, isWhole } = useInFlight(initial);
  const nowMs = useServerNow(LOOK_AGAIN_MS, list.size > 0);
  const rows = useMemo(() => shownInFlight(list, nowMs), [list, nowMs]);
  useBuildMilestones(rows, isWhole);
  if (rows.length === 0) return null;
  const flying = rows.filter((build) => !hasEnded(build.status)).length;
  return (
    <Card title="Builds in flight" beside={<span className="text-text-3 tabular-nums">{flying}</span>} flush>
      <ul>
        {rows.map((build) => (
          <Row key={build.id} build={build} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ build }: { build: FlyingBuild }) {
  return (
    <li className="slide-in flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-[18px] py-2.5 text-[13px] last:border-b-0 max-sm:px-4 sm:grid sm:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,4fr)]">
      <InternalLink
        href={routes.build(build.id)}
        className="link min-w-0 basis-full font-semibold [overflow-wrap:anywhere]"
      >
        {imageName(build)}
      </InternalLink>
      <span>
        <BuildChip build={build} />
      </span>
      <span className="min-w-0 text-text-3 sm:text-right">
        <InternalLink href={routes.registry(build.registryId)} className="link underline underline-offset-[3px]">
          {build.registryName}
        </InternalLink>{" "}
        · {build.startedBy ? "by " : ""}
        {starterText(build)}
      </span>
    </li>
  );
}

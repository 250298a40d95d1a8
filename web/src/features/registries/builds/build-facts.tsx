"use client";

import type { ReactNode } from "react";
import { formatDuration } from "../../../lib/format.ts";
import { routes } from "../../../lib/routes.ts";
import { Card } from "../../../ui/card.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { InternalLink } from "../../../ui/internal-link.tsx";
import { DateTime } from "../../../ui/time-text.tsx";
import type { BuildDetail, BuildRegistry } from "./build-documents.ts";
import { hasEnded, imageName, shortDigest, starterText } from "./build-words.ts";

/** What is known of a build besides its state. */
export function BuildFacts({ build, registry }: { build: BuildDetail; registry: BuildRegistry | undefined }) {
  const { input } = build;
  const source =
    input && [input.ref && `@ ${input.ref}`, input.contextPath && `in ${input.contextPath}`].filter(Boolean).join(" ");
  return (
    <Card>
      <dl className="grid gap-x-8 gap-y-4 text-[13px] grid-cols-2 lg:grid-cols-5">
        <Item name="Registry">
          <InternalLink href={routes.registry(build.registryId)} className="link">
            {registry?.loginServer ?? "Open"}
          </InternalLink>
        </Item>
        <Item name="ACR run">
          {build.runId ? (
            <span className="inline-flex items-center gap-1 font-mono text-[12.5px]">
              {build.runId} <CopyButton iconOnly text={build.runId} label="Copy run id" />
            </span>
          ) : (
            "not named by Azure yet"
          )}
        </Item>
        <Item name="Started">
          <DateTime iso={build.createdAt} />{" "}
          <span className="text-text-3">
            {build.startedBy ? "by " : ""}
            {starterText(build)}
          </span>
        </Item>
        <Item name="Time">{timeText(build)}</Item>
        {input && (
          <Item name="Source" isWide>
            {input.gitUrl} <span className="text-text-3">{source}</span>
          </Item>
        )}
        {input && (
          <Item name="Dockerfile">
            {input.dockerfile} <span className="text-text-3">· {input.platform}</span>
          </Item>
        )}
        {input && input.buildArgs.length > 0 && (
          <Item name="Build arguments">
            {input.buildArgs.map((arg) => (
              <span key={arg.name} className="block">
                {arg.name}
                <span className="text-text-3"> = {arg.secret ? "secret" : arg.value}</span>
              </span>
            ))}
          </Item>
        )}
        {build.digest && (
          <Item name="Digest">
            <span className="inline-flex items-center gap-1 font-mono text-[12.5px]">
              <span className="whitespace-nowrap" title={build.digest}>
                {shortDigest(build.digest)}
              </span>
              <CopyButton iconOnly text={build.digest} label={`Copy digest of ${imageName(build)}`} />
            </span>
          </Item>
        )}
      </dl>
    </Card>
  );
}

function Item({ name, isWide = false, children }: { name: string; isWide?: boolean; children: ReactNode }) {
  return (
    <div className={isWide ? "col-span-2 min-w-0" : "min-w-0"}>
      <dt className="text-[12px] text-text-3">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function timeText(build: BuildDetail): string {
  const queuedMs =
    Date.parse(build.startedAt ?? build.finishedAt ?? "") - Date.parse(build.queuedAt ?? build.createdAt);
  const queued =
    Number.isNaN(queuedMs) || queuedMs < 1000 ? "" : `, after ${formatDuration(queuedMs / 1000)} in the queue`;
  if (!hasEnded(build.status)) return build.startedAt ? `running${queued}` : "not begun yet";
  if (!build.startedAt || !build.finishedAt) return "did not begin";
  return `${formatDuration((Date.parse(build.finishedAt) - Date.parse(build.startedAt)) / 1000)}${queued}`;
}

"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { cutTitle, isConnectionCut } from "../../../graphql/connection-monitor.ts";
import { useConnection } from "../../../graphql/live-provider.tsx";
import { useQueryOnConnect } from "../../../graphql/use-live.ts";
import { routes } from "../../../lib/routes.ts";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { LinkButton } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { LongText } from "../../../ui/long-text.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Remedies } from "../../../ui/remedies.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { type BuildDetail, type BuildPageData, type BuildRegistry, buildRegistryQuery } from "./build-documents.ts";
import { BuildFacts } from "./build-facts.tsx";
import { BuildHeader } from "./build-header.tsx";
import { buildLook, buildMilestone, hasEnded, imageName } from "./build-words.ts";
import { CancelBuildDialog } from "./cancel-build-dialog.tsx";
import { LogCard } from "./log-card.tsx";
import { useBuild } from "./use-build.ts";
import { useCancelBuild } from "./use-cancel-build.ts";

interface BuildViewProps {
  buildId: string;
  /** What the server read; `undefined` when it could not. */
  initial: BuildPageData | undefined;
  registry: BuildRegistry | undefined;
}

/** One build: how it stands, what it was asked for, and its log. */
export function BuildView({ buildId, initial, registry: initialRegistry }: BuildViewProps) {
  const { build, isUnknown, log, logError } = useBuild(buildId, initial);
  const cancel = useCancelBuild();
  const registry = useQueryOnConnect(
    buildRegistryQuery,
    { registryId: build?.registryId ?? "" },
    { initial: initialRegistry && { registry: initialRegistry }, pause: !build, reconcile: false },
  ).data?.registry;
  useMilestones(build);

  if (isUnknown) return <UnknownBuild />;
  if (!build) return <BuildSkeleton />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <BuildHeader build={build} registry={registry ?? undefined} cancel={cancel} />
      <CutNotice build={build} />
      <ReplacedNotice build={build} />
      <Outcome build={build} />
      <BuildFacts build={build} registry={registry ?? undefined} />
      <LogCard build={build} log={log} error={logError} />
      <CancelBuildDialog cancel={cancel} />
    </div>
  );
}

/** Why it did not succeed and what can be done, as its log tells, and ACR's own words. */
function Outcome({ build }: { build: BuildDetail }) {
  if (!hasEnded(build.status) || build.status === "SUCCEEDED") return null;
  if (build.status === "CANCELED") {
    return (
      <Notice tone="info" title="Canceled: nothing was pushed">
        {build.error && <LongText text={build.error} />}
      </Notice>
    );
  }
  const { failure } = build;
  return (
    <Notice tone="danger" title={`${buildLook(build.status).label}: nothing was pushed`}>
      {failure ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <p className="max-w-[90ch] text-text">{failure.summary}</p>
          <Remedies
            remedies={failure.remedies}
            editHref={(field) => routes.newBuildFrom(build.registryId, build.id, field ?? undefined)}
          />
          <details>
            <summary className="min-h-6 cursor-pointer rounded-control text-[13px] font-semibold hover:text-text">
              In its log&apos;s and ACR&apos;s own words
            </summary>
            <p className="mt-1 font-mono text-xs whitespace-pre-line">{failure.message}</p>
            {build.error && build.error !== failure.message && <p className="mt-1 font-mono text-xs">{build.error}</p>}
          </details>
        </div>
      ) : build.error ? (
        <LongText text={build.error} />
      ) : (
        "ACR gives no reason. The last lines of the log may tell."
      )}
    </Notice>
  );
}

function CutNotice({ build }: { build: BuildDetail }) {
  const { status } = useConnection();
  if (hasEnded(build.status) || !isConnectionCut(status)) return null;
  return (
    <Notice tone="warning" title={cutTitle(status)}>
      This is the last known state. The build goes on at Azure; the page and the log catch up by themselves.
    </Notice>
  );
}

function ReplacedNotice({ build }: { build: BuildDetail }) {
  if (build.replacedBy === null) return null;
  return (
    <Notice
      tone="info"
      title="This run is a build that was started in Slipway"
      action={<LinkButton href={routes.build(build.replacedBy)}>Open that build</LinkButton>}
    >
      Azure&apos;s answer to its request had got lost; its log has shown since whose it is.
    </Notice>
  );
}

function useMilestones(build: BuildDetail | undefined): void {
  const announce = useAnnounce();
  const said = useRef<string>(undefined);
  const speak = useEffectEvent(() => {
    if (!build) return;
    const isNews = said.current !== undefined && said.current !== build.status;
    said.current = build.status;
    if (isNews) announce(buildMilestone(build));
  });
  useEffect(() => speak(), [build?.status]);

  const title = build && `${buildLook(build.status).label} · ${imageName(build)}`;
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
}

function BuildSkeleton() {
  return (
    <div className="grid gap-4" role="status">
      <span className="sr-only">Loading…</span>
      <Skeleton className="h-12 w-72" />
      <Skeleton className="h-24" />
      <Skeleton className="h-96" />
    </div>
  );
}

function UnknownBuild() {
  return (
    <Card>
      <EmptyState
        title="There is no such build"
        action={<LinkButton href={routes.registries()}>Back to registries</LinkButton>}
      >
        The address names a build that this Slipway has no record of.
      </EmptyState>
    </Card>
  );
}

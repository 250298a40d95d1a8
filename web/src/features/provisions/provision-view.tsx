"use client";

import { useRouter } from "next/navigation";
import { cutTitle, isConnectionCut } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { routes } from "../../lib/routes.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageSkeleton } from "../../ui/page-skeleton.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";
import { DurationCard } from "./duration-card.tsx";
import { EndedActions } from "./ended-actions.tsx";
import { FailureCard } from "./failure-card.tsx";
import { LeftoversCard } from "./leftovers-card.tsx";
import { ProgressBanner } from "./progress-banner.tsx";
import { ProvisionDetails } from "./provision-details.tsx";
import type { Progress, ProvisionPageData } from "./provision-documents.ts";
import { ProvisionHeader } from "./provision-header.tsx";
import { describeSteps } from "./provision-phases.ts";
import { isTerminal } from "./provision-state.ts";
import { SinceThenCard } from "./since-then-card.tsx";
import { StepList } from "./step-list.tsx";
import { TimelineChart } from "./timeline-chart.tsx";
import { TimelineList } from "./timeline-list.tsx";
import { useMilestones } from "./use-milestones.ts";
import { useProvision } from "./use-provision.ts";
import { useTabMark } from "./use-tab-mark.ts";

interface ProvisionViewProps {
  provisionId: string;
  /** What the server read; `undefined` when it could not reach the API: the page then fills as soon as the browser can. */
  initial: ProvisionPageData | undefined;
}

/** One provision, live while it runs and unchanged in place when it has ended. */
export function ProvisionView({ provisionId, initial }: ProvisionViewProps) {
  const { page, progress, timeline, problem } = useProvision(provisionId, initial);
  const { status } = useConnection();
  const router = useRouter();
  const provision = page?.provision;
  useTabMark(provision?.clusterName, progress);
  useMilestones(provision?.clusterName, progress);

  if (page && !provision) return <UnknownProvision />;
  if (!page || !provision || !progress)
    return <PageSkeleton what="provision" isLive={status === "live"} problem={problem} />;
  return (
    <div className="grid gap-4">
      <ProvisionHeader provision={provision} progress={progress} />
      <StaleNotice progress={progress} problem={problem} />
      <Card>
        <ProgressBanner
          progress={progress}
          clusterName={provision.clusterName}
          below={<StepList steps={describeSteps(progress)} />}
        />
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-[1.55fr_1fr]">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <EndedActions provision={{ ...provision, progress }} onRetried={(id) => router.push(routes.provision(id))} />
          <SinceThenCard provision={provision} />
          {!progress.failure && <LeftoversCard provision={provision} />}
          {progress.failure && (
            <FailureCard failure={progress.failure} progress={progress} provision={provision} timeline={timeline} />
          )}
          <TimelineChart progress={progress} />
          <DurationCard provision={provision} progress={progress} />
        </div>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <Card title="What happened">
            <TimelineList entries={timeline} />
          </Card>
          <ProvisionDetails provision={provision} progress={progress} page={page} />
        </div>
      </div>
    </div>
  );
}

function StaleNotice({ progress, problem }: { progress: Progress; problem: string | undefined }) {
  const { status } = useConnection();
  if (status === "live" && problem) {
    return (
      <Notice tone="warning" title="Slipway can't show anything newer now">
        {problem} What is shown is as of <TimeOfDay iso={progress.observedAt} />.
      </Notice>
    );
  }
  if (isTerminal(progress.status) || !isConnectionCut(status)) return null;
  return (
    <Notice tone="warning" title={cutTitle(status)}>
      This is the last known state, as of <TimeOfDay iso={progress.observedAt} />. The work goes on at the server; the
      page catches up by itself.
    </Notice>
  );
}

function UnknownProvision() {
  return (
    <Card>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is no such provision"
        action={<LinkButton href={routes.home()}>Back to clusters</LinkButton>}
      >
        The address names a provision that this Slipway has no record of.
      </EmptyState>
    </Card>
  );
}

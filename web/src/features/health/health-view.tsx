"use client";

import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { notAdminReason, useSession } from "../../graphql/session.tsx";
import { useTopic } from "../../graphql/use-live.ts";
import { formatDuration } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { Chip, type ChipIcon, type ChipTone } from "../../ui/chip.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";
import { type HealthCheck, checksOf } from "./health-checks.ts";
import { type SystemHealth, systemHealthUpdatedSubscription } from "./health-documents.ts";
import { AzureLimitsCard, AzureRequestsCard, JobsCard, SubscribersCard, WatchersCard } from "./health-tables.tsx";

/** How Slipway itself is, live. Whoever is no administrator is told so, and nothing is asked for. */
export function HealthView({ initial }: { initial: SystemHealth | undefined }) {
  const [health, setHealth] = useState(initial);
  const reason = notAdminReason(useSession().session?.viewer.roles);
  const error = useTopic(
    systemHealthUpdatedSubscription,
    {},
    { pause: reason !== undefined, onData: ({ systemHealthUpdated }) => setHealth(systemHealthUpdated) },
  );
  if (reason !== undefined) {
    return (
      <Notice tone="info" title="Not for your role">
        {reason}
      </Notice>
    );
  }
  return (
    <>
      {error && (
        <Notice tone="danger" title="How Slipway is can't be told now">
          {errorText(error)}
        </Notice>
      )}
      {health ? <Health health={health} /> : <Card flush>{!error && <SkeletonRows rows={5} />}</Card>}
    </>
  );
}

function Health({ health }: { health: SystemHealth }) {
  const upSeconds = (Date.parse(health.observedAt) - Date.parse(health.startedAt)) / 1000;
  return (
    <>
      <Card
        title="Checks"
        beside={
          <span className="text-[12.5px] text-text-3">
            Slipway {health.version} · up for {formatDuration(upSeconds)}
          </span>
        }
        aside={
          <>
            As of <TimeOfDay iso={health.observedAt} />
          </>
        }
        flush
      >
        <ul aria-label="Health checks">
          {checksOf(health).map((check) => (
            <CheckRow key={check.name} check={check} />
          ))}
        </ul>
      </Card>
      <JobsCard jobs={health.jobs} />
      <WatchersCard watchers={health.watchers} />
      <div className="grid items-start gap-4 min-[901px]:grid-cols-2">
        <AzureLimitsCard limits={health.azureLimits} />
        <SubscribersCard connectionCount={health.connectionCount} subscribers={health.subscribers} />
      </div>
      <AzureRequestsCard requests={health.azureRequests} />
    </>
  );
}

const VERDICTS: Record<HealthCheck["verdict"], { tone: ChipTone; icon: ChipIcon; label: string }> = {
  good: { tone: "success", icon: "check", label: "Good" },
  attention: { tone: "warning", icon: "warning", label: "Attention" },
  trouble: { tone: "danger", icon: "cross", label: "Trouble" },
  unknown: { tone: "neutral", icon: "question", label: "Not known" },
};

function CheckRow({ check: { name, verdict, finding } }: { check: HealthCheck }) {
  return (
    <li className="grid grid-cols-[124px_120px_minmax(0,1fr)] items-center gap-x-3 gap-y-1 border-b border-line px-[18px] py-2.5 last:border-b-0 max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:px-4">
      <span className="font-semibold">{name}</span>
      <span>
        <Chip {...VERDICTS[verdict]} />
      </span>
      <span className="text-[13px] text-text-2 tabular-nums [overflow-wrap:anywhere] max-sm:col-span-2">{finding}</span>
    </li>
  );
}

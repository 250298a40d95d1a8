"use client";

import { useState } from "react";
import type { TypedDocumentNode } from "urql";
import { useTopic } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { Chip } from "../../ui/chip.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import {
  type Started,
  startedBuildSubscription,
  startedOperationSubscription,
  startedProvisionSubscription,
} from "./activity-documents.ts";
import { hasEnded, statusLook } from "./activity-words.ts";

type StatusTopic = TypedDocumentNode<{ started: { status: string } }, { id: string }>;

interface Shown {
  status: string;
  /** What it is, when the sentence beside it doesn't say. */
  name: string;
  href: string;
  topic: StatusTopic;
}

/** How something that was begun stands, live until it has ended, and the way to it. Nothing for what this UI doesn't know. */
export function StartedChip({ started, clusterId }: { started: Started; clusterId: string }) {
  const shown = toShown(started, clusterId);
  return shown && <LiveChip key={`${started.id} ${shown.status}`} id={started.id} shown={shown} />;
}

function LiveChip({ id, shown: { status: initial, name, href, topic } }: { id: string; shown: Shown }) {
  const [status, setStatus] = useState(initial);
  useTopic(topic, { id }, { pause: hasEnded(status), onData: ({ started }) => setStatus(started.status) });
  const look = statusLook(status);
  return (
    <InternalLink href={href} className="rounded-[14px] hover:underline">
      <Chip tone={look.tone} icon={look.icon} label={look.label}>
        {name && <span className="[overflow-wrap:anywhere]">{name}</span>}
      </Chip>
    </InternalLink>
  );
}

function toShown(started: Started, clusterId: string): Shown | undefined {
  switch (started.__typename) {
    case "Provision":
      return {
        status: started.provisionStatus,
        name: "",
        href: routes.provision(started.id),
        topic: startedProvisionSubscription,
      };
    case "AcrBuild":
      return {
        status: started.buildStatus,
        name: started.tag === "" ? started.image : `${started.image}:${started.tag}`,
        href: routes.build(started.id),
        topic: startedBuildSubscription,
      };
    case "ClusterOperation":
      return {
        status: started.operationStatus,
        name: "",
        href: routes.cluster(clusterId),
        topic: startedOperationSubscription,
      };
    default:
      return undefined;
  }
}

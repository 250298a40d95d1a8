"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { CombinedError } from "urql";
import { useLive } from "../../../graphql/live-provider.tsx";
import { useTime } from "../../../lib/time.tsx";
import type { StartProvisionInput } from "../cluster-documents.ts";
import { type CreateClusterValues, toInput } from "../create-cluster-values.ts";
import { type Check, type Findings, preflightChecksSubscription } from "./preflight-documents.ts";

/** Somebody who types is not asked about each letter. */
const QUIET_MS = 500;

export interface PreflightState {
  /** What is known by now of `about`; undefined before the first answer. */
  findings: Findings | undefined;
  /** What the checks that are still out had come to for earlier values. */
  older: readonly Check[];
  /** The values that `findings` are about. */
  about: CreateClusterValues | undefined;
  /** The values have changed since, or checks are still out. */
  isChecking: boolean;
  /** Too little is chosen to ask about. */
  isTooEarly: boolean;
  error: CombinedError | undefined;
  /** Asks again about the same values: for a person who has changed something at Azure. */
  checkAgain(): void;
}

interface Answer extends Pick<PreflightState, "findings" | "older" | "about" | "error"> {
  question: string | undefined;
}

/**
 * Asks what stands in the way of a create: once for each change of the values, when they have been left alone for half a second, and never
 * without one. A question that is out when they change is dropped, so that no late answer is taken for one about other values.
 */
export function usePreflight(values: CreateClusterValues): PreflightState {
  const { client } = useLive();
  const { clock } = useTime();
  const [times, setTimes] = useState(0);
  const [answer, setAnswer] = useState<Answer>({
    question: undefined,
    findings: undefined,
    older: [],
    about: undefined,
    error: undefined,
  });
  const input = isAskable(values) ? JSON.stringify(toInput(values, null)) : undefined;
  const question = input && `${times} ${input}`;
  const valuesNow = useEffectEvent(() => values);
  useEffect(() => {
    if (input === undefined) return;
    let stop = () => undefined as void;
    const forget = clock.after(QUIET_MS, () => {
      const about = valuesNow();
      const variables = { input: JSON.parse(input) as StartProvisionInput };
      stop = client.subscription(preflightChecksSubscription, variables).subscribe(({ data, error }) => {
        setAnswer((before) => {
          const isFirst = before.question !== question;
          return {
            question,
            about,
            error,
            older: isFirst ? (before.findings?.checks ?? []) : before.older,
            findings: data?.preflightChecks ?? (isFirst ? undefined : before.findings),
          };
        });
      }).unsubscribe;
    });
    return () => {
      forget();
      stop();
    };
  }, [client, clock, input, question]);

  const isCurrent = answer.question === question;
  const isWhole = answer.findings !== undefined && answer.findings.pending.length === 0;
  return {
    findings: answer.findings,
    older: answer.older,
    about: answer.about,
    isChecking: question !== undefined && !(isCurrent && (isWhole || answer.error !== undefined)),
    isTooEarly: question === undefined,
    error: isCurrent ? answer.error : undefined,
    checkAgain: () => setTimes((count) => count + 1),
  };
}

/** Azure can be asked about it: the place is chosen, and the pools are such that they can be sent. */
function isAskable({ subscriptionId, location, nodePools }: CreateClusterValues): boolean {
  return (
    subscriptionId !== "" &&
    location !== "" &&
    nodePools.every(
      ({ vmSize, count, autoscale: { isOn, minCount, maxCount } }) =>
        vmSize !== "" && isNodeCount(count) && (!isOn || (isNodeCount(minCount) && isNodeCount(maxCount))),
    )
  );
}

/** What can be sent as a GraphQL `Int`. */
function isNodeCount(count: number | null): boolean {
  return count !== null && Number.isInteger(count) && Math.abs(count) < 2 ** 31;
}

"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { CombinedError, TypedDocumentNode } from "urql";
import { useConnection, useLive } from "./live-provider.tsx";

type Variables = Record<string, unknown>;

interface TopicOptions<Data> {
  onData(data: Data): void;
  /** Holds no subscription while true. */
  pause?: boolean;
}

/**
 * Subscribes to a topic for as long as the component is there and hands over each message. Returns the refusal while the server refuses
 * the topic. Messages may repeat after a reconnect: what `onData` does must not mind.
 */
export function useTopic<Data, Vars extends Variables>(
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
  { onData, pause = false }: TopicOptions<Data>,
): CombinedError | undefined {
  const { client } = useLive();
  const [error, setError] = useState<CombinedError>();
  const deliver = useEffectEvent(onData);
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (pause) return;
    const { unsubscribe } = client.subscription(document, JSON.parse(key) as Vars).subscribe((result) => {
      setError(result.error);
      if (result.data) deliver(result.data);
    });
    return unsubscribe;
  }, [client, document, key, pause]);
  return error;
}

interface QueryOptions<Data> {
  /** What the server has rendered already; `undefined` when it could not. */
  initial?: Data | undefined;
  /** Sends nothing while true. */
  pause?: boolean;
  /** Called with each answer: where a page merges it into what topics have brought since. */
  onData?(data: Data): void;
  /**
   * Asks again after every (re)connect, because changes may have been missed before. False for what hardly changes: then an answer is kept.
   * @default true
   */
  reconcile?: boolean;
  /** Asks again whenever this changes, for answers that a topic says are old. */
  revision?: string;
}

export interface QueryState<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  /** Asks again now: for a person who has seen the error. */
  retry(): void;
}

interface Answer<Data> {
  key: string;
  data: Data | undefined;
  error: CombinedError | undefined;
}

/** Asks once a connection, over the socket. An answer of an earlier connection stays until the next one is there. */
export function useQueryOnConnect<Data, Vars extends Variables>(
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
  { initial, pause = false, onData, reconcile = true, revision = "" }: QueryOptions<Data> = {},
): QueryState<Data> {
  const { client } = useLive();
  const { epoch } = useConnection();
  const key = JSON.stringify(variables);
  const [answer, setAnswer] = useState<Answer<Data>>({ key, data: initial, error: undefined });
  const [retries, setRetries] = useState(0);
  const current = answer.key === key ? answer : { data: undefined, error: undefined };
  const deliver = useEffectEvent((data: Data) => onData?.(data));
  const isAnswered = useEffectEvent(() => current.data !== undefined);
  useEffect(() => {
    if (pause || epoch === 0 || (!reconcile && isAnswered())) return;
    const { unsubscribe } = client.query(document, JSON.parse(key) as Vars).subscribe((result) => {
      const { data, error } = result;
      setAnswer((previous) => ({ key, data: data ?? (previous.key === key ? previous.data : undefined), error }));
      if (data) deliver(data);
    });
    return unsubscribe;
  }, [client, document, key, pause, epoch, reconcile, revision, retries]);
  return { data: current.data, error: current.error, retry: () => setRetries((count) => count + 1) };
}

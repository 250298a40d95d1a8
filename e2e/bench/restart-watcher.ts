import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";

const PROGRESS = `subscription ($id: ID!) {
  provisionProgress(provisionId: $id) { sequence status phase label message percent clusterState nodePools { name provisioningState } }
}`;
const TIMELINE = `subscription ($id: ID!, $afterSequence: Int) {
  provisionTimeline(provisionId: $id, afterSequence: $afterSequence) { sequence message }
}`;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5_000;

/** One browser tab on a provision's page: graphql-ws as it comes, which waits before it tries again as our web UI does. */
export interface RestartWatcher {
  readonly provisionId: string;
  /** Resolves with the first state. */
  readonly live: Promise<unknown>;
  /** Resolves with the time at which the state now came over a connection opened after this call. */
  untilLiveAgain(): Promise<number>;
  /** Resolves when the provision has ended in both topics. */
  readonly ended: Promise<void>;
  report(): WatcherReport;
  close(): Promise<void>;
}

export interface WatcherReport {
  /** Sequences of the timeline's entries, in the order in which they came. */
  readonly timeline: readonly number[];
  /** Messages of the progress that were older than one before. */
  readonly steppedBack: number;
  readonly status: string | undefined;
}

export function openRestartWatcher(apiUrl: string, id: string): RestartWatcher {
  const timeline: number[] = [];
  let steppedBack = 0;
  let newest = { sequence: 0, status: undefined as string | undefined };
  let live = Promise.withResolvers<number>();
  let isOldConnection = false;
  const client = createClient({
    url: `${apiUrl.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, waitMs(retries))),
    on: { connected: () => void (isOldConnection = false) },
  });
  const progressEnded = subscribe<{ provisionProgress: { sequence: number; status: string } }>(
    client,
    { query: PROGRESS, variables: { id } },
    ({ provisionProgress: { sequence, status } }) => {
      if (sequence < newest.sequence) steppedBack++;
      else newest = { sequence, status };
      if (!isOldConnection) live.resolve(performance.now());
    },
  );
  // The client sends the same payload again after a reconnect, so the cursor in it is all that resuming takes.
  const variables = { id, afterSequence: 0 };
  const timelineEnded = subscribe<{ provisionTimeline: { sequence: number } }>(
    client,
    { query: TIMELINE, variables },
    ({ provisionTimeline: { sequence } }) => {
      timeline.push(sequence);
      variables.afterSequence = sequence;
    },
  );
  return {
    provisionId: id,
    live: live.promise,
    untilLiveAgain() {
      live = Promise.withResolvers();
      isOldConnection = true;
      return live.promise;
    },
    ended: Promise.all([progressEnded, timelineEnded]).then(() => undefined),
    report: () => ({ timeline, steppedBack, status: newest.status }),
    close: async () => client.dispose(),
  };
}

function subscribe<T>(
  client: Client,
  payload: { readonly query: string; readonly variables: Record<string, unknown> },
  take: (data: T) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.subscribe<T>(payload, {
      next: ({ data, errors }) => (data ? take(data) : reject(new Error(JSON.stringify(errors)))),
      error: reject,
      complete: resolve,
    });
  });
}

function waitMs(retries: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(retries, 10)) * (0.5 + Math.random());
}

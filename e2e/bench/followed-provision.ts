import { createClient } from "graphql-ws";
import WebSocket from "ws";

const PROGRESS = `subscription ($id: ID!) {
  provisionProgress(provisionId: $id) {
    sequence status phase label message pace clusterState retry { reason } failure { code message }
  }
}`;

interface Message {
  readonly status: string;
  readonly phase: string;
  readonly message: string | null;
  readonly pace: string;
  readonly retry: { readonly reason: string } | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** What somebody saw who looked at one provision from its start to its end. */
export interface FollowedProvision {
  readonly status: string;
  readonly failure: string | undefined;
  /** The times in which nothing came, with what the last message before gave as its reason. */
  readonly gaps: readonly { readonly ms: number; readonly phase: string; readonly reason: string | undefined }[];
}

/** Resolves when the provision has ended; over a connection of its own, as a browser tab has. */
export async function followProvision(apiUrl: string, id: string): Promise<FollowedProvision> {
  const client = createClient({
    url: `${apiUrl.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
  });
  const gaps: { ms: number; phase: string; reason: string | undefined }[] = [];
  let last: Message | undefined;
  let lastMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    client.subscribe<{ provisionProgress: Message }>(
      { query: PROGRESS, variables: { id } },
      {
        next: ({ data, errors }) => {
          if (!data) return reject(new Error(JSON.stringify(errors)));
          const nowMs = performance.now();
          if (last) gaps.push({ ms: nowMs - lastMs, phase: last.phase, reason: reasonOf(last) });
          last = data.provisionProgress;
          lastMs = nowMs;
        },
        error: reject,
        complete: resolve,
      },
    );
  });
  await client.dispose();
  const failure = last?.failure ? `${last.failure.code}: ${last.failure.message}` : undefined;
  return { status: last?.status ?? "nothing seen", failure, gaps };
}

function reasonOf({ retry, message, pace }: Message): string | undefined {
  return retry?.reason ?? message ?? (pace === "ON_TRACK" ? undefined : pace);
}

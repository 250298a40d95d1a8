import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";

const PROGRESS = `subscription ($id: ID!) {
  provisionProgress(provisionId: $id) {
    provisionId sequence status phase step totalSteps label message percent observedAt elapsedSeconds armElapsedSeconds clusterState
    nodePools { name count provisioningState tone }
  }
}`;

/** People who look at one provision: each with a connection of its own, as a browser tab has. */
export interface Viewers {
  /** Resolves when the provision has ended for all of them. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export function openViewers(apiUrl: string, provisionId: string, count: number): Viewers {
  const clients: Client[] = [];
  const ends: Promise<void>[] = [];
  for (let viewer = 0; viewer < count; viewer++) {
    const client = createClient({
      url: `${apiUrl.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
    });
    clients.push(client);
    ends.push(
      new Promise((resolve, reject) => {
        client.subscribe(
          { query: PROGRESS, variables: { id: provisionId } },
          { next: () => undefined, error: reject, complete: resolve },
        );
      }),
    );
  }
  return {
    ended: Promise.all(ends).then(() => undefined),
    close: async () => {
      for (const client of clients) await client.dispose();
    },
  };
}

import { CloseCode, createClient, type Client as WebSocketClient } from "graphql-ws";
import { Client, subscriptionExchange } from "urql";
import type { Clock } from "../lib/clock.ts";
import { type ConnectionMonitor, createConnectionMonitor } from "./connection-monitor.ts";
import { runLiveOperation } from "./live-operation.ts";
import { createRetryWait } from "./retry-wait.ts";

const KEEP_ALIVE_MS = 10_000;
const PONG_WITHIN_MS = 5000;
const OPEN_WITHIN_MS = 10_000;

export interface LiveClient {
  client: Client;
  connection: ConnectionMonitor;
}

/**
 * The tab's one WebSocket and the urql client on it. Subscriptions, queries and mutations all go over it; nothing is cached, since every
 * page is fed by topics.
 *
 * The socket opens at once and is kept for as long as the tab lives. After a loss it is tried again for ever; a wait in between ends early
 * when the browser says it is online again or the tab comes to the front. A server that doesn't answer a ping counts as lost.
 */
export function createLiveClient(webSocketUrl: string, clock: Clock): LiveClient {
  const monitor = createConnectionMonitor(clock);
  const retryWait = createRetryWait(clock);
  let operations = 0;
  let socket = openSocket();

  function openSocket(): WebSocketClient {
    const noWatch = () => undefined;
    /** A connection that is ended by the same code later has outlived its token: the next one brings a fresh one. */
    let isAcknowledged = false;
    let stopOpenWatch: () => void = noWatch;
    let stopPongWatch: () => void = noWatch;
    const client = createClient({
      url: webSocketUrl,
      lazy: false,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: retryWait.wait,
      keepAlive: KEEP_ALIVE_MS,
      connectionAckWaitTimeout: OPEN_WITHIN_MS,
      generateID: () => String((operations += 1)),
      // Codes such as 4400 end graphql-ws's own retries. A newer server may well accept what this one refused, so start over.
      onNonLazyError: () => {
        monitor.lost();
        void retryWait.wait(10).then(() => {
          socket = openSocket();
        });
      },
      on: {
        connecting: () => {
          isAcknowledged = false;
          stopOpenWatch();
          stopOpenWatch = clock.after(OPEN_WITHIN_MS, () => client.terminate());
        },
        connected: () => {
          stopOpenWatch();
          isAcknowledged = true;
          monitor.connected();
        },
        ping: (received) => {
          if (received) return;
          stopPongWatch = clock.after(PONG_WITHIN_MS, () => client.terminate());
        },
        pong: (received) => {
          if (received) stopPongWatch();
        },
        closed: (event) => {
          stopOpenWatch();
          stopPongWatch();
          const isRefused = !isAcknowledged && (event as CloseEvent).code === CloseCode.Forbidden;
          if (isRefused) monitor.refused();
          else monitor.lost();
        },
      },
    });
    return client;
  }

  addEventListener("online", retryWait.wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") retryWait.wake();
  });

  const client = new Client({
    url: webSocketUrl,
    exchanges: [
      subscriptionExchange({
        enableAllOperations: true,
        forwardSubscription: (request, operation) => ({
          subscribe: (sink) => ({
            unsubscribe: runLiveOperation(
              () => socket,
              retryWait,
              {
                name: request.operationName,
                query: request.query ?? "",
                variables: { ...request.variables },
                kind: operation.kind,
              },
              sink,
            ),
          }),
        }),
      }),
    ],
  });
  return { client, connection: monitor };
}

"use client";

import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from "react";
import { Client } from "urql";
import { resolveSameHost } from "../config/api-address.ts";
import { systemClock } from "../lib/clock.ts";
import { type ConnectionState, INITIAL_CONNECTION } from "./connection-monitor.ts";
import { createLiveClient, type LiveClient } from "./live-client.ts";

const LiveContext = createContext<LiveClient | undefined>(undefined);

/** One a tab. It outlives the React tree, because React may render a tree twice or throw one away, and a second socket would be a second tab to the server. */
let tabClient: LiveClient | undefined;

/** While the server renders there is no socket: operations wait for ever, pages show what the server read by itself. */
const inertClient: LiveClient = {
  client: new Client({ url: "inert:", exchanges: [], preferGetMethod: false }),
  connection: { get: () => INITIAL_CONNECTION, subscribe: () => () => undefined },
};

function openTabClient(webSocketUrl: string): LiveClient {
  if (typeof window === "undefined") return inertClient;
  tabClient ??= createLiveClient(resolveSameHost(webSocketUrl, window.location.hostname), systemClock);
  return tabClient;
}

/** Connects the tree to the API at `webSocketUrl`. */
export function LiveProvider({ webSocketUrl, children }: { webSocketUrl: string; children: ReactNode }) {
  const [live] = useState(() => openTabClient(webSocketUrl));
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Connects a tree to a client that the caller made: how tests script the API. */
export function LiveClientProvider({ live, children }: { live: LiveClient; children: ReactNode }) {
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): LiveClient {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}

export function useConnection(): ConnectionState {
  const { connection } = useLive();
  return useSyncExternalStore(connection.subscribe, connection.get, () => INITIAL_CONNECTION);
}

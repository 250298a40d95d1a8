"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { type StoreState, storeStateUpdatedSubscription } from "./store-documents.ts";
import { useTopic } from "./use-live.ts";

const StoreStateContext = createContext<StoreState | undefined>(undefined);

/** Whether Slipway's own store can be used, as the API tells it. */
export function StoreStateProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<StoreState>();
  useTopic(storeStateUpdatedSubscription, {}, { onData: ({ storeStateUpdated }) => setState(storeStateUpdated) });
  return <StoreStateContext value={state}>{children}</StoreStateContext>;
}

/** ISO time since when the store can't be used; undefined while it can, or when nothing else is known. */
export function useStoreLoss(): string | undefined {
  const state = useContext(StoreStateContext);
  return state && !state.isAvailable ? state.since : undefined;
}

/** Why nothing can be begun or changed while the store is away. */
export const STORE_LOSS_REASON = "Off while Slipway's own store can't be reached. It is tried again all the time.";

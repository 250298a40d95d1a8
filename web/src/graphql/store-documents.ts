import { graphql, type ResultOf } from "./tada.ts";

export const storeStateUpdatedSubscription = graphql(`
  subscription StoreStateUpdated {
    storeStateUpdated {
      isAvailable
      since
    }
  }
`);

export type StoreState = ResultOf<typeof storeStateUpdatedSubscription>["storeStateUpdated"];

import { graphql, type ResultOf } from "../../graphql/tada.ts";

const healthFragment = graphql(`
  fragment SystemHealthFields on SystemHealth {
    observedAt
    version
    startedAt
    store {
      kind
      problem
    }
    jobs {
      name
      state
      count
      oldestAt
      overdueSeconds
      failingCount
    }
    watchers {
      kind
      name
      isResting
      lookedAt
      problem
    }
    azureLimits {
      subscriptionId
      bucket
      remainingCount
      observedAt
    }
    azureRequests {
      operation
      requestCount
      throttledCount
      failedCount
    }
    connectionCount
    subscribers {
      field
      count
    }
  }
`);

export const systemHealthQuery = graphql(
  `
    query SystemHealth {
      systemHealth {
        ...SystemHealthFields
      }
    }
  `,
  [healthFragment],
);

export const systemHealthUpdatedSubscription = graphql(
  `
    subscription SystemHealthUpdated {
      systemHealthUpdated {
        ...SystemHealthFields
      }
    }
  `,
  [healthFragment],
);

export type SystemHealth = ResultOf<typeof healthFragment>;
export type JobCount = NonNullable<SystemHealth["jobs"]>[number];
export type Watcher = NonNullable<SystemHealth["watchers"]>[number];
export type AzureLimit = SystemHealth["azureLimits"][number];
export type AzureRequestCount = SystemHealth["azureRequests"][number];

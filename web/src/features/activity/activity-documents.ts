import { graphql, type ResultOf } from "../../graphql/tada.ts";

const entryFragment = graphql(`
  fragment ActivityEntryFields on ActivityEntry {
    id
    sequence
    at
    viewerName
    address
    action
    target {
      kind
      id
      name
      detail
      withinId
    }
    outcome
    message
    started {
      __typename
      id
      ... on Provision {
        provisionStatus: status
      }
      ... on AcrBuild {
        image
        tag
        buildStatus: status
      }
      ... on ClusterOperation {
        operationStatus: status
      }
    }
  }
`);

export const activityQuery = graphql(
  `
    query Activity(
      $action: ActivityAction
      $aboutId: ID
      $outcome: ActivityOutcome
      $scope: ActivityScope
      $first: Int!
      $after: String
    ) {
      activity(action: $action, aboutId: $aboutId, outcome: $outcome, scope: $scope, first: $first, after: $after) {
        edges {
          node {
            ...ActivityEntryFields
          }
        }
        newestSequence
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [entryFragment],
);

export const activityRecordedSubscription = graphql(
  `
    subscription ActivityRecorded(
      $afterSequence: Int
      $action: ActivityAction
      $aboutId: ID
      $outcome: ActivityOutcome
      $scope: ActivityScope
    ) {
      activityRecorded(
        afterSequence: $afterSequence
        action: $action
        aboutId: $aboutId
        outcome: $outcome
        scope: $scope
      ) {
        ...ActivityEntryFields
      }
    }
  `,
  [entryFragment],
);

export const startedProvisionSubscription = graphql(`
  subscription StartedProvision($id: ID!) {
    started: provisionProgress(provisionId: $id) {
      status
    }
  }
`);

export const startedBuildSubscription = graphql(`
  subscription StartedBuild($id: ID!) {
    started: buildProgress(buildId: $id) {
      status
    }
  }
`);

export const startedOperationSubscription = graphql(`
  subscription StartedOperation($id: ID!) {
    started: clusterOperationProgress(operationId: $id) {
      status
    }
  }
`);

export type ActivityEntry = ResultOf<typeof entryFragment>;
export type ActivityPage = ResultOf<typeof activityQuery>["activity"];
export type ActivityAction = ActivityEntry["action"];
export type ActivityOutcome = ActivityEntry["outcome"];
export type ActivityScope = "CHANGES" | "ACCESS";
export type Started = NonNullable<NonNullable<ActivityEntry["started"]>[number]>;

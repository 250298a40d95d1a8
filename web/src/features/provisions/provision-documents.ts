import { remedyFragment } from "../../graphql/remedy-documents.ts";
import { graphql, type ResultOf } from "../../graphql/tada.ts";

const failureFragment = graphql(
  `
    fragment FailureFields on Failure {
      code
      category
      summary
      fault
      message
      correlationId
      operationId
      remedies {
        ...RemedyFields
      }
    }
  `,
  [remedyFragment],
);

const progressFragment = graphql(
  `
    fragment ProgressFields on ProvisionProgress {
      provisionId
      sequence
      status
      phase
      step
      totalSteps
      label
      message
      retry {
        reason
        nextTryAt
        attempts
      }
      percent
      startedAt
      observedAt
      changedAt
      elapsedSeconds
      armElapsedSeconds
      clusterState
      portalUrl
      expected {
        lowSeconds
        highSeconds
        samples
        basis
      }
      estimatedFinish {
        earliest
        latest
      }
      pace
      paceHint
      steps {
        phase
        startedAt
        finishedAt
        usualSeconds
      }
      nodePools {
        name
        mode
        vmSize
        count
        provisioningState
        tone
        error {
          code
          message
        }
        states {
          state
          at
        }
      }
      failure {
        ...FailureFields
      }
    }
  `,
  [failureFragment],
);

const timelineEntryFragment = graphql(`
  fragment TimelineEntryFields on TimelineEntry {
    sequence
    at
    phase
    message
    clusterState
  }
`);

const provisionSummaryFragment = graphql(
  `
    fragment ProvisionSummaryFields on Provision {
      id
      clusterName
      resourceGroup
      location
      status
      startedBy
      createdAt
      finishedAt
      needsAttention
      isGrantingRoles
      leftovers {
        resourceId
        kind
        portalUrl
      }
      progress {
        ...ProgressFields
      }
    }
  `,
  [progressFragment],
);

export const provisionPageQuery = graphql(
  `
    query ProvisionPage($id: ID!) {
      provision(id: $id) {
        ...ProvisionSummaryFields
        subscriptionId
        kubernetesVersion
        registryId
        portalUrl
        requestedNodePools {
          name
          mode
          vmSize
          count
        }
        requestedTags {
          name
          value
        }
        canceledBy
        dismissedAt
        dismissedBy
        amendments {
          at
          kind
          message
        }
        retryOf {
          id
        }
        retriedBy {
          id
        }
        timeline {
          ...TimelineEntryFields
        }
        durations {
          basis
          samples
          lowSeconds
          highSeconds
          slowSeconds
          provisions {
            provisionId
            clusterName
            startedAt
            tookSeconds
            outcome
            isThis
          }
        }
      }
      azure {
        subscriptions {
          subscriptionId
          displayName
        }
      }
      registries {
        id
        name
      }
    }
  `,
  [provisionSummaryFragment, timelineEntryFragment],
);

export const provisionProgressSubscription = graphql(
  `
    subscription ProvisionPageProgress($provisionId: ID!) {
      provisionProgress(provisionId: $provisionId) {
        ...ProgressFields
      }
    }
  `,
  [progressFragment],
);

export const provisionTimelineSubscription = graphql(
  `
    subscription ProvisionPageTimeline($provisionId: ID!, $afterSequence: Int) {
      provisionTimeline(provisionId: $provisionId, afterSequence: $afterSequence) {
        ...TimelineEntryFields
      }
    }
  `,
  [timelineEntryFragment],
);

export const provisionListQuery = graphql(
  `
    query ProvisionList($first: Int!) {
      provisions(first: $first) {
        edges {
          node {
            ...ProvisionSummaryFields
          }
        }
      }
    }
  `,
  [provisionSummaryFragment],
);

export const provisionUpdatedSubscription = graphql(
  `
    subscription ProvisionListUpdated {
      provisionUpdated {
        ...ProvisionSummaryFields
      }
    }
  `,
  [provisionSummaryFragment],
);

/** Those that did not succeed and that nobody has taken care of. */
export const attentionQuery = graphql(
  `
    query ProvisionsNeedingAttention($first: Int!) {
      provisions(first: $first, needsAttention: true) {
        edges {
          node {
            ...ProvisionSummaryFields
          }
        }
      }
    }
  `,
  [provisionSummaryFragment],
);

export const cancelProvisionMutation = graphql(`
  mutation CancelProvision($provisionId: ID!) {
    cancelProvision(provisionId: $provisionId) {
      __typename
      ... on CancelProvisionSuccess {
        provision {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const dismissProvisionMutation = graphql(`
  mutation DismissProvision($provisionId: ID!) {
    dismissProvision(provisionId: $provisionId) {
      __typename
      ... on DismissProvisionSuccess {
        provision {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const retryProvisionMutation = graphql(`
  mutation RetryProvision($provisionId: ID!) {
    retryProvision(provisionId: $provisionId) {
      __typename
      ... on RetryProvisionSuccess {
        provision {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const grantRolesMutation = graphql(`
  mutation GrantRoles($provisionId: ID!) {
    grantRoles(provisionId: $provisionId) {
      __typename
      ... on GrantRolesSuccess {
        provision {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const cleanUpProvisionMutation = graphql(`
  mutation CleanUpProvision($provisionId: ID!) {
    cleanUpProvision(provisionId: $provisionId) {
      __typename
      ... on CleanUpProvisionSuccess {
        operation {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export type Progress = ResultOf<typeof progressFragment>;
export type PoolProgress = Progress["nodePools"][number];
export type Failure = ResultOf<typeof failureFragment>;
export type TimelineEntry = ResultOf<typeof timelineEntryFragment>;
export type ProvisionSummary = ResultOf<typeof provisionSummaryFragment>;
export type ProvisionPageData = ResultOf<typeof provisionPageQuery>;
export type ProvisionDetail = NonNullable<ProvisionPageData["provision"]>;
export type DurationComparison = ProvisionDetail["durations"];
export type PastProvision = DurationComparison["provisions"][number];
export type ProvisionStatus = Progress["status"];
export type ProvisionPhase = Progress["phase"];

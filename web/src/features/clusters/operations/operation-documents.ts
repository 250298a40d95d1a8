import { remedyFragment } from "../../../graphql/remedy-documents.ts";
import { graphql, type ResultOf, type VariablesOf } from "../../../graphql/tada.ts";

const progressFragment = graphql(
  `
    fragment OperationProgressFields on ClusterOperationProgress {
      sequence
      status
      label
      message
      percent
      startedAt
      observedAt
      changedAt
      elapsedSeconds
      expected {
        lowSeconds
        highSeconds
      }
      clusterState
      powerState
      nodePools {
        name
        count
        provisioningState
        tone
      }
      failure {
        code
        category
        summary
        message
        correlationId
        operationId
        remedies {
          ...RemedyFields
        }
      }
    }
  `,
  [remedyFragment],
);

export const operationFragment = graphql(
  `
    fragment OperationFields on ClusterOperation {
      id
      kind
      clusterId
      clusterName
      poolName
      status
      startedBy
      createdAt
      finishedAt
      progress {
        ...OperationProgressFields
      }
      events {
        sequence
        at
        message
      }
      resourceGroupOutcome {
        fate
        message
      }
    }
  `,
  [progressFragment],
);

export const operationUpdatedSubscription = graphql(
  `
    subscription OperationUpdated {
      clusterOperationUpdated {
        ...OperationFields
      }
    }
  `,
  [operationFragment],
);

export const startClusterMutation = graphql(
  `
    mutation StartThisCluster($clusterId: ID!) {
      startCluster(clusterId: $clusterId) {
        __typename
        ... on StartClusterSuccess {
          operation {
            ...OperationFields
          }
        }
        ... on Error {
          message
        }
      }
    }
  `,
  [operationFragment],
);

export const stopClusterMutation = graphql(
  `
    mutation StopThisCluster($clusterId: ID!) {
      stopCluster(clusterId: $clusterId) {
        __typename
        ... on StopClusterSuccess {
          operation {
            ...OperationFields
          }
        }
        ... on Error {
          message
        }
      }
    }
  `,
  [operationFragment],
);

export const scaleNodePoolMutation = graphql(
  `
    mutation ScaleThisPool($clusterId: ID!, $poolName: String!, $count: Int!) {
      scaleNodePool(clusterId: $clusterId, poolName: $poolName, count: $count) {
        __typename
        ... on ScaleNodePoolSuccess {
          operation {
            ...OperationFields
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          message
        }
      }
    }
  `,
  [operationFragment],
);

export const addNodePoolMutation = graphql(
  `
    mutation AddThisPool($clusterId: ID!, $pool: NodePoolInput!) {
      addNodePool(clusterId: $clusterId, pool: $pool) {
        __typename
        ... on AddNodePoolSuccess {
          operation {
            ...OperationFields
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          message
        }
      }
    }
  `,
  [operationFragment],
);

export const removeNodePoolMutation = graphql(
  `
    mutation RemoveThisPool($clusterId: ID!, $poolName: String!) {
      removeNodePool(clusterId: $clusterId, poolName: $poolName) {
        __typename
        ... on RemoveNodePoolSuccess {
          operation {
            ...OperationFields
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          message
        }
      }
    }
  `,
  [operationFragment],
);

export const deleteClusterMutation = graphql(
  `
    mutation DeleteThisCluster($clusterId: ID!, $confirmName: String!) {
      deleteCluster(clusterId: $clusterId, confirmName: $confirmName) {
        __typename
        ... on DeleteClusterSuccess {
          operation {
            ...OperationFields
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          message
        }
      }
    }
  `,
  [operationFragment],
);

export type Operation = ResultOf<typeof operationFragment>;
export type OperationProgress = ResultOf<typeof progressFragment>;
export type NodePoolInput = VariablesOf<typeof addNodePoolMutation>["pool"];

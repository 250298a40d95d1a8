import { graphql, type ResultOf } from "../../graphql/tada.ts";
import { clusterFragment } from "./cluster-documents.ts";
import { operationFragment } from "./operations/operation-documents.ts";

export const clusterPageQuery = graphql(
  `
    query ClusterPage($id: ID!) {
      cluster(id: $id) {
        ...ClusterFields
        fqdn
        nodeResourceGroup
        isMadeBySlipway
        operations(first: 20) {
          edges {
            node {
              ...OperationFields
            }
          }
        }
        provisions {
          id
          status
          startedBy
          createdAt
          finishedAt
        }
      }
    }
  `,
  [clusterFragment, operationFragment],
);

export const attemptUpdatedSubscription = graphql(`
  subscription ClusterAttemptUpdated {
    provisionUpdated {
      id
      clusterName
      subscriptionId
      resourceGroup
      status
      startedBy
      createdAt
      finishedAt
    }
  }
`);

export type ClusterPageData = ResultOf<typeof clusterPageQuery>;
export type ClusterDetail = NonNullable<ClusterPageData["cluster"]>;
export type Attempt = ClusterDetail["provisions"][number];

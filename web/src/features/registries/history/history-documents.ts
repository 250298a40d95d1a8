import { graphql, type ResultOf } from "../../../graphql/tada.ts";
import { buildFragment } from "../builds/build-documents.ts";

export const buildHistoryQuery = graphql(
  `
    query BuildHistory($registryId: ID!, $image: String, $statuses: [AcrBuildStatus!], $first: Int!, $after: String) {
      builds(registryId: $registryId, image: $image, statuses: $statuses, first: $first, after: $after) {
        edges {
          node {
            ...BuildFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [buildFragment],
);

export const registryBuildUpdatedSubscription = graphql(
  `
    subscription RegistryBuildUpdated($registryId: ID!) {
      buildUpdated(registryId: $registryId) {
        ...BuildFields
      }
    }
  `,
  [buildFragment],
);

/** A page of the history as the API gives it. */
export type HistoryPage = ResultOf<typeof buildHistoryQuery>["builds"];

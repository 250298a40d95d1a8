import { graphql, type ResultOf } from "../../../graphql/tada.ts";
import { buildFragment } from "../builds/build-documents.ts";

const flyingBuildFragment = graphql(
  `
    fragment FlyingBuildFields on AcrBuild {
      ...BuildFields
      registryName
    }
  `,
  [buildFragment],
);

export const buildsInFlightQuery = graphql(
  `
    query BuildsInFlight {
      buildsInFlight {
        ...FlyingBuildFields
      }
    }
  `,
  [flyingBuildFragment],
);

export const buildUpdatedSubscription = graphql(
  `
    subscription AnyBuildUpdated {
      buildUpdated {
        ...FlyingBuildFields
      }
    }
  `,
  [flyingBuildFragment],
);

/** A build with the name of its registry. */
export type FlyingBuild = ResultOf<typeof flyingBuildFragment>;

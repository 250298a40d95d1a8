import { remedyFragment } from "../../../graphql/remedy-documents.ts";
import { graphql, type ResultOf } from "../../../graphql/tada.ts";

export const preflightChecksSubscription = graphql(
  `
    subscription PreflightChecks($input: StartProvisionInput!) {
      preflightChecks(input: $input) {
        checks {
          name
          status
          message
          endsByItself
          remedies {
            ...RemedyFields
          }
        }
        pending
        maxNodeCounts {
          poolName
          count
        }
      }
    }
  `,
  [remedyFragment],
);

export type Findings = ResultOf<typeof preflightChecksSubscription>["preflightChecks"];
export type Check = Findings["checks"][number];
export type MaxNodeCount = Findings["maxNodeCounts"][number];

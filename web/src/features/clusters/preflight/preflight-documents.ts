import { graphql, type ResultOf } from "../../../graphql/tada.ts";

export const preflightChecksSubscription = graphql(`
  subscription PreflightChecks($input: StartProvisionInput!) {
    preflightChecks(input: $input) {
      checks {
        name
        status
        message
        endsByItself
        remedies {
          kind
          label
          url
          command
          field
        }
      }
      pending
      maxNodeCounts {
        poolName
        count
      }
    }
  }
`);

export type Findings = ResultOf<typeof preflightChecksSubscription>["preflightChecks"];
export type Check = Findings["checks"][number];
export type MaxNodeCount = Findings["maxNodeCounts"][number];

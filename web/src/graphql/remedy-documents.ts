import { graphql } from "./tada.ts";

/** What can be done about a failure, as `ui/remedies.tsx` shows it. */
export const remedyFragment = graphql(`
  fragment RemedyFields on Remedy {
    kind
    label
    url
    command
    field
  }
`);

import { graphql, type ResultOf } from "./tada.ts";

export const sessionQuery = graphql(`
  query Session {
    viewer {
      name
      roles
    }
    azure {
      mode
      speed
    }
  }
`);

export type Session = ResultOf<typeof sessionQuery>;

import { graphql, type ResultOf } from "../../graphql/tada.ts";

export const azureModeQuery = graphql(`
  query AzureMode {
    azure {
      mode
      speed
    }
  }
`);

export type AzureMode = ResultOf<typeof azureModeQuery>;

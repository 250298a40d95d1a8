import { graphql, type ResultOf } from "../../graphql/tada.ts";

export const azureModeQuery = graphql(`
  query AzureMode {
    azure {
      mode
      emulatorSpeed
    }
  }
`);

export type AzureMode = ResultOf<typeof azureModeQuery>;

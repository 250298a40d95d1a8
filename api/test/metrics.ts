import type { ApiClient } from "./api-client.ts";

/** What `/metrics` answers now, by line: `slipway_live_subscribers{subscription="clusterUpdated"}` → 1. */
export type Scrape = ReadonlyMap<string, number>;

export async function scrape(slipway: { readonly api: Pick<ApiClient, "http"> }): Promise<Scrape> {
  const { text } = await slipway.api.http({ method: "GET", path: "/metrics" });
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

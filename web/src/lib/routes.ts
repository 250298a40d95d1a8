/** The only place where a URL of the web UI is written. */
export const routes = {
  home: () => "/",
  newCluster: () => "/clusters/new",
  /** The create form filled in with what an earlier provision asked for. */
  newClusterFrom: (provisionId: string) => `/clusters/new?from=${encodeURIComponent(provisionId)}`,
  provision: (provisionId: string) => `/provisions/${encodeURIComponent(provisionId)}`,
};

/** Undoes what {@link routes} encoded; `undefined` when the segment is no valid encoding. Next hands route parameters over as they stand in the URL. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The only place where a URL of the web UI is written. */
export const routes = {
  home: () => "/",
  signIn: () => "/sign-in",
  newCluster: () => "/clusters/new",
  cluster: (clusterId: string) => `/clusters/${encodeURIComponent(clusterId)}`,
  /** The create form filled in with what an earlier provision asked for, at the field to change. */
  newClusterFrom: (provisionId: string, field?: string) =>
    `/clusters/new?from=${encodeURIComponent(provisionId)}${field === undefined ? "" : `&field=${encodeURIComponent(field)}`}`,
  registries: () => "/registries",
  /** A registry; with a state its repositories of that state alone. */
  registry: (registryId: string, state?: string) =>
    `/registries/${encodeURIComponent(registryId)}${state === undefined ? "" : `?state=${encodeURIComponent(state)}`}`,
  /** All builds of a registry; with an image or a state those alone. */
  buildHistory: (registryId: string, filter: { image?: string; state?: string } = {}) => {
    const query = new URLSearchParams();
    if (filter.image) query.set("image", filter.image);
    if (filter.state) query.set("state", filter.state);
    return `/registries/${encodeURIComponent(registryId)}/builds${query.size > 0 ? `?${query}` : ""}`;
  },
  newBuild: (registryId: string) => `/registries/${encodeURIComponent(registryId)}/build`,
  /** The build form filled in with what an earlier build was asked for, at the field to change. */
  newBuildFrom: (registryId: string, buildId: string, field?: string) =>
    `/registries/${encodeURIComponent(registryId)}/build?from=${encodeURIComponent(buildId)}${field === undefined ? "" : `&field=${encodeURIComponent(field)}`}`,
  /** The build form for one repository. */
  newBuildOf: (registryId: string, image: string) =>
    `/registries/${encodeURIComponent(registryId)}/build?image=${encodeURIComponent(image)}`,
  build: (buildId: string) => `/builds/${encodeURIComponent(buildId)}`,
  /** What people have done; with an action or a thing's id that alone. */
  activity: (filter: { action?: string; about?: string; scope?: string; outcome?: string } = {}) => {
    const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""));
    return `/activity${query.size > 0 ? `?${query}` : ""}`;
  },
  /** How Slipway itself is, for administrators. */
  health: () => "/health",
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

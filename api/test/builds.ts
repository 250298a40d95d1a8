import type { LoggedRequest } from "../arm-emulator/request-log.ts";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import type { ApiClient } from "./api-client.ts";
import { requestsOf } from "./azure-control.ts";
import { operation } from "./documents.ts";
import type { Watch } from "./watch.ts";

export interface BuildAnswer {
  readonly id: string;
  readonly runId: string | null;
  readonly image: string;
  readonly tag: string;
  readonly status: string;
  readonly queuedAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly elapsedSeconds: number;
  readonly digest: string | null;
  readonly error: string | null;
  /** Of a build that was read by its id. */
  readonly failure?: {
    readonly category: string;
    readonly summary: string;
    readonly message: string;
    readonly remedies: readonly { readonly kind: string; readonly command: string | null }[];
  } | null;
}

export interface RepositoryAnswer {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly version: number;
  readonly observedAt: string;
  readonly tags: readonly { readonly name: string; readonly digest: string }[];
  readonly activeBuilds: readonly BuildAnswer[];
  readonly lastBuild: BuildAnswer | null;
}

export interface RegistryAnswer {
  readonly id: string;
  readonly reachable: boolean;
  readonly problem: {
    readonly code: string;
    readonly message: string;
    readonly subject: string;
    readonly lastKnownAt: string | null;
  } | null;
  readonly repositoryCount: number;
  readonly builtCount: number;
  readonly buildingCount: number;
  readonly failedCount: number;
  readonly listingComplete: boolean;
  readonly snapshotVersion: number;
  readonly observedAt: string | null;
  readonly imagesObservedAt: string | null;
}

export interface StartResult {
  readonly image: string;
  readonly tag: string;
  readonly build: BuildAnswer | null;
  readonly error: {
    readonly __typename: string;
    readonly message: string;
    readonly code: string;
    readonly build?: BuildAnswer;
  } | null;
}

export interface StartBuildsAnswer {
  readonly __typename: string;
  readonly results?: readonly StartResult[];
  readonly message?: string;
  readonly code?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

export interface LogMessage {
  readonly buildId: string;
  readonly firstLine: number;
  readonly lines: readonly string[];
  readonly restarted: boolean;
  readonly complete: boolean;
}

export interface NamedLogMessage extends LogMessage {
  readonly logId: string | null;
}

const BUILD = `query Build($id: ID!) { node(id: $id) { ... on AcrBuild {
  id runId image tag status queuedAt startedAt finishedAt elapsedSeconds digest error
  failure { category summary message remedies { kind command } } } } }`;
const START_WITH_FIELDS = `mutation Start($input: StartBuildsInput!) { startBuilds(input: $input) { __typename
  ... on InvalidInputError { message code fields { path message } } ... on Error { message code } } }`;

/** With more than the contract's own document asks for. */
const REGISTRY_UPDATED = `subscription RegistryUpdated($registryId: ID!) { registryUpdated(registryId: $registryId) {
  id reachable problem { code message subject lastKnownAt } repositoryCount builtCount buildingCount failedCount listingComplete
  snapshotVersion observedAt imagesObservedAt } }`;

export function image(name: string, changes: object = {}): object {
  const at = name.lastIndexOf(":");
  return {
    image: name.slice(0, at),
    tag: name.slice(at + 1),
    source: { gitUrl: "https://github.com/contoso/shop.git", ref: "main" },
    ...changes,
  };
}

export async function registryIdOf(api: ApiClient, name: string = DEMO.registry.name): Promise<string> {
  const { registries } = await api.data<{ registries: { id: string; name: string }[] }>(operation("Registries"));
  const found = registries.find((one) => one.name === name);
  if (!found) throw new Error(`There is no registry ${name}.`);
  return found.id;
}

export async function tryStartBuilds(
  api: ApiClient,
  registryId: string,
  images: readonly object[],
): Promise<StartBuildsAnswer> {
  const variables = { input: { registryId, images } };
  return (await api.data<{ startBuilds: StartBuildsAnswer }>(operation("StartBuilds"), variables)).startBuilds;
}

/** The same with the fields that are at fault. */
export async function refusedStart(api: ApiClient, input: object): Promise<StartBuildsAnswer> {
  return (await api.data<{ startBuilds: StartBuildsAnswer }>(START_WITH_FIELDS, { input })).startBuilds;
}

/** One result per image, of a request that must go through. */
export async function startBuilds(
  api: ApiClient,
  registryId: string,
  names: readonly (string | object)[],
): Promise<readonly StartResult[]> {
  const images = names.map((one) => (typeof one === "string" ? image(one) : one));
  const answer = await tryStartBuilds(api, registryId, images);
  if (!answer.results) throw new Error(`The builds did not start: ${JSON.stringify(answer)}`);
  return answer.results;
}

/** One build that must start. */
export async function startBuild(api: ApiClient, registryId: string, one: string | object): Promise<BuildAnswer> {
  const [result] = await startBuilds(api, registryId, [one]);
  if (!result?.build) throw new Error(`The build did not start: ${JSON.stringify(result)}`);
  return result.build;
}

export async function readBuild(api: ApiClient, id: string): Promise<BuildAnswer> {
  return (await api.data<{ node: BuildAnswer }>(BUILD, { id })).node;
}

export async function readRepositories(api: ApiClient, registryId: string): Promise<readonly RepositoryAnswer[]> {
  const { registry } = await api.data<{ registry: { repositories: RepositoryAnswer[] } }>(
    operation("AcrRepositories"),
    {
      registryId,
    },
  );
  return registry.repositories;
}

export function watchRepositories(api: ApiClient, registryId: string): Watch<RepositoryAnswer> {
  return api.subscribe<RepositoryAnswer>(operation("AcrRepositoryUpdated"), { registryId });
}

export function watchRegistry(api: ApiClient, registryId: string): Watch<RegistryAnswer> {
  return api.subscribe<RegistryAnswer>(REGISTRY_UPDATED, { registryId });
}

export function watchLog(api: ApiClient, buildId: string, afterLine?: number): Watch<LogMessage> {
  return api.subscribe<LogMessage>(operation("BuildLog"), { buildId, afterLine });
}

/** As `watchLog`, by the document of a client that says which log it knows. */
export function watchNamedLog(
  api: ApiClient,
  buildId: string,
  from: { readonly afterLine?: number; readonly logId?: string | null } = {},
): Watch<NamedLogMessage> {
  return api.subscribe<NamedLogMessage>(NAMED_LOG, { buildId, ...from });
}

const NAMED_LOG = `subscription($buildId: ID!, $afterLine: Int, $logId: String) {
  buildLog(buildId: $buildId, afterLine: $afterLine, logId: $logId) { buildId firstLine lines restarted complete logId } }`;

/** The repository's message that shows how the build ended. */
export function untilEnded(watch: Watch<RepositoryAnswer>, build: { readonly id: string }): Promise<RepositoryAnswer> {
  return watch.until(`the end of build ${build.id}`, ({ lastBuild }) => lastBuild?.id === build.id);
}

export function scheduled(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requestsOf(requests, "POST", /\/scheduleRun\?/i);
}

/** Requests that made a run, also those whose reply was lost. */
export function effectiveSchedules(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return scheduled(requests).filter(({ effective }) => effective);
}

import type { ArtifactTagProperties, ContainerRegistryClient, ContainerRepository } from "@azure/container-registry";
import type { AcrGateway } from "../registry/acr-gateway.ts";
import type { AcrTag } from "../registry/registry.ts";
import { AzureError } from "../shared/azure-error.ts";
import { abortable } from "./abortable.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";

/** As many as a registry gives at once. */
const LARGEST_PAGE = 100;

/**
 * What is read from a registry itself, not from Resource Manager.
 *
 * State: the idle clients of each registry, as many as calls were ever made side by side. A client remembers one token, that of
 * the repository it asked for last; calls that shared a client would take it from each other and sign in for every request.
 */
export function createAcrDataPlane(
  clients: Pick<ArmClients, "createRegistryData">,
): Pick<AcrGateway, "listRepositoryNames" | "listTags"> {
  const idle = new Map<string, ContainerRegistryClient[]>();

  function withClient<T>(loginServer: string, work: (client: ContainerRegistryClient) => Promise<T>): Promise<T> {
    const key = loginServer.toLowerCase();
    const idleHere = idle.get(key) ?? [];
    idle.set(key, idleHere);
    return callAzure(async () => {
      const client = idleHere.pop() ?? clients.createRegistryData(loginServer);
      try {
        return await work(client);
      } finally {
        idleHere.push(client);
      }
    });
  }

  return {
    listRepositoryNames: (registry, after, limit, signal) =>
      withClient(registry.loginServer, async (client) => {
        const maxPageSize = pageSize(limit);
        const pages = client
          .listRepositoryNames(abortable(signal))
          .byPage({ maxPageSize, ...(after !== undefined && { continuationToken: namesAfter(after, maxPageSize) }) });
        const { items: names, isAll } = await take(pages, limit);
        return { names, after: isAll ? undefined : names.at(-1) };
      }),

    listTags: (registry, repository, limit, signal) =>
      undefinedWhenUnknown(
        withClient(registry.loginServer, async (client) => {
          const found = client.getRepository(repository);
          // The artifact's name is not part of the request; the SDK only has no other way to the tags.
          const pages = found
            .getArtifact("latest")
            .listTagProperties({ order: "LastUpdatedOnDescending", ...abortable(signal) })
            .byPage({ maxPageSize: pageSize(limit) });
          const { items, isAll } = await take(pages, limit);
          const tagCount = isAll ? items.length : (await found.getProperties(abortable(signal))).tagCount;
          const sizes = items.length === 0 ? new Map<string, number>() : await newestSizes(found, limit, signal);
          return { tags: items.map((tag) => toTag(tag, sizes)), tagCount };
        }),
      ),
  };
}

/** Other things may be missing too, the registry itself for one; that is no word on the repository. */
async function undefinedWhenUnknown<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AzureError && error.kind === "not-found" && error.code === "NAME_UNKNOWN") return undefined;
    throw error;
  }
}

function pageSize(limit: number): number {
  return Math.min(limit, LARGEST_PAGE);
}

/**
 * The form of the link that a registry gives for its next page.
 * https://learn.microsoft.com/rest/api/containerregistry/repository/get-list
 */
function namesAfter(name: string, count: number): string {
  return `/acr/v1/_catalog?last=${encodeURIComponent(name)}&n=${count}&orderby=`;
}

/** At most `limit` of what the pages hold, and whether that is all of it. */
async function take<T>(
  pages: AsyncIterableIterator<T[] & { continuationToken?: string }>,
  limit: number,
): Promise<{ readonly items: readonly T[]; readonly isAll: boolean }> {
  const items: T[] = [];
  for await (const page of pages) {
    items.push(...page);
    if (page.continuationToken === undefined) break;
    // A registry that hides some of its repositories gives pages that are short, even empty, with more behind them.
    if (items.length >= limit) return { items: items.slice(0, limit), isAll: false };
  }
  return { items: items.slice(0, limit), isAll: items.length <= limit };
}

/** Sizes by digest of the manifests that changed last, which are those of the newest tags: one request, so not of every tag. */
async function newestSizes(
  repository: ContainerRepository,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const pages = repository
    .listManifestProperties({ order: "LastUpdatedOnDescending", ...abortable(signal) })
    .byPage({ maxPageSize: pageSize(limit) });
  const page = await pages.next();
  const manifests = page.done === true ? [] : page.value;
  // An index of several platforms is listed with no size of its own, or 0.
  return new Map(manifests.flatMap(({ digest, sizeInBytes }) => (sizeInBytes ? [[digest, sizeInBytes] as const] : [])));
}

function toTag(tag: ArtifactTagProperties, sizes: ReadonlyMap<string, number>): AcrTag {
  return {
    name: tag.name,
    digest: tag.digest,
    createdAt: tag.createdOn.toISOString(),
    sizeBytes: sizes.get(tag.digest),
  };
}

import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { heading, manifestBody, repositoryBody, tagBody } from "./data-plane-bodies.ts";
import {
  dataPlaneError,
  manifestUnknown,
  repositoryUnknown,
  tagUnknown,
  tooManyRequests,
} from "./data-plane-errors.ts";
import type { Attributes, Manifest, Repository, RepositoryKey, Tag, TimeOrder } from "./image-store.ts";
import { authorizedRegistry } from "./registry-tokens.ts";
import type { Registry } from "./registry.ts";
import { raiseWebhookEvent } from "./webhook-events.ts";

const CATALOG = "/acr/v1/_catalog";
const REPOSITORY = "/acr/v1/{name*}";
const TAG = `${REPOSITORY}/_tags/{tag}`;
const MANIFEST = `${REPOSITORY}/_manifests/{digest}`;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

type Handle = (found: Found, request: ArmRequest, world: World) => ArmReply;
type Found = { readonly registry: Registry; readonly key: RepositoryKey; readonly repository: Repository };

/**
 * A registry's data plane on api-version 2021-07-01, at `https://<name>.azurecr.io`.
 * https://learn.microsoft.com/rest/api/containerregistry/
 */
export const dataPlaneRoutes: readonly Route[] = [
  dataRoute("GET", CATALOG, "repositories.list", listRepositories),
  dataRoute("GET", REPOSITORY, "repositories.get", withRepository("metadata_read", getRepository)),
  dataRoute("PATCH", REPOSITORY, "repositories.update", withRepository("metadata_write", updateRepository)),
  dataRoute("DELETE", REPOSITORY, "repositories.delete", withRepository("delete", deleteRepository)),
  dataRoute("GET", `${REPOSITORY}/_tags`, "artifactTags.list", withRepository("metadata_read", listTags)),
  dataRoute("GET", TAG, "artifactTags.get", withRepository("metadata_read", getTag)),
  dataRoute("PATCH", TAG, "artifactTags.update", withRepository("metadata_write", updateTag)),
  dataRoute("DELETE", TAG, "artifactTags.delete", withRepository("delete", deleteTag)),
  dataRoute(
    "GET",
    `${REPOSITORY}/_manifests`,
    "artifactManifests.list",
    withRepository("metadata_read", listManifests),
  ),
  dataRoute("GET", MANIFEST, "artifactManifests.get", withRepository("metadata_read", getManifest)),
  dataRoute("PATCH", MANIFEST, "artifactManifests.update", withRepository("metadata_write", updateManifest)),
  dataRoute(
    "DELETE",
    "/v2/{name*}/manifests/{digest}",
    "artifactManifests.delete",
    withRepository("delete", deleteManifest),
  ),
];

function dataRoute(method: Route["method"], path: string, operation: string, handle: Route["handle"]): Route {
  return { method, path, operation, isArm: false, tooManyRequests, handle };
}

function withRepository(action: string, handle: Handle): Route["handle"] {
  return (request, world) => {
    const { name = "" } = request.params;
    const registry = authorizedRegistry(request, world, { type: "repository", name, action });
    const key = { registry: registry.name.toLowerCase(), repository: name };
    const repository = world.images.repository(key);
    if (!repository) throw repositoryUnknown(name);
    return handle({ registry, key, repository }, request, world);
  };
}

function listRepositories(request: ArmRequest, world: World): ArmReply {
  const registry = authorizedRegistry(request, world, { type: "registry", name: "catalog", action: "*" });
  const { last, count } = readPage(request);
  const names = world.images.listRepositories(registry.name.toLowerCase(), { last, count: count + 1 });
  const repositories = names.slice(0, count);
  return reply(request, { repositories }, names.length > count ? repositories.at(-1) : undefined);
}

function getRepository({ registry, key, repository }: Found): ArmReply {
  return { status: 200, body: { ...heading(registry, key), ...repositoryBody(repository) } };
}

function listTags({ key, registry }: Found, request: ArmRequest, world: World): ArmReply {
  const { last, count } = readPage(request);
  const found = world.images.listTags(key, { last, count: count + 1, order: readOrder(request) });
  const tags = found.slice(0, count);
  const body = { ...heading(registry, key), tags: tags.map(tagBody) };
  return reply(request, body, found.length > count ? tags.at(-1)?.name : undefined);
}

function getTag(found: Found, request: ArmRequest, world: World): ArmReply {
  return { status: 200, body: { ...heading(found.registry, found.key), tag: tagBody(tagOf(found, request, world)) } };
}

function listManifests({ key, registry }: Found, request: ArmRequest, world: World): ArmReply {
  const { last, count } = readPage(request);
  const found = world.images.listManifests(key, { last, count: count + 1, order: readOrder(request) });
  const manifests = found.slice(0, count);
  const body = { ...heading(registry, key), manifests: manifests.map(manifestBody) };
  return reply(request, body, found.length > count ? manifests.at(-1)?.digest : undefined);
}

function getManifest(found: Found, request: ArmRequest, world: World): ArmReply {
  return {
    status: 200,
    body: { ...heading(found.registry, found.key), manifest: manifestBody(manifestOf(found, request, world)) },
  };
}

function updateRepository(found: Found, request: ArmRequest, world: World): ArmReply {
  world.images.setAttributes(found.key, {}, readAttributes(request, found.repository.attributes), world.now());
  return getRepository({ ...found, repository: world.images.repository(found.key) ?? found.repository });
}

function updateTag(found: Found, request: ArmRequest, world: World): ArmReply {
  const { name, attributes } = tagOf(found, request, world);
  world.images.setAttributes(found.key, { tag: name }, readAttributes(request, attributes), world.now());
  return getTag(found, request, world);
}

function updateManifest(found: Found, request: ArmRequest, world: World): ArmReply {
  const { digest, attributes } = manifestOf(found, request, world);
  world.images.setAttributes(found.key, { digest }, readAttributes(request, attributes), world.now());
  return getManifest(found, request, world);
}

function deleteRepository({ registry, key, repository }: Found, _request: ArmRequest, world: World): ArmReply {
  checkDeletable(repository.attributes);
  const { digests, tags } = world.images.deleteRepository(key);
  raiseWebhookEvent(world, registry, { action: "delete", repository: key.repository });
  return { status: 202, body: { manifestsDeleted: digests, tagsDeleted: tags } };
}

/** No webhook hears of a tag: its manifest stays. */
function deleteTag(found: Found, request: ArmRequest, world: World): ArmReply {
  const tag = tagOf(found, request, world);
  checkDeletable(tag.attributes);
  world.images.deleteTag(found.key, tag.name);
  return { status: 202 };
}

function deleteManifest(found: Found, request: ArmRequest, world: World): ArmReply {
  const manifest = manifestOf(found, request, world);
  checkDeletable(manifest.attributes);
  world.images.deleteManifest(found.key, manifest.digest);
  const { repository } = found.key;
  raiseWebhookEvent(world, found.registry, { action: "delete", repository, digest: manifest.digest });
  return { status: 202 };
}

function tagOf({ key }: Found, request: ArmRequest, world: World): Tag {
  const { tag = "" } = request.params;
  const found = world.images.tag(key, tag);
  if (!found) throw tagUnknown(tag);
  return found;
}

function manifestOf({ key }: Found, request: ArmRequest, world: World): Manifest {
  const { digest = "" } = request.params;
  const found = world.images.manifest(key, digest);
  if (!found) throw manifestUnknown(digest);
  return found;
}

function checkDeletable({ deleteEnabled, writeEnabled }: Attributes): void {
  if (deleteEnabled && writeEnabled) return;
  throw dataPlaneError(
    405,
    "UNSUPPORTED",
    "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation",
  );
}

/** @throws ArmError 400 for a body that is no JSON object */
function readAttributes(request: ArmRequest, before: Attributes): Attributes {
  let fields: unknown;
  try {
    fields = JSON.parse(String(request.body));
  } catch {
    fields = undefined;
  }
  if (fields === null || typeof fields !== "object") throw dataPlaneError(400, "INVALID", "the body is no JSON object");
  const given = fields as Readonly<Record<string, unknown>>;
  const read = (name: keyof Attributes): boolean => (typeof given[name] === "boolean" ? given[name] : before[name]);
  return {
    deleteEnabled: read("deleteEnabled"),
    writeEnabled: read("writeEnabled"),
    listEnabled: read("listEnabled"),
    readEnabled: read("readEnabled"),
  };
}

function readPage(request: ArmRequest): { last: string; count: number } {
  const wanted = Number.parseInt(request.query.get("n") ?? String(DEFAULT_PAGE), 10);
  if (!(wanted >= 1)) throw dataPlaneError(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested");
  return { last: request.query.get("last") ?? "", count: Math.min(wanted, MAX_PAGE) };
}

function readOrder(request: ArmRequest): TimeOrder {
  const order = request.query.get("orderby");
  return order === "timedesc" || order === "timeasc" ? order : "";
}

/** The link to the next page is relative, and without the api-version, as the live service writes it. */
function reply(request: ArmRequest, body: object, last: string | undefined): ArmReply {
  if (last === undefined) return { status: 200, body };
  const query = new URLSearchParams({ last, n: String(readPage(request).count) });
  query.set("orderby", request.query.get("orderby") ?? "");
  return { status: 200, headers: { link: `<${request.path}?${query}>; rel="next"` }, body };
}

import type { Attributes, Manifest, Repository, RepositoryKey, Tag } from "./image-store.ts";
import type { Registry } from "./registry.ts";

const MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG_MEDIA_TYPE = "application/vnd.docker.container.image.v1+json";

/** What the answer about one repository begins with. */
export function heading(registry: Registry, key: RepositoryKey): object {
  return { registry: registry.body.properties.loginServer, imageName: key.repository };
}

export function repositoryBody(repository: Repository): object {
  const { manifestCount, tagCount } = repository;
  return { ...dates(repository), manifestCount, tagCount, ...locks(repository) };
}

export function tagBody(tag: Tag): object {
  return { name: tag.name, digest: tag.digest, ...dates(tag), signed: false, ...locks(tag) };
}

export function manifestBody(manifest: Manifest): object {
  const { digest, imageBytes, architecture, os, tags } = manifest;
  return {
    digest,
    imageSize: imageBytes,
    ...dates(manifest),
    architecture,
    os,
    mediaType: MEDIA_TYPE,
    configMediaType: CONFIG_MEDIA_TYPE,
    tags,
    ...locks(manifest),
  };
}

function dates({ createdMs, updatedMs }: { createdMs: number; updatedMs: number }): object {
  return { createdTime: new Date(createdMs).toISOString(), lastUpdateTime: new Date(updatedMs).toISOString() };
}

function locks({ attributes }: { attributes: Attributes }): object {
  return { changeableAttributes: attributes };
}

import { remedyFragment } from "../../graphql/remedy-documents.ts";
import { graphql, type ResultOf } from "../../graphql/tada.ts";
import { buildFragment } from "./builds/build-documents.ts";

const registryFragment = graphql(`
  fragment RegistryFields on Registry {
    id
    name
    resourceGroup
    location
    loginServer
    sku
    portalUrl
  }
`);

/** What Slipway's watcher knows of a registry. Asking for it may wait for the first look at Azure. */
const registryHeadFragment = graphql(
  `
    fragment RegistryHeadFields on Registry {
      id
      reachable
      problem {
        code
        message
        subject
        lastKnownAt
        remedies {
          ...RemedyFields
        }
      }
      repositoryCount
      builtCount
      buildingCount
      failedCount
      listingComplete
      snapshotVersion
      observedAt
    }
  `,
  [remedyFragment],
);

const repositoryFragment = graphql(
  `
    fragment RepositoryFields on AcrRepository {
      id
      name
      placeholder
      state
      version
      observedAt
      tagsObservedAt
      tagCount
      tags {
        name
        digest
        createdAt
        sizeBytes
      }
      activeBuilds {
        ...BuildFields
      }
      lastBuild {
        ...BuildFields
      }
    }
  `,
  [buildFragment],
);

export const registryListQuery = graphql(
  `
    query RegistryList {
      registries {
        ...RegistryFields
      }
    }
  `,
  [registryFragment],
);

export const registryPageQuery = graphql(
  `
    query RegistryPage($id: ID!) {
      registry(id: $id) {
        ...RegistryFields
      }
    }
  `,
  [registryFragment],
);

export const registryHeadQuery = graphql(
  `
    query RegistryHead($id: ID!) {
      registry(id: $id) {
        ...RegistryHeadFields
      }
    }
  `,
  [registryHeadFragment],
);

export const registryRowsQuery = graphql(
  `
    query RegistryRows($id: ID!) {
      registry(id: $id) {
        repositories {
          ...RepositoryFields
        }
      }
    }
  `,
  [repositoryFragment],
);

/** Which repositories there are: what a page holds besides is gone. */
export const registryRowIdsQuery = graphql(`
  query RegistryRowIds($id: ID!) {
    registry(id: $id) {
      repositories {
        id
      }
    }
  }
`);

export const registryUpdatedSubscription = graphql(
  `
    subscription RegistryHeadUpdated($registryId: ID!) {
      registryUpdated(registryId: $registryId) {
        ...RegistryHeadFields
      }
    }
  `,
  [registryHeadFragment],
);

export const repositoryUpdatedSubscription = graphql(
  `
    subscription RegistryRowsUpdated($registryId: ID!) {
      acrRepositoryUpdated(registryId: $registryId) {
        ...RepositoryFields
      }
    }
  `,
  [repositoryFragment],
);

export type Registry = ResultOf<typeof registryFragment>;
export type RegistryHead = ResultOf<typeof registryHeadFragment>;
export type RegistryProblemData = NonNullable<RegistryHead["problem"]>;
export type Repository = ResultOf<typeof repositoryFragment>;
export type RepositoryState = Repository["state"];
export type Tag = Repository["tags"][number];

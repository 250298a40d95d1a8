import { graphql, type ResultOf, type VariablesOf } from "../../graphql/tada.ts";

export const clusterFragment = graphql(`
  fragment ClusterFields on Cluster {
    id
    name
    subscriptionId
    resourceGroup
    location
    kubernetesVersion
    provisioningState
    powerState
    status
    version
    observedAt
    portalUrl
    nodePools {
      name
      mode
      vmSize
      count
      provisioningState
      powerState
      tone
      autoscale {
        minCount
        maxCount
      }
      availabilityZones
      taints
      labels {
        name
        value
      }
    }
  }
`);

export const clusterListQuery = graphql(
  `
    query ClusterList {
      clusters {
        ...ClusterFields
      }
    }
  `,
  [clusterFragment],
);

export const clusterUpdatedSubscription = graphql(
  `
    subscription ClusterListUpdated {
      clusterUpdated {
        ...ClusterFields
      }
    }
  `,
  [clusterFragment],
);

export const clusterLookUpdatedSubscription = graphql(`
  subscription ClusterLookUpdated {
    clusterLookUpdated {
      subscriptionId
      subscriptionName
      lookedAt
      problem
    }
  }
`);

export const createFormQuery = graphql(`
  query CreateForm {
    azure {
      subscriptions {
        subscriptionId
        displayName
      }
    }
    registries {
      id
      name
      loginServer
    }
  }
`);

export const earlierInputQuery = graphql(`
  query EarlierInput($provisionId: ID!) {
    provision(id: $provisionId) {
      clusterName
      subscriptionId
      resourceGroup
      location
      kubernetesVersion
      registryId
      requestedNodePools {
        name
        mode
        vmSize
        count
        autoscale {
          minCount
          maxCount
        }
        availabilityZones
        taints
        labels {
          name
          value
        }
      }
      requestedTags {
        name
        value
      }
    }
  }
`);

export const locationsQuery = graphql(`
  query CreateFormLocations($subscriptionId: String!) {
    locations(subscriptionId: $subscriptionId) {
      name
      displayName
    }
  }
`);

export const catalogueQuery = graphql(`
  query CreateFormCatalogue($subscriptionId: String!, $location: String!) {
    vmSizes(subscriptionId: $subscriptionId, location: $location) {
      name
      family
      vCpus
      memoryGb
      restriction
    }
    kubernetesVersions(subscriptionId: $subscriptionId, location: $location) {
      version
      patchVersions
      isDefault
      isPreview
    }
  }
`);

export const startProvisionMutation = graphql(`
  mutation CreateCluster($input: StartProvisionInput!) {
    startProvision(input: $input) {
      __typename
      ... on StartProvisionSuccess {
        provision {
          id
        }
      }
      ... on ProvisionInProgressError {
        provision {
          id
        }
      }
      ... on InvalidInputError {
        fields {
          path
          message
        }
      }
      ... on Error {
        message
        code
      }
    }
  }
`);

export type Cluster = ResultOf<typeof clusterFragment>;
export type ClusterLook = ResultOf<typeof clusterLookUpdatedSubscription>["clusterLookUpdated"];
export type NodePool = Cluster["nodePools"][number];
export type CreateFormData = ResultOf<typeof createFormQuery>;
export type EarlierInput = NonNullable<ResultOf<typeof earlierInputQuery>["provision"]>;
export type Catalogue = ResultOf<typeof catalogueQuery>;
export type VmSize = Catalogue["vmSizes"][number];
export type StartProvisionInput = VariablesOf<typeof startProvisionMutation>["input"];
export type StartProvisionResult = ResultOf<typeof startProvisionMutation>["startProvision"];

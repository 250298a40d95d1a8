import { remedyFragment } from "../../../graphql/remedy-documents.ts";
import { graphql, type ResultOf, type VariablesOf } from "../../../graphql/tada.ts";

export const buildFragment = graphql(
  `
    fragment BuildFields on AcrBuild {
      id
      version
      observedAt
      registryId
      replacedBy
      withdrawn
      runId
      image
      tag
      status
      runsAheadCount
      startedBy
      createdAt
      queuedAt
      startedAt
      finishedAt
      digest
      error
      failure {
        category
        summary
        message
        remedies {
          ...RemedyFields
        }
      }
    }
  `,
  [remedyFragment],
);

export const buildPageQuery = graphql(
  `
    query BuildPage($id: ID!) {
      node(id: $id) {
        __typename
        ... on AcrBuild {
          ...BuildFields
          input {
            gitUrl
            ref
            contextPath
            dockerfile
            platform
            timeoutSeconds
            buildArgs {
              name
              value
              secret
            }
          }
        }
      }
    }
  `,
  [buildFragment],
);

export const buildProgressSubscription = graphql(
  `
    subscription BuildPageProgress($buildId: ID!) {
      buildProgress(buildId: $buildId) {
        ...BuildFields
      }
    }
  `,
  [buildFragment],
);

export const buildLogSubscription = graphql(`
  subscription BuildPageLog($buildId: ID!, $afterLine: Int, $logId: String) {
    buildLog(buildId: $buildId, afterLine: $afterLine, logId: $logId) {
      buildId
      firstLine
      lines
      restarted
      complete
      logId
    }
  }
`);

export const buildRegistryQuery = graphql(`
  query BuildRegistry($registryId: ID!) {
    registry(id: $registryId) {
      id
      name
      loginServer
    }
  }
`);

export const startBuildsMutation = graphql(`
  mutation StartImageBuilds($input: StartBuildsInput!) {
    startBuilds(input: $input) {
      __typename
      ... on StartBuildsSuccess {
        results {
          image
          tag
          build {
            id
            runId
            status
          }
          error {
            __typename
            message
            code
            ... on DuplicateBuildError {
              build {
                id
                runId
                status
              }
            }
          }
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

export const cancelBuildMutation = graphql(`
  mutation CancelImageBuild($buildId: ID!) {
    cancelBuild(buildId: $buildId) {
      __typename
      ... on CancelBuildSuccess {
        build {
          id
          status
        }
      }
      ... on Error {
        message
        code
      }
    }
  }
`);

export type Build = ResultOf<typeof buildFragment>;
export type BuildStatus = Build["status"];
export type BuildPageData = ResultOf<typeof buildPageQuery>;
export type BuildDetail = Extract<NonNullable<BuildPageData["node"]>, { __typename: "AcrBuild" }>;
export type BuildRequest = NonNullable<BuildDetail["input"]>;
export type BuildRegistry = NonNullable<ResultOf<typeof buildRegistryQuery>["registry"]>;
export type LogPiece = ResultOf<typeof buildLogSubscription>["buildLog"];
export type StartBuildsInput = VariablesOf<typeof startBuildsMutation>["input"];
export type StartBuildsResult = ResultOf<typeof startBuildsMutation>["startBuilds"];
export type StartedImage = Extract<StartBuildsResult, { __typename: "StartBuildsSuccess" }>["results"][number];

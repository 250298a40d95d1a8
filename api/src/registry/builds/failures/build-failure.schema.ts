import { builder } from "../../../graphql/builder.ts";
import { RemedyType } from "../../../graphql/remedy-type.ts";
import type { BuildFailure, BuildFailureCategory } from "./build-failure.ts";

const BuildFailureCategoryEnum = builder.enumType("BuildFailureCategory", {
  description: "What kind of failure of a build it is; more may follow.",
  values: {
    FIREWALL: { description: "The firewall of a registry does not let the build's agent in." },
    SIGN_IN: { description: "The build's agent could not sign in to a registry." },
    SOURCE: { description: "The source could not be fetched: its address, branch or folder, or the right to read it." },
    DOCKERFILE: { description: "The Dockerfile is missing or can't be read." },
    BASE_IMAGE: { description: "A base image is missing, or may not be pulled." },
    PULL_LIMIT: { description: "The registry of a base image takes no more pulls for now." },
    MISSING_FILE: { description: "A file that the Dockerfile copies is not in what is built." },
    PLATFORM: { description: "Something is not made for the platform that is built for." },
    NO_SPACE: { description: "What is built is too large for the agent." },
    OUT_OF_MEMORY: { description: "A step needed more memory than the agent has." },
    NETWORK: { description: "The build could not reach something." },
    PUSH_DENIED: { description: "The image was built, but the registry did not take it." },
    TIMED_OUT: { description: "It took longer than it was allowed to." },
    STEP_FAILED: { description: "A command of the Dockerfile, or a step of the task, ended with an error." },
    AZURE_UNAVAILABLE: { description: "Azure itself failed: nothing in the build is wrong." },
  } as const satisfies Record<BuildFailureCategory, object>,
});

export const BuildFailureType = builder.objectRef<BuildFailure>("BuildFailure").implement({
  description: "Why a build failed, as its log tells it: in plain words and in those of the log.",
  fields: (t) => ({
    category: t.field({
      type: BuildFailureCategoryEnum,
      description: "What kind of failure it is.",
      resolve: ({ category }) => category,
    }),
    summary: t.exposeString("summary", {
      description: "What happened, with the names and numbers, in a sentence or two.",
    }),
    message: t.exposeString("message", { description: "The line of the log, or Azure's reason, that says so." }),
    remedies: t.field({
      type: [RemedyType],
      description: "What can be done about it.",
      resolve: ({ remedies }) => [...remedies],
    }),
  }),
});

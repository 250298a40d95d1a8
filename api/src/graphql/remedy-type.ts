import type { Remedy } from "../shared/remedy.ts";
import { builder } from "./builder.ts";

const RemedyKindEnum = builder.enumType("RemedyKind", {
  description: "Whether a remedy is to try again, to change the input, to run a command or to open a page.",
  values: {
    RETRY: { description: "Ask for the same again." },
    EDIT: { description: "Change the input, then ask again." },
    COMMAND: { description: "Run a command in a terminal." },
    LINK: { description: "Open a page." },
  } as const satisfies Record<Remedy["kind"], object>,
});

export const RemedyType = builder.objectRef<Remedy>("Remedy").implement({
  description: "Something that can be done about a failure.",
  fields: (t) => ({
    kind: t.field({ type: RemedyKindEnum, description: "What to do with it.", resolve: (remedy) => remedy.kind }),
    label: t.exposeString("label", { description: "Words for a button or link." }),
    url: t.string({ nullable: true, description: "Page to open, for LINK.", resolve: (remedy) => remedy.url ?? null }),
    command: t.string({
      nullable: true,
      description: "Command to copy, for COMMAND; what is in angle brackets is not known.",
      resolve: (remedy) => remedy.command ?? null,
    }),
    field: t.string({
      nullable: true,
      description:
        "What to change, for EDIT: a path in the input that it was asked for with, such as nodePools.0.vmSize of a provision or source.ref of an image to build.",
      resolve: (remedy) => remedy.field ?? null,
    }),
  }),
});

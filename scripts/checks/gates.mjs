import { inRoot } from "../setup/workspace.mjs";

/**
 * What has to hold besides the tests: `{name, commands, fix, cwd}`: commands that say themselves what is wrong, and what mends it. The order is the one they are started in, the slow ones first.
 */
export const GATES = [
  {
    name: "documents match the schema",
    commands: [["gql.tada", "check", "--fail-on-warn"]],
    cwd: inRoot("web"),
    fix: "correct the documents named above (web/src/**/*-documents.ts)",
  },
  {
    name: "lint",
    commands: [["oxlint", "--type-aware", "--deny-warnings"]],
    fix: "pnpm fix, then by hand what is left",
  },
  { name: "types of api", commands: [["tsc", "--noEmit"]], cwd: inRoot("api"), fix: "correct the types named above" },
  {
    name: "types of web",
    commands: [
      ["next", "typegen"],
      ["tsc", "--noEmit"],
    ],
    cwd: inRoot("web"),
    fix: "correct the types named above",
  },
  { name: "types of e2e", commands: [["tsc", "--noEmit"]], cwd: inRoot("e2e"), fix: "correct the types named above" },
  {
    name: "schema.graphql is fresh",
    commands: [["node", "api/scripts/print-schema.ts", "--check"]],
    fix: "pnpm schema",
  },
  {
    name: "types of the schema are fresh",
    commands: [["node", inRoot("scripts/checks/client-types.mjs")]],
    cwd: inRoot("web"),
    fix: "pnpm schema",
  },
  {
    name: "persisted operations are fresh",
    commands: [["node", "scripts/persist-operations.ts", "--check"]],
    cwd: inRoot("web"),
    fix: "pnpm schema",
  },
  {
    name: "import boundaries",
    commands: [["depcruise", "api", "web", "e2e", "--config", ".dependency-cruiser.mjs", "--output-type", "err-long"]],
    fix: "move the code to where it may be imported from (CONTRIBUTING.md)",
  },
  { name: "nothing unused", commands: [["knip", "--no-progress"]], fix: "remove what is named above, or use it" },
  { name: "format", commands: [["oxfmt", "--list-different"]], fix: "pnpm fix" },
];

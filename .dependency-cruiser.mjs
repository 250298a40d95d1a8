/**
 * Who may import whom. `pnpm check` runs these rules over the repository; scripts/boundaries proves that each of them still
 * fires, because a cruiser that can't read TypeScript finds nothing and is pleased.
 */
const FEATURES = "^api/src/(clusters|registry)/";
const KERNEL = "^api/src/(jobs|events)/";
/** What stands beside the product for its tests and is never part of it. */
const TEST_FILES =
  "(\\.(test|contract|fixture|spec)\\.tsx?$|^api/(src/.*-until-killed\\.ts$|test/|arm-emulator/test/|simulator/)|^web/src/testing/|^e2e/)";
const SHIPPED = { path: "^(api|web)/", pathNot: TEST_FILES };
const npm = (pattern) => `(^|/node_modules/)${pattern}`;

const rule = (name, comment, from, to) => ({ name, severity: "error", comment, from, to });

export default {
  forbidden: [
    rule(
      "no-circular",
      "Two files that need each other at run time are one file, or hide a third; types are erased and may know each other.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule(
      "resolvable",
      "An import that leads nowhere is one that no other rule can judge.",
      {},
      { couldNotResolve: true, pathNot: npm("@azure/") },
    ),
    rule(
      "no-cross-feature",
      "Features meet through values of shared/ and through jobs, so that each can be read alone.",
      { path: FEATURES },
      { path: FEATURES, pathNot: "^api/src/$1/" },
    ),
    rule(
      "kernel-knows-no-feature",
      "jobs/ and events/ carry whatever features give them; knowing one would make every feature depend on it.",
      { path: KERNEL },
      { path: FEATURES },
    ),
    rule(
      "activity-knows-no-feature",
      "Every mutation is recorded in the same way; what each acts on is declared beside it, in its slice.",
      { path: "^api/src/activity/" },
      { path: FEATURES },
    ),
    rule(
      "adapters-behind-ports",
      "A feature or the kernel says what it needs in a port; app.ts alone chooses who answers, so tests and the embedded default can differ.",
      { path: `${FEATURES}|${KERNEL}|^api/src/(activity|graphql|auth)/`, pathNot: TEST_FILES },
      { path: "^api/src/(azure|storage)/", pathNot: "^api/src/storage/(entity-store|message-queue)\\.ts$" },
    ),
    rule(
      "adapters-do-not-act",
      "An adapter answers a port in the slice's own words; starting services, jobs or the schema from there would turn the arrow round.",
      { path: "^api/src/(azure|storage)/", pathNot: TEST_FILES },
      {
        path: "^api/src/(app|main|context|schema|graphql|auth|jobs|events)|\\.schema\\.ts$|^api/src/.*-(service|store|job)\\.ts$",
        pathNot: "^api/src/storage/",
      },
    ),
    rule(
      "azure-sdk-only-in-azure",
      "The SDKs change their shapes between versions and their traps are known in one place.",
      { path: "^(api/src|web)/", pathNot: "^api/src/(azure|storage)/" },
      { path: npm("@azure/") },
    ),
    rule(
      "tables-only-in-storage",
      "Azure Tables is one way to keep entities: whoever spoke to it directly would lose the embedded store and the port's errors.",
      { path: "^api/", pathNot: "^api/src/storage/" },
      { path: npm("@azure/data-tables") },
    ),
    rule(
      "schema-is-edge",
      "A *.schema.ts is loaded for its effect on the builder, by schema.ts and by types that refer to its own; whatever else imports one drags the whole API along.",
      { pathNot: "^api/src/(schema\\.ts$|.*\\.schema\\.ts$)" },
      { path: "^api/src/.*\\.schema\\.ts$" },
    ),
    rule(
      "graphql-stays-at-the-edge",
      "Services, jobs and adapters speak in their own types, so that another edge could be put beside GraphQL.",
      {
        path: "^api/src/",
        pathNot: `${TEST_FILES}|\\.schema\\.ts$|^api/src/(graphql/|schema\\.ts$|context\\.ts$|app\\.ts$|app-edge\\.ts$|app-metrics\\.ts$|app-tracing\\.ts$)`,
      },
      { path: `${npm("(graphql|graphql-yoga|graphql-ws|@pothos)/")}|^api/src/(graphql/|context\\.ts$)` },
    ),
    rule(
      "graphql-machinery-knows-no-feature",
      "graphql/ is the machinery under every type; business types stand beside their slice. It may carry the streams of events/.",
      { path: "^api/src/graphql/", pathNot: TEST_FILES },
      { path: `${FEATURES}|^api/src/jobs/` },
    ),
    rule(
      "shared-is-a-leaf",
      "What imports from a slice belongs to that slice; shared/ would become a drawer.",
      { path: "^api/src/shared/", pathNot: TEST_FILES },
      { path: "^api/src/(?!shared/)" },
    ),
    rule(
      "config-and-observability-are-leaves",
      "Both are needed before anything else exists.",
      { path: "^api/src/(config|observability)/", pathNot: TEST_FILES },
      { path: "^api/src/(?!config/|observability/|shared/)" },
    ),
    rule(
      "one-composition-root",
      "Only the process entry builds the app; a slice that imports it can be neither tested nor reused alone.",
      { path: "^api/src/", pathNot: `^api/src/main\\.ts$|${TEST_FILES}` },
      { path: "^api/src/(app|main)\\.ts$" },
    ),
    rule(
      "emulator-is-a-program",
      "The emulator stands for Azure: sharing code with the product would let both be wrong in the same way.",
      { path: "^api/(src|arm-emulator)/", pathNot: TEST_FILES },
      { path: "^api/(src|arm-emulator)/", pathNot: "^api/$1/" },
    ),
    rule(
      "web-knows-the-schema-only",
      "The web UI and the API meet in schema.graphql, as any other client does.",
      { path: "^(api|web)/" },
      { path: "^(api|web)/(src|arm-emulator)/", pathNot: "^$1/" },
    ),
    rule(
      "web-features-apart",
      "A page composes features; a feature that needs another's part wants it in ui/ or graphql/.",
      { path: "^web/src/features/([^/]+)/" },
      { path: "^web/src/features/", pathNot: "^web/src/features/$1/" },
    ),
    rule(
      "web-one-direction",
      "app → features → graphql, ui, lib, config: never back.",
      { path: "^web/src/(features|graphql|ui|lib|config)/", pathNot: TEST_FILES },
      { path: "^web/src/app/" },
    ),
    rule(
      "web-foundations-know-no-feature",
      "What every feature stands on can't stand on one of them.",
      { path: "^web/src/(graphql|ui|lib|config)/", pathNot: TEST_FILES },
      { path: "^web/src/features/" },
    ),
    rule(
      "web-ui-has-no-data",
      "ui/ shows what it is given; that makes it testable and usable on every page.",
      { path: "^web/src/(ui|lib|config)/", pathNot: TEST_FILES },
      { path: `^web/src/graphql/|${npm("(urql|@urql|graphql-ws|gql\\.tada)/")}` },
    ),
    rule(
      "e2e-is-a-black-box",
      "End-to-end tests use what a user and an operator have: the commands, the page, the API's address.",
      { path: "^e2e/" },
      { path: "^(api|web)/(src|arm-emulator)/" },
    ),
    rule("tests-not-shipped", "Test code in the product is untested code that runs.", SHIPPED, { path: TEST_FILES }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.d\\.ts$|(^|/)(\\.next|test-results|playwright-report)/" },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".cjs", ".json", ".css"],
    },
  },
};

import { lexicographicSortSchema } from "graphql";
import "./activity/activity.schema.ts";
import "./auth/viewer.schema.ts";
import "./clusters/azure-catalogue.schema.ts";
import "./clusters/cluster-look.schema.ts";
import "./clusters/cluster.schema.ts";
import "./clusters/operations/change-cluster.schema.ts";
import "./clusters/operations/operation.schema.ts";
import "./clusters/preflight/preflight.schema.ts";
import "./clusters/provisioning/provision-actions.schema.ts";
import "./clusters/provisioning/provision-progress.schema.ts";
import "./clusters/provisioning/provision.schema.ts";
import "./clusters/provisioning/start-provision.schema.ts";
import "./registry/builds/build-feed.schema.ts";
import "./registry/builds/build-history.schema.ts";
import "./registry/builds/build.schema.ts";
import "./registry/builds/start-builds.schema.ts";
import "./registry/registry.schema.ts";
import "./system/system-health.schema.ts";
import { builder } from "./graphql/builder.ts";
import { withCapturableSources } from "./graphql/live-groups/captured-source.ts";

/** The executable schema. Defines nothing itself: the imports above add their types to the builder. */
export const schema = withCapturableSources(lexicographicSortSchema(builder.toSchema()));

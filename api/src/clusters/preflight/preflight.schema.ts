import { builder } from "../../graphql/builder.ts";
import { RemedyType } from "../../graphql/remedy-type.ts";
import { StartProvisionInput, toProvisionRequest } from "../provisioning/start-provision.schema.ts";
import type { Check, CheckStatus } from "./check.ts";
import type { PreflightFindings } from "./preflight.ts";
import type { MaxNodeCount } from "./quota-rules.ts";

const CheckStatusEnum = builder.enumType("CheckStatus", {
  description: "What a check has come to.",
  values: {
    PASS: { description: "Nothing stands in the way." },
    WARN: { description: "It may go well, or only later; the message says what to look at." },
    FAIL: { description: "The create can't succeed as it is." },
    UNKNOWN: { description: "It could not be found out, in time or at all; that is no verdict." },
  } as const satisfies Record<CheckStatus, object>,
});

const CheckType = builder.objectRef<Check>("PreflightCheck").implement({
  description: "One thing that was looked at before a create.",
  fields: (t) => ({
    name: t.exposeString("name", {
      description:
        "Stable name: names (forms of names, pools, tags), location (with the subscription), vm_sizes, quota (of families and of the location), system_pool (whether its nodes are enough for the cluster's own services), kubernetes_version, resource_group, cluster (whether the name is free), providers (registered), permissions (to create); with a registry also registry (whether it answers) and role_assignments (right to grant AcrPull).",
    }),
    status: t.field({ type: CheckStatusEnum, description: "What it came to.", resolve: (check) => check.status }),
    message: t.exposeString("message", { description: "Why, with the names and numbers that decide." }),
    endsByItself: t.boolean({
      description:
        "What stands in the way goes away by itself, as a group that is being deleted does: the create waits for it. Only with WARN.",
      resolve: (check) => check.endsByItself ?? false,
    }),
    remedies: t.field({
      type: [RemedyType],
      description: "What can be done about it.",
      resolve: (check) => [...check.remedies],
    }),
  }),
});

const MaxNodeCountType = builder.objectRef<MaxNodeCount>("MaxNodeCount").implement({
  description: "The most nodes of a pool that the quota has room for.",
  fields: (t) => ({
    poolName: t.exposeString("poolName", { description: "Name of the pool in the input." }),
    count: t.exposeInt("count", { description: "Largest count that fits; 0 when not one node does." }),
  }),
});

const PreflightType = builder.objectRef<PreflightFindings>("Preflight").implement({
  description: "What stands in the way of a create, as far as can be known before it.",
  fields: (t) => ({
    ok: t.boolean({
      description: "False when a check has status FAIL, among those that are known.",
      resolve: ({ checks }) => checks.every(({ status }) => status !== "FAIL"),
    }),
    checks: t.field({
      type: [CheckType],
      description: "One for everything that has been looked at, in a fixed order.",
      resolve: ({ checks }) => [...checks],
    }),
    pending: t.stringList({
      description:
        "Names of the checks that have not come to anything yet. Empty in the query's answer and in the subscription's last message.",
      resolve: ({ pending }) => [...pending],
    }),
    maxNodeCounts: t.field({
      type: [MaxNodeCountType],
      description:
        "When the quota check fails: the pools that ask for too much, with counts that fit together. Empty otherwise.",
      resolve: ({ maxNodeCounts }) => [...maxNodeCounts],
    }),
  }),
});

builder.queryField("preflight", (t) =>
  t.field({
    type: PreflightType,
    description:
      "Looks at what stands in the way of startProvision with this input, without starting anything. Checks run side by side and take at most 5 seconds each; values that are wrong or not whole yet are checks with status FAIL.",
    args: { input: t.arg({ type: StartProvisionInput, required: true, description: "The cluster to create." }) },
    resolve: (_root, { input }, ctx) => ctx.services.preflight.run(ctx.viewer, toProvisionRequest(input)),
  }),
);

builder.subscriptionField("preflightChecks", (t) =>
  t.field({
    type: PreflightType,
    description:
      "The preflight query's answer as it comes: all that is known so far, each time a check has come to something. Completes after the message without pending checks, within about 5 seconds.",
    args: { input: t.arg({ type: StartProvisionInput, required: true, description: "The cluster to create." }) },
    subscribe: async (_root, { input }, ctx) => ctx.services.preflight.watch(ctx.viewer, toProvisionRequest(input)),
    resolve: (findings: PreflightFindings) => findings,
  }),
);

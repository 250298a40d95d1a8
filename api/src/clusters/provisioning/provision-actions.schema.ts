import { builder } from "../../graphql/builder.ts";
import {
  ErrorInterface,
  ForbiddenErrorType,
  ServiceUnavailableErrorType,
  toErrorShape,
  type ErrorShape,
} from "../../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../../graphql/global-id.ts";
import { provisionTarget } from "../activity-targets.schema.ts";
import { ProvisionNotFoundErrorType } from "./provision-errors.schema.ts";
import {
  CannotCancelProvisionError,
  CannotDismissProvisionError,
  CannotRetryProvisionError,
  NothingToGrantError,
  ProvisionNotFoundError,
} from "./provision.errors.ts";
import { ProvisionType } from "./provision.schema.ts";
import type { Provision } from "./provision.ts";
import { START_REFUSALS, toStartRefusal } from "./start-provision.schema.ts";

interface ProvisionChanged {
  readonly provision: Provision;
}

function successType(name: string, description: string) {
  return builder.objectRef<ProvisionChanged>(name).implement({
    description,
    isTypeOf: (value) => "provision" in (value as object),
    fields: (t) => ({
      provision: t.field({
        type: ProvisionType,
        description: "The provision as it is now.",
        resolve: ({ provision }) => provision,
      }),
    }),
  });
}

const CannotCancelProvisionErrorType = builder
  .objectRef<ErrorShape<CannotCancelProvisionError>>("CannotCancelProvisionError")
  .implement({
    description: "The provision has ended already. Nothing was changed.",
    interfaces: [ErrorInterface],
    isTypeOf: (value) => (value as ErrorShape).error instanceof CannotCancelProvisionError,
    fields: (t) => ({
      provision: t.field({
        type: ProvisionType,
        description: "How it has ended.",
        resolve: ({ error }) => error.provision,
      }),
    }),
  });

const CannotDismissProvisionErrorType = builder.objectRef<ErrorShape>("CannotDismissProvisionError").implement({
  description: "The provision is under way, or has succeeded. Nothing was changed.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof CannotDismissProvisionError,
});

const CannotRetryProvisionErrorType = builder.objectRef<ErrorShape>("CannotRetryProvisionError").implement({
  description: "The provision is under way, or has succeeded. Nothing was changed.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof CannotRetryProvisionError,
});

const NothingToGrantErrorType = builder.objectRef<ErrorShape>("NothingToGrantError").implement({
  description: "Every role is granted, or there is no cluster to grant one to. Nothing was changed.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof NothingToGrantError,
});

const COMMON_ERRORS = [ProvisionNotFoundErrorType, ForbiddenErrorType, ServiceUnavailableErrorType] as const;

const CancelProvisionResult = builder.unionType("CancelProvisionResult", {
  description: "What came of cancelProvision.",
  types: [
    successType("CancelProvisionSuccess", "The provision is being ended; CANCELED follows when Azure has stopped."),
    CannotCancelProvisionErrorType,
    ...COMMON_ERRORS,
  ],
});

const DismissProvisionResult = builder.unionType("DismissProvisionResult", {
  description: "What came of dismissProvision.",
  types: [
    successType("DismissProvisionSuccess", "The provision asks for nobody's attention any more."),
    CannotDismissProvisionErrorType,
    ...COMMON_ERRORS,
  ],
});

const RetryProvisionResult = builder.unionType("RetryProvisionResult", {
  description: "What came of retryProvision.",
  types: [
    successType("RetryProvisionSuccess", "Another provision has started, which is the one given."),
    CannotRetryProvisionErrorType,
    ProvisionNotFoundErrorType,
    ...START_REFUSALS,
  ],
});

const GrantRolesResult = builder.unionType("GrantRolesResult", {
  description: "What came of grantRoles.",
  types: [
    successType("GrantRolesSuccess", "The roles are being granted; the provision SUCCEEDS when they are in place."),
    NothingToGrantErrorType,
    ...COMMON_ERRORS,
  ],
});

builder.mutationFields((t) => ({
  cancelProvision: t.field({
    type: CancelProvisionResult,
    description:
      "Ends a provision that is under way. It becomes CANCELING at once and CANCELED when Azure has stopped; what Azure has made by then stays, and is named in leftovers.",
    args: { provisionId: t.arg.id({ required: true, description: "Id of the provision." }) },
    activity: { action: "CANCEL_PROVISION", target: ({ provisionId }, ctx) => provisionTarget(provisionId, ctx) },
    resolve: (_root, { provisionId }, { services, viewer }) =>
      toResult(services.provisions.cancel(viewer, tryDecodeId("Provision", provisionId) ?? "")),
  }),
  dismissProvision: t.field({
    type: DismissProvisionResult,
    description: "Takes a failed or canceled provision off everybody's dashboard. It stays in the history.",
    args: { provisionId: t.arg.id({ required: true, description: "Id of the provision." }) },
    activity: { action: "DISMISS_PROVISION", target: ({ provisionId }, ctx) => provisionTarget(provisionId, ctx) },
    resolve: (_root, { provisionId }, { services, viewer }) =>
      toResult(services.provisions.dismiss(viewer, tryDecodeId("Provision", provisionId) ?? "")),
  }),
  retryProvision: t.field({
    type: RetryProvisionResult,
    description:
      "Starts another provision with everything that a failed or canceled one asked for, under the guards of startProvision. A cluster that is left stands in the way until it is cleaned up.",
    args: { provisionId: t.arg.id({ required: true, description: "Id of the provision." }) },
    activity: {
      action: "RETRY_PROVISION",
      target: ({ provisionId }, ctx) => provisionTarget(provisionId, ctx),
      started: ({ provision }: ProvisionChanged) => [encodeId("Provision", provision.id)],
    },
    resolve: (_root, { provisionId }, { services, viewer }) =>
      toResult(services.provisions.retry(viewer, tryDecodeId("Provision", provisionId) ?? "")),
  }),
  grantRoles: t.field({
    type: GrantRolesResult,
    description: "Grants again, and nothing else, the roles that could not be granted to a cluster that was created.",
    args: { provisionId: t.arg.id({ required: true, description: "Id of the provision." }) },
    activity: { action: "GRANT_ROLES", target: ({ provisionId }, ctx) => provisionTarget(provisionId, ctx) },
    resolve: (_root, { provisionId }, { services, viewer }) =>
      toResult(services.provisions.grantRoles(viewer, tryDecodeId("Provision", provisionId) ?? "")),
  }),
}));

async function toResult(changed: Promise<Provision>): Promise<ProvisionChanged | ErrorShape> {
  try {
    return { provision: await changed };
  } catch (error) {
    const shape = toErrorResult(error);
    if (!shape) throw error;
    return shape;
  }
}

function toErrorResult(error: unknown): ErrorShape | undefined {
  if (error instanceof ProvisionNotFoundError) return toErrorShape(error, "NOT_FOUND");
  if (error instanceof CannotCancelProvisionError) return toErrorShape(error, "CANNOT_CANCEL");
  if (error instanceof CannotDismissProvisionError) return toErrorShape(error, "CANNOT_DISMISS");
  if (error instanceof CannotRetryProvisionError) return toErrorShape(error, "CANNOT_RETRY");
  if (error instanceof NothingToGrantError) return toErrorShape(error, "NOTHING_TO_GRANT");
  return toStartRefusal(error);
}

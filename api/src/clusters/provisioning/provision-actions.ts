import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { JobService } from "../../jobs/job-service.ts";
import type { JobRef } from "../../jobs/job.ts";
import type { ProvisionPublisher } from "./provision-publisher.ts";
import type { ProvisionStore } from "./provision-store.ts";
import { CannotCancelProvisionError, CannotDismissProvisionError, ProvisionNotFoundError } from "./provision.errors.ts";
import { isTerminalProvision, needsAttention, tryParseProvisionId, type Provision } from "./provision.ts";

/** What people do to a provision that exists. */
export interface ProvisionActions {
  /**
   * Asks for the provision's end: CANCELING is stored, together with the job's mark, when this resolves. A second request
   * changes nothing.
   * @throws ForbiddenError, ProvisionNotFoundError, CannotCancelProvisionError (it has ended), StoreUnavailableError
   */
  cancel(viewer: Viewer, id: string): Promise<Provision>;
  /**
   * Takes an attempt that did not succeed off everybody's dashboard. A second request changes nothing.
   * @throws ForbiddenError, ProvisionNotFoundError, CannotDismissProvisionError, StoreUnavailableError
   */
  dismiss(viewer: Viewer, id: string): Promise<Provision>;
}

export function createProvisionActions(deps: {
  readonly store: ProvisionStore;
  readonly publisher: ProvisionPublisher;
  readonly jobs: JobService;
}): ProvisionActions {
  const { store, publisher } = deps;

  async function find(id: string): Promise<Provision> {
    const stored = await store.read(id);
    if (!stored) throw new ProvisionNotFoundError();
    return stored.provision;
  }

  return {
    async cancel(viewer, id) {
      requirePermission(viewer, "clusters:write");
      const provision = await find(id);
      if (provision.status === "CANCELING") return provision;
      if (isTerminalProvision(provision.status)) throw new CannotCancelProvisionError(provision);
      await deps.jobs.requestCancel(
        jobRefOf(id),
        publisher.publish(id, (before) => {
          if (isTerminalProvision(before.status)) throw new CannotCancelProvisionError(before);
          return {
            status: "CANCELING",
            canceledBy: viewer.name,
            message: "Canceling",
            notes: before.status === "CANCELING" ? [] : [`Cancel asked for by ${viewer.name}`],
          };
        }),
      );
      const after = await find(id);
      // The job has ended meanwhile, which nothing but the provision's own end explains.
      if (after.canceledBy === undefined) throw new CannotCancelProvisionError(after);
      return after;
    },
    async dismiss(viewer, id) {
      requirePermission(viewer, "clusters:write");
      return publisher.amend(id, (provision) => {
        if (provision.dismissedAt !== undefined) return undefined;
        if (!isTerminalProvision(provision.status) || provision.status === "SUCCEEDED")
          throw new CannotDismissProvisionError(provision);
        const note = needsAttention(provision) ? [`Dismissed by ${viewer.name}`] : [];
        return { dismissedBy: viewer.name, notes: note };
      });
    },
  };
}

/** The job that drives a provision has its attempt's name. @throws when `id` is no provision id */
export function jobRefOf(id: string): JobRef {
  const key = tryParseProvisionId(id);
  if (!key) throw new ProvisionNotFoundError();
  return { partitionKey: key.partitionKey, jobId: key.attempt };
}

import { v7 as uuidV7 } from "uuid";
import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { JobService } from "../../jobs/job-service.ts";
import { EntityChangedError } from "../../storage/entity-store.ts";
import { grantRolesJob } from "./grant-roles-job.ts";
import type { ProvisionPublisher } from "./provision-publisher.ts";
import type { ProvisionStore } from "./provision-store.ts";
import {
  CannotCancelProvisionError,
  CannotDismissProvisionError,
  NothingToGrantError,
  ProvisionNotFoundError,
} from "./provision.errors.ts";
import { isTerminalProvision, jobRefOf, needsAttention, type Provision } from "./provision.ts";

const MOST_MERGES = 10;

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
  /**
   * Grants again, by a job of its own, the roles that Azure had refused; the provision SUCCEEDS when they are in place. A
   * second request while that is under way changes nothing.
   * @throws ForbiddenError, ProvisionNotFoundError, NothingToGrantError, StoreUnavailableError
   */
  grantRoles(viewer: Viewer, id: string): Promise<Provision>;
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

  async function startGranting(viewer: Viewer, id: string): Promise<void> {
    let isUnderWay = false;
    const { changes, stored } = await publisher.publish(id, (before) => {
      isUnderWay = before.grantingBy !== undefined;
      return {
        grantingBy: viewer.name,
        message: "Granting the roles again",
        notes: [`${viewer.name} asked for the roles again`],
      };
    })();
    if (isUnderWay) return;
    await deps.jobs.start({
      definition: grantRolesJob,
      ref: { partitionKey: jobRefOf(id).partitionKey, jobId: `grant-${uuidV7()}` },
      input: { provisionId: id },
      checkpoint: {},
      changes,
    });
    stored?.();
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
    async grantRoles(viewer, id) {
      requirePermission(viewer, "clusters:write");
      for (let merge = 0; ; merge++) {
        const provision = await find(id);
        if (provision.grantingBy !== undefined) return provision;
        if (!lacksRoles(provision)) throw new NothingToGrantError(provision);
        try {
          await startGranting(viewer, id);
        } catch (error) {
          // It was amended meanwhile, perhaps by somebody who asked for the same.
          if (!(error instanceof EntityChangedError) || merge >= MOST_MERGES) throw error;
          continue;
        }
        return find(id);
      }
    },
  };
}

function lacksRoles({ status, failure }: Provision): boolean {
  return status === "FAILED" && failure?.category === "PERMISSIONS_INCOMPLETE";
}

import type { ChangeHints } from "../../events/change-hints.ts";
import type { JobChanges } from "../../jobs/define-job.ts";
import type { AzureTime } from "../../shared/azure-time.ts";
import type { Clock } from "../../shared/clock.ts";
import { EntityChangedError, type EntityChange } from "../../storage/entity-store.ts";
import { applyFindings, type ProvisionFindings } from "./provision-change.ts";
import type { ProvisionStore, StoredProvision } from "./provision-store.ts";
import { keepTimes } from "./provision-times.ts";
import { ProvisionNotFoundError } from "./provision.errors.ts";
import { isTerminalProvision, needsAttention, type Provision } from "./provision.ts";
import type { UsualDurations } from "./usual-duration.ts";

const MOST_MERGES = 10;

export const PROVISIONS_TOPIC = "provisions";

export function provisionTopic(id: string): string {
  return `provision:${id}`;
}

export function timelineTopic(id: string): string {
  return `timeline:${id}`;
}

/**
 * One publish writes the durable record and then the live channel. The record is written by the job's transaction, so a
 * publish can't be half done; a hint that gets lost is logged and counted by the hints, and readers make it good.
 */
export interface ProvisionPublisher {
  /** For `JobMove.changes`: what one look has found out, computed afresh on the newest record each time it is called. */
  publish(
    id: string,
    findings: ProvisionFindings | ((before: Provision) => ProvisionFindings),
  ): () => Promise<JobChanges>;
  /**
   * A change that no job makes. `decide` is called again on a newer record when somebody else changed it; without findings
   * nothing is written. Resolves to the record as it is then.
   * @throws ProvisionNotFoundError, and what `decide` throws
   */
  amend(id: string, decide: (before: Provision) => ProvisionFindings | undefined): Promise<Provision>;
  /** Tells the live channel of a record that was stored by other means. */
  announce(provision: Provision): void;
}

export function createProvisionPublisher(deps: {
  readonly store: ProvisionStore;
  readonly hints: ChangeHints;
  readonly usualDurations: UsualDurations;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
  /** Told when an ended provision could not be taken out of the index of live ones, where readers skip it, or not be remembered. */
  readonly onError: (error: unknown) => void;
}): ProvisionPublisher {
  const announce = (provision: Provision): void => {
    const hint = { sequence: provision.sequence, state: provision };
    deps.hints.publish(provisionTopic(provision.id), hint);
    deps.hints.publish(timelineTopic(provision.id), { sequence: provision.timelineSequence });
    deps.hints.publish(PROVISIONS_TOPIC, hint);
    if (!isTerminalProvision(provision.status)) return;
    deps.store.retire(provision.id).catch(deps.onError);
    if (!needsAttention(provision)) deps.store.settle(provision).catch(deps.onError);
  };
  async function rememberEnd(before: Provision, after: Provision): Promise<void> {
    if (!isTerminalProvision(after.status) || after.status === before.status) return;
    // What the next ones are measured by is worth less than this one's end.
    await deps.usualDurations.remember(after, { isAmended: isTerminalProvision(before.status) }).catch(deps.onError);
  }

  async function change(
    before: StoredProvision,
    findings: ProvisionFindings,
  ): Promise<{ readonly provision: Provision; readonly changes: readonly EntityChange[] }> {
    const { provision: changed, entries } = applyFindings(before.provision, findings, deps.clock.now());
    const provision = keepTimes(before.provision, changed, deps.azureTime);
    await rememberEnd(before.provision, provision);
    return { provision, changes: deps.store.replacement(before, provision, entries) };
  }

  return {
    announce,
    publish: (id, findings) => async () => {
      const before = await deps.store.read(id);
      if (!before) throw new Error(`The provision '${id}' is gone from the store although its job runs.`);
      const found = typeof findings === "function" ? findings(before.provision) : findings;
      const { provision, changes } = await change(before, found);
      return { changes, stored: () => announce(provision) };
    },
    async amend(id, decide) {
      for (let merge = 0; ; merge++) {
        const before = await deps.store.read(id);
        if (!before) throw new ProvisionNotFoundError();
        const findings = decide(before.provision);
        if (!findings) return before.provision;
        const { provision, changes } = await change(before, findings);
        try {
          await deps.store.apply(id, changes);
        } catch (error) {
          // Also our own write whose acknowledgement got lost: `decide` sees then that it is done.
          if (!(error instanceof EntityChangedError) || merge >= MOST_MERGES) throw error;
          continue;
        }
        announce(provision);
        return provision;
      }
    },
  };
}

import type { IdempotencyKeys } from "../src/clusters/provisioning/idempotency-keys.ts";
import type { ActiveJobIndex } from "../src/jobs/active-job-index.ts";
import type { JobStore } from "../src/jobs/job-store.ts";
import type { Clock } from "../src/shared/clock.ts";
import type { EntityStore } from "../src/storage/entity-store.ts";
import type { MessageQueue } from "../src/storage/message-queue.ts";
import type { AzurePorts } from "./azure-ports.ts";
import type { FaultProfile } from "./fault-profile.ts";
import type { World } from "./world.ts";

/**
 * One protection switched off, from outside: the production code is built with an altered part. Each part that is left out
 * is as it should be.
 */
export interface Mutation {
  readonly name: string;
  readonly store?: (store: EntityStore, world: World) => EntityStore;
  readonly messages?: (queue: MessageQueue, world: World) => MessageQueue;
  readonly jobStore?: (store: JobStore) => JobStore;
  readonly active?: (index: ActiveJobIndex) => ActiveJobIndex;
  readonly azure?: (ports: AzurePorts, world: World) => AzurePorts;
  readonly idempotencyKeys?: (keys: IdempotencyKeys) => IdempotencyKeys;
  readonly clock?: (clock: Clock) => Clock;
  /** Has the faults that this protection is for in every run. */
  readonly profile?: (profile: FaultProfile) => FaultProfile;
}

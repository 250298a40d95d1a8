import packageJson from "../package.json" with { type: "json" };
import { createAzureCredential } from "./azure/credential.ts";
import type { Config } from "./config/config.ts";
import type { ChangeHints } from "./events/change-hints.ts";
import { createDemand, type Demand } from "./events/demand.ts";
import { createInProcessChangeHints } from "./events/in-process-change-hints.ts";
import { createRedisChangeHints } from "./events/redis-change-hints.ts";
import { createSharedDemand } from "./events/shared-demand.ts";
import { createInProcessJobQueue } from "./jobs/in-process-job-queue.ts";
import type { JobQueue } from "./jobs/job-queue.ts";
import { createMessageJobQueue, type MessageNudges } from "./jobs/message-job-queue.ts";
import type { ReadinessCheck } from "./observability/health.ts";
import type { Logger } from "./observability/logger.ts";
import {
  createListingRequests,
  createSharedListingRequests,
  type ListingRequests,
} from "./registry/listing-requests.ts";
import type { Clock } from "./shared/clock.ts";
import type { EntityStore } from "./storage/entity-store.ts";
import { openMessageQueue } from "./storage/open-entity-store.ts";

/** Readers look at the store this often for what no hint has told them: seldom while hints of other processes come through. */
const POLL_MS = 500;
/** Hints within one process get lost with the process alone; what remains is one whose listener failed. */
const POLL_ALONE_MS = 5_000;
const POLL_BESIDE_REDIS_MS = 2_000;
const QUEUE_NAME = "slipway-jobs";
const NUDGE_TOPIC = "jobs";

/** What differs between one process that has everything to itself and many that share a storage account. */
export interface Deployment {
  /** Nobody else can open the store. */
  readonly isAlone: boolean;
  readonly runsJobs: boolean;
  readonly answersPeople: boolean;
  readonly hints: ChangeHints;
  /** Real milliseconds between two reads that make up for lost hints, as of now. */
  pollMs(): number;
  readonly demand: Demand;
  readonly queue: JobQueue;
  /** Messages outlive the process that sent them. */
  readonly isQueueDurable: boolean;
  readonly listingRequests: ListingRequests;
  readonly checks: readonly ReadinessCheck[];
  /** Begins to connect to what only makes things faster. */
  start(): void;
  stop(): void;
}

/** Chooses by the settings; a part of `createApp` on its own page. */
export function joinDeployment(deps: {
  readonly config: Config;
  readonly store: EntityStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes the place of the hints that the settings name. */
  readonly hints: ChangeHints | undefined;
  readonly onPublishFailure: () => void;
}): Deployment {
  const { config, store, clock, log } = deps;
  const isAlone = config.store.kind === "embedded";
  const onHintError = (error: unknown, topic: string): void => {
    deps.onPublishFailure();
    log.error({ topic, err: error }, "a change could not be published; readers fetch it from the store");
  };
  const redis =
    config.redisUrl === undefined || isAlone
      ? undefined
      : createRedisChangeHints({
          url: config.redisUrl,
          version: packageJson.version,
          onError: onHintError,
          onConnectionLost: (error) =>
            log.warn({ err: error }, "Redis can't be reached; changes of other processes are read from the store"),
        });
  const hints = deps.hints ?? redis ?? createInProcessChangeHints({ onError: onHintError });
  const onJobError = (error: unknown, { jobId }: { readonly jobId: string }): void =>
    log.error({ "job.id": jobId, err: error }, "a job could not be looked at; it comes again");

  const messages = openMessageQueue({
    settings: config.store,
    name: QUEUE_NAME,
    createCredential: createAzureCredential,
  });
  const sharedDemand = isAlone
    ? undefined
    : createSharedDemand({
        table: store.table("demand"),
        clock,
        onError: (error) =>
          log.warn({ err: error }, "other processes can't be told what is looked at; it is tried again"),
      });
  return {
    isAlone,
    runsJobs: config.role !== "api",
    answersPeople: config.role !== "worker",
    hints,
    pollMs: () => (isAlone ? POLL_ALONE_MS : redis?.isConnected() ? POLL_BESIDE_REDIS_MS : POLL_MS),
    demand: sharedDemand ?? createDemand(clock),
    queue: messages
      ? createMessageJobQueue({
          messages,
          clock,
          ...(redis && { nudges: nudgesOver(redis) }),
          onError: onJobError,
          onQueueError: (error) =>
            log.warn({ err: error }, "the queue of jobs can't be used; what it misses is asked for again"),
        })
      : createInProcessJobQueue({ clock, onError: onJobError }),
    isQueueDurable: messages !== undefined,
    listingRequests: isAlone
      ? createListingRequests()
      : createSharedListingRequests(store.table("listingrequests"), clock.now),
    checks: [
      { name: "store", run: () => store.ping() },
      ...(messages ? [{ name: "queue", run: () => messages.ping() }] : []),
    ],
    start: () => redis?.start(),
    stop() {
      sharedDemand?.stop();
      redis?.stop();
    },
  };
}

function nudgesOver(hints: ChangeHints): MessageNudges {
  return {
    nudge: () => hints.publish(NUDGE_TOPIC, { sequence: 0 }),
    onNudge: (listener) => hints.subscribe(NUDGE_TOPIC, listener),
  };
}

import { CALLER, flatError, wrappedError } from "./arm-errors.ts";
import type { ArmRequest, Route } from "./provider.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/**
 * A limit of a resource provider: `burst` requests at once, `refillPerSecond` more with each virtual second.
 */
export type RateLimit = {
  /** Requests with the same key share a bucket. */
  key(request: ArmRequest): string;
  readonly burst: number;
  readonly refillPerSecond: number;
  /** The AKS provider's name of its handler, e.g. `PutManagedClusterHandler.PUT`, for its message. */
  readonly handler: string;
};

/**
 * ARM's buckets per subscription and kind of request, and the providers' own.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 *
 * State story: a bucket is made full at its first request, loses one token with each, and refills with
 * virtual time; a request that finds none is refused and takes none. Buckets live in memory: a restart
 * of the emulator fills them.
 */
export type Throttle = {
  /**
   * Takes a token from every bucket concerned.
   * @returns the headers that tell what is left
   * @throws ArmError 429 with Retry-After in the client's real seconds
   */
  take(request: ArmRequest, route: Route, subscriptionId: string | undefined): Record<string, string>;
  /** Fills all buckets. */
  reset(): void;
};

const ARM_LIMITS = {
  reads: { burst: 250, refillPerSecond: 25, verb: "read" },
  writes: { burst: 200, refillPerSecond: 10, verb: "write" },
  deletes: { burst: 200, refillPerSecond: 10, verb: "delete" },
} as const;

/** Over all principals ARM allows this many times as much. */
const GLOBAL_FACTOR = 15;

type Bucket = { tokens: number; atMs: number };

export function createThrottle(clock: VirtualClock): Throttle {
  const buckets = new Map<string, Bucket>();

  function refill(key: string, burst: number, refillPerSecond: number): Bucket {
    const nowMs = clock.now();
    const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * refillPerSecond);
    bucket.atMs = nowMs;
    buckets.set(key, bucket);
    return bucket;
  }

  /** Real seconds until one token is there, as Retry-After wants it. */
  function waitSeconds(bucket: Bucket, refillPerSecond: number): number {
    const missingMs = ((1 - bucket.tokens) / refillPerSecond) * 1000;
    return Math.max(1, Math.ceil(clock.toRealSeconds(missingMs)));
  }

  function takeArm(request: ArmRequest, subscriptionId: string): Record<string, string> {
    const kind =
      request.method === "GET" || request.method === "HEAD"
        ? "reads"
        : request.method === "DELETE"
          ? "deletes"
          : "writes";
    const { burst, refillPerSecond, verb } = ARM_LIMITS[kind];
    const bucket = refill(`${subscriptionId.toLowerCase()}/${kind}`, burst, refillPerSecond);
    const header = `x-ms-ratelimit-remaining-subscription-${kind}`;
    if (bucket.tokens < 1) {
      const seconds = waitSeconds(bucket, refillPerSecond);
      throw wrappedError(
        429,
        "SubscriptionRequestsThrottled",
        `Number of '${verb}' requests for subscription '${subscriptionId}' actor '${CALLER.objectId}' exceeded. Please try again after '${seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
        { headers: { "retry-after": String(seconds), [header]: "0" } },
      );
    }
    bucket.tokens -= 1;
    const left = Math.floor(bucket.tokens);
    const globalLeft = burst * GLOBAL_FACTOR - (burst - left);
    return { [header]: String(left), [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(globalLeft) };
  }

  function takeProvider(request: ArmRequest, limit: RateLimit, subscriptionId: string | undefined): void {
    const bucket = refill(`${limit.handler}/${limit.key(request)}`.toLowerCase(), limit.burst, limit.refillPerSecond);
    if (bucket.tokens < 1) {
      const seconds = waitSeconds(bucket, limit.refillPerSecond);
      throw flatError(
        429,
        "Throttled",
        `The ${limit.handler} request limit has been exceeded for SubID='${subscriptionId}', please retry again in ${seconds} seconds. For more information, please visit aka.ms/aks/throttling`,
        { headers: { "retry-after": String(seconds) } },
      );
    }
    bucket.tokens -= 1;
  }

  return {
    take(request, route, subscriptionId) {
      const headers = subscriptionId === undefined ? {} : takeArm(request, subscriptionId);
      for (const limit of route.limits ?? []) takeProvider(request, limit, subscriptionId);
      return headers;
    },
    reset: () => buckets.clear(),
  };
}

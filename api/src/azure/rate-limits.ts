/** What Azure says is left of a limit. Sizes and names differ between subscriptions and services. */
export interface RateLimit {
  /** Undefined for limits of a tenant. */
  readonly subscriptionId: string | undefined;
  /** Azure's name: `subscription-global-reads`, `subscription-writes`, `Microsoft.Compute/HighCostGet3Min`. */
  readonly bucket: string;
  readonly remaining: number;
  /** Milliseconds since the Unix epoch. */
  readonly seenAtMs: number;
}

export interface RateLimits {
  /** The last word on each limit, the tightest first. */
  current(): readonly RateLimit[];
  observe(url: string, headers: ReadonlyMap<string, string>): void;
}

const PREFIX = "x-ms-ratelimit-remaining-";

/**
 * State: the newest value per subscription and bucket, as many as Azure has names for.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling#remaining-requests
 */
export function createRateLimits(now: () => number): RateLimits {
  const limits = new Map<string, RateLimit>();

  const set = (subscriptionId: string | undefined, bucket: string, value: string): void => {
    const remaining = Number(value);
    if (value.trim() === "" || !Number.isFinite(remaining)) return;
    limits.set(`${subscriptionId ?? ""}/${bucket}`, { subscriptionId, bucket, remaining, seenAtMs: now() });
  };

  return {
    current: () => [...limits.values()].sort((a, b) => a.remaining - b.remaining),
    observe(url, headers) {
      const subscriptionId = /\/subscriptions\/([^/?]+)/i.exec(url)?.[1]?.toLowerCase();
      for (const [header, value] of headers) {
        const name = header.toLowerCase();
        if (!name.startsWith(PREFIX)) continue;
        if (name !== `${PREFIX}resource`) {
          const bucket = name.slice(PREFIX.length);
          set(bucket.startsWith("tenant") ? undefined : subscriptionId, bucket, value);
          continue;
        }
        for (const part of value.split(",")) {
          const [bucket = "", remaining = ""] = part.split(";");
          if (bucket.trim()) set(subscriptionId, bucket.trim(), remaining);
        }
      }
    },
  };
}

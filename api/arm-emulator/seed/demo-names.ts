import { PLATFORM_SUBSCRIPTION, SANDBOX_SUBSCRIPTION } from "../emulated-subscriptions.ts";

/** What the `demo` world calls its things, for tests that look one of them up. */
export const DEMO = {
  subscriptionId: PLATFORM_SUBSCRIPTION.subscriptionId,
  sandboxSubscriptionId: SANDBOX_SUBSCRIPTION.subscriptionId,
  location: "westeurope",
  registry: { resourceGroup: "shared-weu", name: "demoacr" },
  /** Only in the `large` world: 5,000 repositories with four tags each. */
  largeRegistry: { resourceGroup: "shared-weu", name: "largeacr" },
  /** Builds that are in flight when the world begins; they take all cores. */
  runningBuilds: [
    { runId: "cf5", repository: "shop/api", tag: "3.2.0" },
    { runId: "cf6", repository: "platform/gateway", tag: "1.12.0" },
  ],
  /** Waits for an agent. */
  queuedBuild: { runId: "cf7", repository: "shop/search", tag: "0.9.0" },
  failedBuild: { runId: "cf3", repository: "data/trainer", tag: "0.4.0" },
  /** Running, Succeeded, two pools. */
  runningCluster: { resourceGroup: "shop-prod-weu", name: "shop-prod" },
  /** Stopped, Succeeded. */
  stoppedCluster: { resourceGroup: "shop-dev-weu", name: "shop-dev" },
  /** Failed: Azure had no machines for its GPU pool. */
  failedCluster: { resourceGroup: "data-lab-neu", name: "data-lab" },
  /** Some service principal of the tenant that has no role yet. */
  principalId: "9b0f6b0e-4f0a-4d55-9c63-5d2f5b7a1e44",
} as const;

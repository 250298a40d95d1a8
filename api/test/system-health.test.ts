import { describe, expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import packageJson from "../package.json" with { type: "json" };
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { clusterInput, startProvision } from "./provisions.ts";

const FACTS = `
  observedAt version startedAt
  store { kind problem }
  jobs { name state count oldestAt overdueSeconds failingCount }
  watchers { kind name isResting lookedAt problem }
  azureLimits { subscriptionId bucket remainingCount observedAt }
  azureRequests { operation requestCount throttledCount failedCount }
  connectionCount
  subscribers { field count }
`;
const QUERY = `{ systemHealth { ${FACTS} } }`;
const SUBSCRIPTION = `subscription { systemHealthUpdated { ${FACTS} } }`;

interface Health {
  readonly observedAt: string;
  readonly version: string;
  readonly startedAt: string;
  readonly store: { readonly kind: string; readonly problem: string | null };
  readonly jobs: readonly { readonly name: string; readonly state: string; readonly count: number }[] | null;
  readonly watchers:
    | readonly {
        readonly kind: string;
        readonly name: string;
        readonly isResting: boolean;
        readonly lookedAt: string | null;
        readonly problem: string | null;
      }[]
    | null;
  readonly azureLimits: readonly {
    readonly subscriptionId: string | null;
    readonly bucket: string;
    readonly remainingCount: number;
  }[];
  readonly azureRequests: readonly {
    readonly operation: string;
    readonly requestCount: number;
    readonly throttledCount: number;
  }[];
  readonly connectionCount: number;
  readonly subscribers: readonly { readonly field: string; readonly count: number }[];
}

const healthOf = async ({ api }: Slipway): Promise<Health> =>
  (await api.data<{ systemHealth: Health }>(QUERY)).systemHealth;

describe("an administrator", () => {
  test("is told version, store, jobs, what is left of Azure's limits, and who is connected", async ({ start }) => {
    const slipway = await start({ speed: 0 });
    await startProvision(slipway.api, clusterInput("health"));
    const live = slipway.api.subscribe<Health>(SUBSCRIPTION);
    await live.first();
    const health = await healthOf(slipway);
    expect(health).toMatchObject({
      version: packageJson.version,
      store: { kind: "EMBEDDED", problem: null },
      connectionCount: 1,
      subscribers: [{ field: "systemHealthUpdated", count: 1 }],
    });
    expect(Date.parse(health.startedAt)).toBeLessThanOrEqual(Date.parse(health.observedAt));
    expect(health.jobs).toContainEqual(expect.objectContaining({ name: "provision", state: "WAITING", count: 1 }));
    expect(health.azureLimits).toContainEqual(
      expect.objectContaining({ subscriptionId: DEMO.subscriptionId, bucket: "subscription-reads" }),
    );
    expect(health.azureRequests[0]?.requestCount).toBeGreaterThan(0);
  });

  test("sees which watchers look, when they last did, and what stands in the way", async ({ slipway }) => {
    const clusters = slipway.api.subscribe(operation("ClusterUpdated"));
    const live = slipway.client().subscribe<Health>(SUBSCRIPTION);
    const watcherOf = ({ watchers }: Health) =>
      watchers?.find(({ kind, name }) => kind === "CLUSTERS" && name === DEMO.subscriptionId);
    await live.until(
      "a watcher that has looked",
      (health) => watcherOf(health)?.lookedAt !== undefined && watcherOf(health)?.lookedAt !== null,
    );
    await slipway.azure.fault({ match: { method: "GET", path: "managedClusters" }, then: { status: 503, body: {} } });
    await live.until("its problem", (health) => watcherOf(health)?.problem?.includes("503") === true);
    await slipway.azure.clearFaults();
    const troubledAt = live.messages.at(-1)?.observedAt ?? "";
    await live.until(
      "no problem any more",
      (health) => health.observedAt > troubledAt && watcherOf(health)?.problem === null,
    );
    clusters.stop();
  });

  test("is sent it again every two seconds, by one look for all who watch", async ({ slipway }) => {
    const [one, other] = [slipway.api, slipway.client()].map((client) => client.subscribe<Health>(SUBSCRIPTION));
    const first = await one?.first();
    await one?.until("a newer one", ({ observedAt }) => observedAt > (first?.observedAt ?? ""));
    const newest = one?.messages.at(-1)?.observedAt;
    await other?.until("the same one", ({ observedAt }) => observedAt === newest);
  });
});

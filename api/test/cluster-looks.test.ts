import { expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import { test } from "./fixtures.ts";

interface Look {
  readonly subscriptionId: string;
  readonly lookedAt: string | null;
  readonly problem: string | null;
}

const LOOKS = "subscription { clusterLookUpdated { subscriptionId subscriptionName lookedAt problem } }";

test("tells which subscription's clusters can't be listed, while the others can, and that they can again", async ({
  slipway,
}) => {
  await slipway.azure.fault({
    match: { operation: "managedClusters.list", path: DEMO.sandboxSubscriptionId },
    then: { status: 403, body: { error: { code: "AuthorizationFailed", message: "It may not." } } },
  });
  const clusters = await slipway.api.data<{ clusters: readonly { name: string }[] }>("{ clusters { name } }", {});
  expect(clusters.clusters.length).toBeGreaterThan(0);
  const watch = slipway.api.subscribe<Look>(LOOKS);
  const troubled = await watch.until("trouble", (look) => look.problem !== null);
  expect(troubled).toMatchObject({
    subscriptionId: DEMO.sandboxSubscriptionId,
    lookedAt: null,
    problem: expect.stringContaining("the role Reader on the subscription"),
  });
  await slipway.azure.clearFaults();
  const mended = await watch.until(
    "its end",
    (look) => look.subscriptionId === DEMO.sandboxSubscriptionId && look.problem === null,
  );
  expect(mended.lookedAt).not.toBeNull();
  expect(watch.messages.filter((look) => look.subscriptionId === DEMO.subscriptionId && look.problem !== null)).toEqual(
    [],
  );
});

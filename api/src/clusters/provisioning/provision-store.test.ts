import { expect, test } from "vitest";
import { createSqliteEntityStore } from "../../storage/sqlite-entity-store.ts";
import { createProvisionStore } from "./provision-store.ts";
import { newProvision } from "./provision.fixture.ts";
import { formatProvisionId } from "./provision.ts";

/** One more than a page of the store has. */
const MANY = 1_001;

test("every live provision is listed, however many there are", async () => {
  const store = createSqliteEntityStore();
  const provisions = createProvisionStore(store, "work");

  for (let index = 0; index < MANY; index++) {
    const cluster = { subscriptionId: "s", resourceGroup: "rg", name: `cluster-${index}` };
    const provision = newProvision({
      id: formatProvisionId(cluster, "00000000-0000-7000-8000-000000000001"),
      cluster,
      status: "RUNNING",
    });
    await provisions.announce(provision);
    await provisions.apply(provision.id, provisions.insertion(provision, []));
  }
  expect(await provisions.listLive()).toHaveLength(MANY);

  await store.close();
});

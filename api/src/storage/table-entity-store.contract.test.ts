import { createSystemClock } from "../shared/clock.ts";
import { startAzurite } from "./azurite.fixture.ts";
import { describeEntityStore } from "./entity-store.contract.ts";
import type { EntityStore } from "./entity-store.ts";
import { createTableEntityStore } from "./table-entity-store.ts";

describeEntityStore("Azure Tables", async () => {
  const azurite = await startAzurite();
  const stores: EntityStore[] = [];
  const open = (): EntityStore => {
    const store = createTableEntityStore({ ...azurite, clock: createSystemClock(), random: Math.random });
    stores.push(store);
    return store;
  };
  return {
    store: open(),
    reopen: async () => open(),
    async cleanUp() {
      for (const store of stores) await store.close();
      await azurite.stop();
    },
  };
});

import { describeEntityStore } from "../src/storage/entity-store.contract.ts";
import { createMemoryEntityStore } from "./memory-tables.ts";

describeEntityStore("the simulator's tables", async () => {
  const store = createMemoryEntityStore();
  return { store, cleanUp: () => store.close() };
});

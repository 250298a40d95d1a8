import { expect, test } from "vitest";
import { createInProcessChangeHints } from "../../events/in-process-change-hints.ts";
import { createAzureTime } from "../../shared/azure-time.ts";
import { createManualClock } from "../../shared/clock.ts";
import { createSqliteEntityStore } from "../../storage/sqlite-entity-store.ts";
import { createDurationHistory } from "./duration-history.ts";
import type { ProvisionDeps } from "./provision-deps.ts";
import { createProvisionJob, FIRST_CHECKPOINT } from "./provision-job.ts";
import { createProvisionPublisher } from "./provision-publisher.ts";
import { createProvisionStore } from "./provision-store.ts";
import { newProvision } from "./provision.fixture.ts";
import { clusterPartition, formatProvisionId, jobRefOf } from "./provision.ts";
import { createUsualDurations } from "./usual-duration.ts";

const CLUSTER = { subscriptionId: "s", resourceGroup: "rg", name: "one" };
const ID = formatProvisionId(CLUSTER, "00000000-0000-7000-8000-000000000001");

test("a job that is given up ends its provision as CANCELED when somebody cancels it in the last moment", async () => {
  const entities = createSqliteEntityStore({});
  const store = createProvisionStore(entities, "work");
  const clock = createManualClock();
  const publisher = createProvisionPublisher({
    store,
    hints: createInProcessChangeHints({ onError: () => undefined }),
    usualDurations: createUsualDurations(createDurationHistory(entities)),
    clock,
    azureTime: createAzureTime(1),
    onError: () => undefined,
  });
  const job = createProvisionJob({
    store,
    publisher,
    clock,
    azureTime: createAzureTime(1),
  } as unknown as ProvisionDeps);
  const work = entities.table("work");
  await work.transact(clusterPartition(CLUSTER), store.insertion(newProvision({ id: ID, status: "RUNNING" }), []));
  const look = {
    ref: jobRefOf(ID),
    input: { provisionId: ID },
    checkpoint: FIRST_CHECKPOINT,
    cancelRequested: false,
    signal: new AbortController().signal,
  };
  const move = await job.giveUp(look, { kind: "poisoned" });
  await publisher.amend(ID, () => ({ status: "CANCELING" }));
  await store.apply(ID, (await move.changes?.())?.changes ?? []);
  expect((await store.read(ID))?.provision).toMatchObject({ status: "CANCELED", failure: { code: "JobPoisoned" } });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../src/app.ts";
import { provisionTopic } from "../src/clusters/provisioning/provision-publisher.ts";
import { createProvisionStore } from "../src/clusters/provisioning/provision-store.ts";
import { newProvision, nodePool } from "../src/clusters/provisioning/provision.fixture.ts";
import { formatProvisionId, type Provision } from "../src/clusters/provisioning/provision.ts";
import { parseConfig } from "../src/config/config.ts";
import { createInProcessChangeHints } from "../src/events/in-process-change-hints.ts";
import { encodeId } from "../src/graphql/global-id.ts";
import { createLogger } from "../src/observability/logger.ts";
import { createSystemClock } from "../src/shared/clock.ts";
import { createSqliteEntityStore } from "../src/storage/sqlite-entity-store.ts";

/**
 * A program for `pnpm bench fan-out [provisions] [updates a second]`: the whole API as it is shipped, with provisions in its store that
 * no job drives. In place of the looks at Azure, which cost more than what is measured, it hints new states of them itself, so
 * that everything from the hint to the socket is the product's. Tells its parent where it listens and what it shows.
 */
const PROVISIONS = Number(process.argv[2] ?? 1);
const UPDATES_PER_SECOND = Number(process.argv[3] ?? 4);
const NOWHERE = "http://127.0.0.1:9";

function toProvision(index: number): Provision {
  const cluster = {
    subscriptionId: "6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11",
    resourceGroup: "rg",
    name: `live-${index}`,
  };
  return newProvision({
    id: formatProvisionId(cluster, `00000000-0000-7000-8000-${String(index).padStart(12, "0")}`),
    cluster,
    status: "RUNNING",
    phase: "ARM_CREATE_OR_UPDATE",
    percent: 41.5,
    clusterState: "Creating",
    portalUrl: `https://portal.azure.com/#@/resource/subscriptions/${cluster.subscriptionId}/resourceGroups/rg/x`,
    nodePools: [
      nodePool("systempool", "Creating", { vmSize: "Standard_D4s_v3" }),
      nodePool("blastpool", "Creating", { mode: "USER", vmSize: "Standard_D4s_v3", count: 10 }),
      nodePool("gpupool", "Creating", { mode: "USER", vmSize: "Standard_D4s_v3", count: 2 }),
    ],
  });
}

const clock = createSystemClock();
const dataDir = await mkdtemp(join(tmpdir(), "slipway-fan-out-"));
const provisions = Array.from({ length: PROVISIONS }, (_none, index) => toProvision(index));
const entities = createSqliteEntityStore({ path: join(dataDir, "slipway.sqlite") });
const store = createProvisionStore(entities, "work");
for (const provision of provisions) await store.apply(provision.id, store.insertion(provision, []));
await entities.close();

const parsed = parseConfig({
  SLIPWAY_DATA_DIR: dataDir,
  SLIPWAY_EMULATOR_URL: NOWHERE,
  SLIPWAY_MAX_CONNECTIONS: "0",
  SLIPWAY_MAX_CONNECTIONS_PER_USER: "0",
});
if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
const { config } = parsed;
const hints = createInProcessChangeHints({
  onError: (error) => {
    throw error;
  },
});
const app = await createApp({
  config: { ...config, api: { ...config.api, port: 0 } },
  clock,
  log: createLogger({ level: "silent" }),
  hints,
});

let sequence = 1;
function update(): void {
  clock.schedule(1000 / UPDATES_PER_SECOND, update);
  sequence++;
  const observedAt = new Date(clock.now()).toISOString();
  for (const provision of provisions)
    hints.publish(provisionTopic(provision.id), { sequence, state: { ...provision, sequence, observedAt } });
}
update();

const end = (): void =>
  void app
    .stop()
    .then(() => rm(dataDir, { recursive: true, force: true }))
    .then(() => process.exit());
process.once("SIGTERM", end);
process.once("disconnect", end);
process.send?.({
  port: Number(new URL(app.url).port),
  provisionIds: provisions.map(({ id }) => encodeId("Provision", id)),
});

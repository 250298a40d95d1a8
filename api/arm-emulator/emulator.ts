import type { AddressInfo } from "node:net";
import { createAgenda } from "./agenda.ts";
import { createAsyncOperations } from "./async-operations.ts";
import { createControlPlane } from "./control.ts";
import { clearDatabase, inTransaction, openDatabase } from "./database.ts";
import { createExchange } from "./exchange.ts";
import { createFaults } from "./faults.ts";
import { createHttpServer } from "./http-server.ts";
import type { World } from "./provider.ts";
import { allProviders } from "./providers/all-providers.ts";
import { createBuildSources } from "./providers/containerregistry/build-sources.ts";
import { createImageStore } from "./providers/containerregistry/image-store.ts";
import { createRunStore } from "./providers/containerregistry/run-store.ts";
import { createWebhookDelivery } from "./providers/containerregistry/webhook-delivery.ts";
import { createWebhookEvents } from "./providers/containerregistry/webhook-events.ts";
import { WEBHOOK_TYPE } from "./providers/containerregistry/webhook.ts";
import { createRequestLog } from "./request-log.ts";
import { createResourceStore } from "./resource-store.ts";
import { createRouter } from "./router.ts";
import { createScenarios, type Scenario } from "./scenarios.ts";
import { plantSeed, type SeedName } from "./seed/seeds.ts";
import { createStoredClock } from "./stored-clock.ts";
import { createThrottle } from "./throttle.ts";

export type EmulatorOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** Folder of the emulator's database, made when missing. Left out, the world lives in memory. */
  readonly dataDir?: string;
  /**
   * Virtual seconds per real second, 0 for a clock moved by hand. Left out, the speed of the last run
   * in `dataDir`, or 10 in a new world.
   */
  readonly speed?: number;
  /** What a new world begins with; a world found in `dataDir` stays as it is. @default demo */
  readonly seed?: SeedName;
};

export type Emulator = {
  readonly url: string;
  /** Virtual milliseconds. */
  now(): number;
  /** Moves virtual time forward at once. */
  advance(seconds: number): void;
  /** Frees the port and closes the database; connections that are open are cut. Safe to call twice. */
  stop(): Promise<void>;
};

/**
 * Azure in one process: starts to listen and resolves once it does.
 * Rejects with the system's error when the port is taken.
 */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const database = openDatabase(options.dataDir);
  const clock = createStoredClock(database, options.speed);
  // Handlers see one instant for the whole of a request, and agenda entries their own due time.
  let instantMs = clock.now();
  const world: World = {
    now: () => instantMs,
    resources: createResourceStore(database),
    operations: createAsyncOperations(database),
    agenda: createAgenda(database),
    scenarios: createScenarios(database),
    images: createImageStore(database),
    runs: createRunStore(database),
    buildSources: createBuildSources(database),
    webhookEvents: createWebhookEvents(database),
  };
  const faults = createFaults(database);
  const log = createRequestLog(database);
  const throttle = createThrottle(clock);
  const operations = allProviders.flatMap(({ routes }) => routes.map(({ operation }) => operation)).sort();
  const agendaHandlers = new Map(allProviders.flatMap((provider) => Object.entries(provider.agenda ?? {})));

  function settle(): void {
    const presentMs = clock.now();
    for (let entry = world.agenda.takeDue(presentMs); entry; entry = world.agenda.takeDue(presentMs)) {
      const handler = agendaHandlers.get(entry.kind);
      if (!handler) throw new Error(`No provider handles the agenda kind '${entry.kind}'.`);
      instantMs = entry.dueMs;
      handler(entry, world);
    }
    instantMs = presentMs;
    clock.store();
  }

  function change<Result>(work: () => Result): Result {
    return inTransaction(database, () => {
      settle();
      const result = work();
      settle();
      return result;
    });
  }

  function reset(seed: SeedName): void {
    throttle.reset();
    change(() => {
      clearDatabase(database);
      plantSeed(seed, world);
    });
  }

  function setScenario(scenario: Scenario): void {
    world.scenarios.set(scenario);
    for (const provider of allProviders) provider.onScenario?.(scenario, world);
  }

  if (clock.isNew) reset(options.seed ?? "demo");
  const exchange = createExchange({
    database,
    world,
    router: createRouter(allProviders),
    throttle,
    faults,
    log,
    settle,
  });
  const control = createControlPlane({ world, clock, faults, log, operations, change, reset, setScenario });
  const delivery = createWebhookDelivery({
    pending: world.webhookEvents.pending,
    setResponse: (id, response) => change(() => world.webhookEvents.setResponse(id, response)),
  });
  const server = createHttpServer({
    exchange,
    control,
    speed: clock.speed,
    now: clock.now,
    afterReply: () => void delivery.deliver(),
  });
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stopKeepingTime = clock.keepStoring(() => {
    // The world stands still between two requests, but a webhook wants to be called when its time has come.
    if (world.resources.list({ type: WEBHOOK_TYPE }).length > 0) change(() => undefined);
    void delivery.deliver();
  });
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    stopKeepingTime();
    delivery.stop();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clock.store();
    database.close();
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    now: clock.now,
    advance: (seconds) => {
      change(() => clock.advance(seconds));
      void delivery.deliver();
    },
    stop: () => (stopping ??= stop()),
  };
}

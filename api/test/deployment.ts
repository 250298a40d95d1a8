import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis, type RedisServer } from "../src/events/redis-server.fixture.ts";
import { AZURITE_ACCOUNT, AZURITE_KEY, startAzurite, startAzuriteQueues } from "../src/storage/azurite.fixture.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";
import { createAzureControl, type AzureControl } from "./azure-control.ts";
import { scrape } from "./metrics.ts";
import { createApiProcess, createAzureProcess, type TestProcess } from "./processes.ts";

/** Two processes that answer people, two that run jobs, and what they share: an account, a Redis, an Azure. */
export interface TestDeployment {
  readonly apis: readonly [TestProcess, TestProcess];
  readonly workers: readonly [TestProcess, TestProcess];
  readonly redis: RedisServer;
  readonly azure: AzureControl;
  /** Closed with the rest. */
  client(process: TestProcess, options?: { readonly reconnect?: boolean }): ApiClient;
  /** The worker that has looked at most of these jobs since it was started. */
  driverOf(job: string): Promise<TestProcess>;
  stop(): Promise<void>;
}

export async function startDeployment(options: { readonly speed: number }): Promise<TestDeployment> {
  const { speed } = options;
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-deployment-"));
  const [tables, queues, redis] = await Promise.all([startAzurite(), startAzuriteQueues(), startRedis()]);
  const azureProcess = await createAzureProcess({ dataDir: join(dataDir, "azure"), speed });
  await azureProcess.start();
  const create = (role: string): Promise<TestProcess> =>
    createApiProcess({
      dataDir,
      azureUrl: azureProcess.url,
      speed,
      settings: {
        SLIPWAY_ROLE: role,
        SLIPWAY_REDIS_URL: redis.url,
        SLIPWAY_STORAGE_CONNECTION_STRING: [
          `AccountName=${AZURITE_ACCOUNT}`,
          `AccountKey=${AZURITE_KEY}`,
          `TableEndpoint=${tables.endpoint}`,
          `QueueEndpoint=${queues.endpoint}`,
        ].join(";"),
      },
    });
  const apis = [await create("api"), await create("api")] as const;
  const workers = [await create("worker"), await create("worker")] as const;
  for (const one of [...apis, ...workers]) await one.start();
  const clients: ApiClient[] = [];

  async function looksAt(job: string, worker: TestProcess): Promise<number> {
    const api = createApiClient(worker.url);
    const figures = await scrape({ api });
    await api.close();
    return figures.get(`slipway_job_look_seconds_count{job="${job}"}`) ?? 0;
  }

  return {
    apis,
    workers,
    redis,
    azure: createAzureControl(azureProcess.url),
    client(process, clientOptions) {
      const client = createApiClient(process.url, clientOptions);
      clients.push(client);
      return client;
    },
    async driverOf(job) {
      const [first, second] = await Promise.all(workers.map((worker) => looksAt(job, worker)));
      return (first ?? 0) >= (second ?? 0) ? workers[0] : workers[1];
    },
    async stop() {
      await Promise.all(clients.map((one) => one.close()));
      await Promise.all([...apis, ...workers].map((one) => one.kill()));
      await azureProcess.kill();
      await Promise.all([tables.stop(), queues.stop(), redis.kill()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

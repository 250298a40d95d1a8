import { createRequire } from "node:module";
import { AzureNamedKeyCredential } from "@azure/core-auth";

/** Azurite's table service, in this process and in memory; no network, no telemetry, gone with `stop`. */
export interface Azurite {
  /** With the account in its path. */
  readonly endpoint: string;
  readonly credential: AzureNamedKeyCredential;
  readonly connectionString: string;
  stop(): Promise<void>;
}

// https://learn.microsoft.com/azure/storage/common/storage-connect-azurite: known to everybody, worth nothing.
export const AZURITE_ACCOUNT = "devstoreaccount1";
export const AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Azurite's queue service, in the same way. */
export interface AzuriteQueues {
  readonly endpoint: string;
  readonly credential: AzureNamedKeyCredential;
  stop(): Promise<void>;
}

interface QueueServer {
  start(): Promise<void>;
  getHttpServerAddress(): string;
  close(): Promise<void>;
}

interface TableServer {
  start(): Promise<void>;
  getHttpServerAddress(): string;
  close(): Promise<void>;
}

/** Of the one pinned version: the package has no public way to run it inside a process. */
interface AzuriteModules {
  TableServer: new (configuration: unknown) => TableServer;
  TableConfiguration: new (...options: unknown[]) => unknown;
  configLogger: (isEnabled: boolean) => void;
}

export async function startAzurite(): Promise<Azurite> {
  const { TableServer, TableConfiguration, configLogger } = loadAzurite();
  configLogger(false);
  const [keepAliveSeconds, isOff, isInMemory] = [5, false, true];
  const skipApiVersionCheck = true;
  const server = new TableServer(
    // Host, port, keep-alive, file, debug log, access log, its stream, its path, loose, API versions, certificate, its key and password, OAuth, product-style addresses.
    new TableConfiguration(
      "127.0.0.1",
      0,
      keepAliveSeconds,
      "",
      isOff,
      isOff,
      undefined,
      undefined,
      isOff,
      skipApiVersionCheck,
      "",
      "",
      "",
      undefined,
      isOff,
      isInMemory,
    ),
  );
  await server.start();
  const endpoint = `${server.getHttpServerAddress()}/${AZURITE_ACCOUNT}`;
  return {
    endpoint,
    credential: new AzureNamedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY),
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY};TableEndpoint=${endpoint}`,
    stop: () => server.close(),
  };
}

export async function startAzuriteQueues(): Promise<AzuriteQueues> {
  const require = createRequire(import.meta.url);
  const { configLogger } = loadAzurite();
  configLogger(false);
  const { default: QueueServer } = require("azurite/dist/src/queue/QueueServer.js") as {
    default: new (configuration: unknown) => QueueServer;
  };
  const { default: QueueConfiguration } = require("azurite/dist/src/queue/QueueConfiguration.js") as {
    default: new (...options: unknown[]) => unknown;
  };
  const [keepAliveSeconds, isOff, isInMemory] = [5, false, true];
  const skipApiVersionCheck = true;
  const server = new QueueServer(
    // Host, port, keep-alive, files, access log, its stream, debug log, its path, loose, API versions, certificate, its key and password, OAuth, product-style addresses.
    new QueueConfiguration(
      "127.0.0.1",
      0,
      keepAliveSeconds,
      "",
      "",
      [],
      isOff,
      undefined,
      isOff,
      undefined,
      isOff,
      skipApiVersionCheck,
      "",
      "",
      "",
      undefined,
      isOff,
      isInMemory,
    ),
  );
  await server.start();
  return {
    endpoint: `${server.getHttpServerAddress()}/${AZURITE_ACCOUNT}`,
    credential: new AzureNamedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY),
    stop: () => server.close(),
  };
}

function loadAzurite(): AzuriteModules {
  const require = createRequire(import.meta.url);
  const { default: TableServer } = require("azurite/dist/src/table/TableServer.js") as {
    default: AzuriteModules["TableServer"];
  };
  const { default: TableConfiguration } = require("azurite/dist/src/table/TableConfiguration.js") as {
    default: AzuriteModules["TableConfiguration"];
  };
  const { configLogger } = require("azurite/dist/src/common/Logger.js") as Pick<AzuriteModules, "configLogger">;
  return { TableServer, TableConfiguration, configLogger };
}

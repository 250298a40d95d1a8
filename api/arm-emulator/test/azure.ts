import { ContainerServiceClient, type ManagedCluster } from "@azure/arm-containerservice";
import { ResourceManagementClient } from "@azure/arm-resources";
import { createEmulator, type Emulator, type EmulatorOptions } from "../emulator.ts";
import type { LoggedRequest } from "../request-log.ts";
import { DEMO } from "../seed/demo-names.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

export const SUBSCRIPTION = DEMO.subscriptionId;

/** An emulator with its clock stopped, and the real SDK's clients pointed at it. */
export type Azure = {
  readonly emulator: Emulator;
  readonly aks: ContainerServiceClient;
  readonly groups: ResourceManagementClient["resourceGroups"];
  readonly resources: ResourceManagementClient;
  /** A client that shares nothing with `aks`, as after a restart of its process. */
  freshAks(): ContainerServiceClient;
  /** A call of the control plane; answers status and body. */
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  scenario(cluster: string, scenario: string): Promise<void>;
  fault(fault: object): Promise<void>;
  requests(since?: number): Promise<LoggedRequest[]>;
  /** Makes a group and lets it become visible. */
  makeGroup(name: string): Promise<void>;
  stop(): Promise<void>;
};

export async function startAzure(options: Partial<EmulatorOptions> = {}): Promise<Azure> {
  const emulator = await createEmulator({ port: 0, speed: 0, seed: "empty", ...options });
  // No retries by the SDK: each test sees every answer itself.
  const clientOptions = { httpClient: loopbackHttpClient(emulator.url), retryOptions: { maxRetries: 0 } };
  const freshAks = (): ContainerServiceClient =>
    new ContainerServiceClient(ANY_CREDENTIAL, SUBSCRIPTION, clientOptions);
  const resources = new ResourceManagementClient(ANY_CREDENTIAL, SUBSCRIPTION, clientOptions);

  async function control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const payload = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${emulator.url}/_emulator/${path}`, {
      method,
      ...(payload !== undefined && { body: payload }),
    });
    return { status: response.status, body: await response.json() };
  }

  async function mustControl(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await control(method, path, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return {
    emulator,
    aks: freshAks(),
    groups: resources.resourceGroups,
    resources,
    freshAks,
    control,
    scenario: async (cluster, scenario) => void (await mustControl("POST", "scenarios", { cluster, scenario })),
    fault: async (fault) => void (await mustControl("POST", "faults", fault)),
    requests: async (since = 0) => (await mustControl("GET", `requests?since=${since}`)) as LoggedRequest[],
    async makeGroup(name) {
      await resources.resourceGroups.createOrUpdate(name, { location: "westeurope" });
      emulator.advance(10);
    },
    stop: emulator.stop,
  };
}

/** A small cluster that Azure accepts: one node for the system, two for users. */
export function smallCluster(changes: Partial<ManagedCluster> = {}): ManagedCluster {
  return {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    dnsPrefix: "small",
    kubernetesVersion: "1.35",
    tags: { "slipway-provision": "p1" },
    agentPoolProfiles: [
      { name: "systempool", mode: "System", count: 1, vmSize: "Standard_D2s_v3", osType: "Linux" },
      { name: "apps", mode: "User", count: 2, vmSize: "Standard_D4s_v3", osType: "Linux" },
    ],
    ...changes,
  };
}

/** Longer than any create of the usual pace. */
export const CREATE_SECONDS = 600;

/** Starts a create and returns once Azure has accepted it. Wrapped, because the poller itself is a thenable. */
export async function submitCreate(azure: Azure, name: string, cluster = smallCluster(), options = {}) {
  const poller = azure.aks.managedClusters.createOrUpdate("rg1", name, cluster, { updateIntervalInMs: 1, ...options });
  await poller.submitted();
  return { poller, state: await poller.serialize() };
}

/** `name:state` of every pool. */
export function poolStates(cluster: ManagedCluster): string[] {
  return (cluster.agentPoolProfiles ?? []).map(({ name, provisioningState }) => `${name}:${provisioningState}`);
}

/** What a rejected call was rejected with. */
export async function errorOf(
  promise: PromiseLike<unknown>,
): Promise<{ statusCode?: number; code?: string; message: string; name: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("The call was expected to fail.");
}

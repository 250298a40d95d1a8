import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import type { DockerBuildRequest, Run } from "@azure/arm-containerregistry";
import { ContainerRegistryClient } from "@azure/container-registry";
import type { EmulatorOptions } from "../emulator.ts";
import { DEMO } from "../seed/demo-names.ts";
import { startAzure } from "./azure.ts";
import type { Azure } from "./azure.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

export const { resourceGroup: GROUP, name: REGISTRY } = DEMO.registry;

/** Longer than what the demo world has in flight, and than any build of the usual pace. */
export const BUILD_SECONDS = 900;

/** An emulator with the demo registry, its clock stopped, and the real SDK's clients pointed at it. */
export type Acr = Azure & {
  readonly acr: ContainerRegistryManagementClient;
  /** A client of the data plane that has no token yet. */
  freshRegistry(name?: string): ContainerRegistryClient;
  /** Scripts the fate of an image or a registry. */
  script(scenario: { image: string; scenario: string } | { registry: string; scenario: string }): Promise<void>;
  /** Asks for a build and answers with its run id. */
  build(image: string, request?: Partial<DockerBuildRequest>): Promise<string>;
  run(runId: string): Promise<Run>;
  statuses(runIds: readonly string[]): Promise<(string | undefined)[]>;
  /** The address of a run's log. */
  logUrl(runId: string): Promise<string>;
};

/** @param options with `idle`, the builds that the demo world begins with are over */
export async function startAcr({ idle = true, ...options }: Partial<EmulatorOptions> & { idle?: boolean } = {}) {
  const azure = await startAzure({ seed: "demo", ...options });
  const clientOptions = { httpClient: loopbackHttpClient(azure.emulator.url), retryOptions: { maxRetries: 0 } };
  const acr = new ContainerRegistryManagementClient(ANY_CREDENTIAL, DEMO.subscriptionId, clientOptions);
  const run = (runId: string): Promise<Run> => acr.runs.get(GROUP, REGISTRY, runId);
  if (idle) azure.emulator.advance(BUILD_SECONDS);

  return {
    ...azure,
    acr,
    freshRegistry: (name = REGISTRY) =>
      new ContainerRegistryClient(`https://${name}.azurecr.io`, ANY_CREDENTIAL, clientOptions),
    async script(scenario) {
      const { status, body } = await azure.control("POST", "scenarios", scenario);
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
    async build(image, request = {}) {
      const poller = await acr.registries.beginScheduleRun(GROUP, REGISTRY, { ...dockerBuild(image), ...request });
      return poller.getResult()?.runId ?? "";
    },
    run,
    statuses: (runIds) => Promise.all(runIds.map(async (runId) => (await run(runId)).status)),
    async logUrl(runId) {
      return (await acr.runs.getLogSasUrl(GROUP, REGISTRY, runId)).logLink ?? "";
    },
  } satisfies Acr;
}

export function dockerBuild(image: string): DockerBuildRequest {
  return {
    type: "DockerBuildRequest",
    imageNames: [image],
    isPushEnabled: true,
    sourceLocation: "https://github.com/contoso/shop.git#main:web",
    dockerFilePath: "Dockerfile",
    platform: { os: "Linux", architecture: "amd64" },
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

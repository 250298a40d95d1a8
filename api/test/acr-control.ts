import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { ContainerRegistryManagementClient, type DockerBuildRequest } from "@azure/arm-containerregistry";
import { ContainerRegistryClient } from "@azure/container-registry";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import { dockerBuild } from "../arm-emulator/test/acr.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "../arm-emulator/test/loopback.ts";

/** What others do with the demo registry, not through Slipway. */
export interface AcrControl {
  /** Scripts the fate of an image (`name:tag`) or a registry. */
  script(scenario: { readonly image: string } | { readonly registry: string }, name: string): Promise<void>;
  /** Builds straight at Azure; answers with the run id. */
  build(image: string, request?: Partial<DockerBuildRequest>): Promise<string>;
  runStatus(runId: string): Promise<string | undefined>;
  deleteRepository(name: string): Promise<void>;
}

export function createAcrControl(azureUrl: string): AcrControl {
  const { resourceGroup, name: registry } = DEMO.registry;
  const options = { httpClient: loopbackHttpClient(azureUrl), retryOptions: { maxRetries: 0 } };
  const arm = new ContainerRegistryManagementClient(ANY_CREDENTIAL, DEMO.subscriptionId, options);
  const dataPlane = new ContainerRegistryClient(`https://${registry}.azurecr.io`, ANY_CREDENTIAL, options);
  return {
    async script(subject, scenario) {
      const answer = await fetch(`${azureUrl}/_emulator/scenarios`, {
        method: "POST",
        headers: { connection: "close" },
        body: JSON.stringify({ ...subject, scenario }),
      });
      if (answer.status !== 200) throw new Error(await answer.text());
    },
    async build(image, request = {}) {
      const poller = await arm.registries.beginScheduleRun(resourceGroup, registry, {
        ...dockerBuild(image),
        ...request,
      });
      return poller.getResult()?.runId ?? "";
    },
    runStatus: async (runId) => (await arm.runs.get(resourceGroup, registry, runId)).status,
    deleteRepository: async (name) => void (await dataPlane.getRepository(name).delete()),
  };
}

export interface ProxiedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands between the API and Azure: sees each request with its body, and may change its answer. */
export interface AnswerProxy {
  readonly url: string;
  readonly seen: readonly {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[];
  stop(): Promise<void>;
}

export async function createAnswerProxy(
  target: string,
  change: (method: string, path: string, answer: ProxiedAnswer) => ProxiedAnswer = (_method, _path, answer) => answer,
): Promise<AnswerProxy> {
  const seen: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    const { method = "", url: path = "", headers } = request;
    readAll(request)
      .then(async (body) => {
        seen.push({ method, path, headers, body: body.toString("latin1") });
        const answer = await forward(target + path, method, headers, body);
        const text = answer.body.toString("latin1");
        const changed = change(method, path, { ...answer, body: text });
        const bytes = Buffer.from(changed.body, "latin1");
        // An answer to HEAD tells a length that it does not have.
        const length = bytes.length === 0 ? {} : { "content-length": String(bytes.length) };
        const { "transfer-encoding": _encoding, ...rest } = changed.headers;
        response.writeHead(changed.status, { ...rest, ...length });
        response.end(bytes);
      })
      .catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function forward(
  url: string,
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (answer) => {
      readAll(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
        reject,
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

import { request as httpRequest } from "node:http";
import type { LoggedRequest } from "../arm-emulator/request-log.ts";

/** The emulator's control plane, and what it has been asked, in the words of tests. */
export interface AzureControl {
  readonly url: string;
  fault(fault: object): Promise<string>;
  clearFaults(): Promise<void>;
  scenario(cluster: string, scenario: string): Promise<void>;
  setSpeed(speed: number): Promise<void>;
  /** Back to the demo world. */
  reset(): Promise<void>;
  advance(seconds: number): Promise<void>;
  requests(since?: number): Promise<readonly LoggedRequest[]>;
  /** Number of the newest request: what `requests` then takes as `since`. */
  lastRequest(): Promise<number>;
  resources(): Promise<readonly AzureResource[]>;
}

export interface AzureResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function createAzureControl(url: string): AzureControl {
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = httpRequest(`${url}/_emulator/${path}`, { method, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
      });
      request.on("error", reject);
      request.end(text);
    });
    if (answer.status !== 200) throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }

  const control: AzureControl = {
    url,
    fault: async (fault) => (await call<{ id: string }>("POST", "faults", fault)).id,
    clearFaults: async () => void (await call("DELETE", "faults")),
    scenario: async (cluster, scenario) => void (await call("POST", "scenarios", { cluster, scenario })),
    setSpeed: async (speed) => void (await call("PUT", "clock", { speed })),
    reset: async () => void (await call("POST", "reset", { seed: "demo" })),
    advance: async (seconds) => void (await call("POST", "clock/advance", { seconds })),
    requests: (since = 0) => call("GET", `requests?since=${since}`),
    lastRequest: async () => (await control.requests()).at(-1)?.n ?? 0,
    resources: async () => (await call<{ resources: AzureResource[] }>("GET", "state")).resources,
  };
  return control;
}

const CLUSTER_PUT = /\/managedClusters\/[^/?]+(\?|$)/i;

/** Requests that made or changed a cluster, also those whose reply was lost. */
export function effectiveClusterPuts(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ method, path, effective }) => method === "PUT" && effective && CLUSTER_PUT.test(path));
}

export function clusterPuts(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ method, path }) => method === "PUT" && CLUSTER_PUT.test(path));
}

export function requestsOf(requests: readonly LoggedRequest[], method: string, path: RegExp): readonly LoggedRequest[] {
  return requests.filter((request) => request.method === method && path.test(request.path));
}

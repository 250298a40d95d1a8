import type { Browser } from "@playwright/test";
import { createEmulatorControl } from "../fixtures/emulator.ts";
import type { Stack } from "../fixtures/stack.ts";
import { readPaints, recordPaints, type PaintSample } from "./paint-recorder.ts";
import { openViewers } from "./viewers.ts";

export interface ProvisionRun {
  readonly paints: readonly PaintSample[];
  /** Requests that Azure got for this cluster while it was being watched, per minute of Azure's time. */
  readonly azureRequestsPerMinute: number;
}

interface Reply<T> {
  readonly data: T;
}

/** One provision with a page open on it and `viewers` looking, the page among them. */
export async function runProvision(options: {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly clusterName: string;
  readonly viewers: number;
}): Promise<ProvisionRun> {
  const { stack, browser, clusterName } = options;
  const id = await startProvision(stack.apiUrl, clusterName);
  const viewers = openViewers(stack.apiUrl, id, options.viewers - 1);
  const page = await browser.newPage();
  await recordPaints(page);
  await page.goto(`${stack.webUrl}/provisions/${encodeURIComponent(id)}`);
  await page.getByText("Succeeded", { exact: false }).first().waitFor({ timeout: 120_000 });
  await viewers.ended;
  const paints = await readPaints(page);
  await page.close();
  await viewers.close();
  const requests = (await createEmulatorControl(stack.emulatorUrl).requests()).filter(
    (request) => request.method === "GET" && request.path.toLowerCase().includes(`/managedclusters/${clusterName}?`),
  );
  const times = requests.map((request) => Date.parse(request.at));
  return { paints, azureRequestsPerMinute: perMinute(times) };
}

/** The emulator logs its own time, which runs faster than ours by its speed. */
function perMinute(times: readonly number[]): number {
  const spanMs = Math.max(...times) - Math.min(...times);
  return ((times.length - 1) / spanMs) * 60_000;
}

const USUAL_POOLS = [
  { name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 },
  { name: "blastpool", mode: "USER", vmSize: "Standard_D4s_v3", count: 2 },
];
/** Many such clusters fit into a location's quota. */
export const SMALLEST_POOLS = [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v5", count: 1 }];

export async function startProvision(
  apiUrl: string,
  clusterName: string,
  nodePools: typeof USUAL_POOLS = USUAL_POOLS,
): Promise<string> {
  const { azure } = (
    await query<{ azure: { subscriptions: { subscriptionId: string }[] } }>(
      apiUrl,
      "{ azure { subscriptions { subscriptionId } } }",
    )
  ).data;
  const input = {
    subscriptionId: azure.subscriptions[0]?.subscriptionId,
    resourceGroup: `rg-${clusterName}`,
    location: "westeurope",
    clusterName,
    nodePools,
  };
  const reply = await query<{ startProvision: { provision?: { id: string }; message?: string } }>(
    apiUrl,
    "mutation ($input: StartProvisionInput!) { startProvision(input: $input) { ... on StartProvisionSuccess { provision { id } } ... on Error { message } } }",
    { input },
  );
  const { provision, message } = reply.data.startProvision;
  if (!provision) throw new Error(`The provision was refused: ${message}`);
  return provision.id;
}

async function query<T>(apiUrl: string, text: string, variables: object = {}): Promise<Reply<T>> {
  const response = await fetch(`${apiUrl}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: text, variables }),
  });
  return (await response.json()) as Reply<T>;
}

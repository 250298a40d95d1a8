import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";
import { createEmulatorControl } from "../fixtures/emulator.ts";
import { startStack, type Stack } from "../fixtures/stack.ts";

/**
 * `pnpm bench registry`: a registry with 5,000 repositories and 20,000 tags. Time to the first row and to the whole listing,
 * memory of the server, and what Azure is asked with 1 and with 50 viewers, idle and with a build in flight.
 */
const SPEED = 10;
const WINDOW_MS = 30_000;
const MANY = 50;
const ROWS =
  "subscription ($id: ID!) { acrRepositoryUpdated(registryId: $id) { id name state version tags { name digest } } }";
const HEAD = "subscription ($id: ID!) { registryUpdated(registryId: $id) { repositoryCount listingComplete } }";

async function query<T>(stack: Stack, text: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${stack.apiUrl}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: text, variables }),
  });
  return ((await response.json()) as { data: T }).data;
}

function connect(stack: Stack): Client {
  return createClient({ url: `${stack.apiUrl.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket, lazy: false });
}

/** Resolves with the milliseconds until a message that `isEnough`. */
function until(client: Client, document: string, id: string, isEnough: (data: unknown) => boolean): Promise<number> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const leave = client.subscribe(
      { query: document, variables: { id } },
      {
        next: ({ data }) => {
          if (!isEnough(data)) return;
          resolve(Math.round(performance.now() - startedMs));
          leave();
        },
        error: reject,
        complete: () => undefined,
      },
    );
  });
}

async function memoryMb(stack: Stack): Promise<number> {
  const text = await (await fetch(`${stack.apiUrl}/metrics`)).text();
  return Math.round(Number(/^slipway_process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? NaN) / 1e6);
}

const REPOSITORIES = 5_000;

/** Resolves once the whole snapshot has arrived; the subscription goes on until the client is disposed of. */
function staySubscribed(client: Client, id: string): Promise<void> {
  let rows = 0;
  return new Promise((resolve, reject) => {
    const next = (): void => {
      rows++;
      if (rows === REPOSITORIES) resolve();
    };
    client.subscribe({ query: ROWS, variables: { id } }, { next, error: reject, complete: () => undefined });
  });
}

/** Starts a build that stays in flight for good: the time that many viewers need to subscribe must not outlast it. */
async function keepBuilding(stack: Stack, registryId: string): Promise<void> {
  await createEmulatorControl(stack.emulatorUrl).setImageScenario("bench/kept:v1", "queued-forever");
  const image = { image: "bench/kept", tag: "v1", source: { gitUrl: "https://github.com/owner/repository.git" } };
  await query(stack, "mutation ($input: StartBuildsInput!) { startBuilds(input: $input) { __typename } }", {
    input: { registryId, images: [image] },
  });
}

/** Requests to Azure per minute of Azure's time while this many look. */
async function askedPerMinute(stack: Stack, id: string, viewers: number): Promise<number> {
  const clients = Array.from({ length: viewers }, () => connect(stack));
  await Promise.all(clients.map((client) => staySubscribed(client, id)));
  const control = createEmulatorControl(stack.emulatorUrl);
  const before = (await control.requests()).length;
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const after = (await control.requests()).length;
  for (const client of clients) await client.dispose();
  return Math.round(((after - before) / WINDOW_MS / SPEED) * 60_000 * 10) / 10;
}

const stack = await startStack({ speed: SPEED });
try {
  await fetch(`${stack.emulatorUrl}/_emulator/reset`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ seed: "large" }),
  });
  const { registries } = await query<{ registries: { id: string; name: string }[] }>(
    stack,
    "{ registries { id name } }",
  );
  const id = registries.find(({ name }) => name === "largeacr")?.id ?? "";
  const say = (text: string): boolean => process.stdout.write(`${text}\n`);
  say(`server before: ${await memoryMb(stack)} MB`);
  const client = connect(stack);
  const complete = until(
    client,
    HEAD,
    id,
    (data) => (data as { registryUpdated: { listingComplete: boolean } }).registryUpdated.listingComplete,
  );
  say(`first row after ${await until(client, ROWS, id, () => true)} ms`);
  say(`whole listing after ${await complete} ms`);
  const { registry } = await query<{ registry: { repositoryCount: number } }>(
    stack,
    "query ($id: ID!) { registry(id: $id) { repositoryCount } }",
    { id },
  );
  say(`${registry.repositoryCount} repositories; server: ${await memoryMb(stack)} MB`);
  say(`second reader's first row after ${await until(client, ROWS, id, () => true)} ms`);
  for (const viewers of [1, MANY])
    say(`idle, viewers ${viewers}: ${await askedPerMinute(stack, id, viewers)} requests/min`);
  await keepBuilding(stack, id);
  for (const viewers of [1, MANY])
    say(`a build in flight, viewers ${viewers}: ${await askedPerMinute(stack, id, viewers)} requests/min`);
  say(`server after: ${await memoryMb(stack)} MB`);
  await client.dispose();
} finally {
  await stack.stop();
}

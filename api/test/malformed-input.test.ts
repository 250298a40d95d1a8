import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect } from "vitest";
import { schema } from "../src/schema.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import { generatedOperations, type GeneratedOperation } from "./generated-operations.ts";
import type { Slipway } from "./harness.ts";
import { connectProtocol, type ProtocolMessage } from "./protocol-client.ts";

/** `SLIPWAY_MALFORMED_INPUTS=10000` for the long run. */
// oxlint-disable-next-line node/no-process-env -- how much this test tries is no setting of the product
const INPUTS = Number(process.env["SLIPWAY_MALFORMED_INPUTS"] ?? 500);
const MS_PER_INPUT = 200;
const SEED = 7;
/** So often the long run tells how much memory is in use after a collection: for people, since a run of its own decides nothing. */
const TOLD_EVERY = 1_000;

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** What a client can make sense of: data, or errors each with a code, and none that says something broke. */
function expectTyped({ data, errors = [] }: Answer): void {
  if (data === undefined) expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error.message).not.toBe("");
    expect(error.extensions?.code, error.message).toMatch(/^[A-Z_]+$/);
    expect(error.extensions?.code).not.toBe("INTERNAL_SERVER_ERROR");
  }
}

async function sendByHttp({ api }: Slipway, { query, variables }: GeneratedOperation): Promise<void> {
  const { status, text } = await api.http({
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  expect(status, text).toBeLessThan(500);
  expectTyped(JSON.parse(text) as Answer);
}

/** The socket is a new one for each, so that one that the server closes fails this input and no other. */
async function sendByWebSocket({ api }: Slipway, { query, variables }: GeneratedOperation): Promise<void> {
  const client = await connectProtocol(api.url);
  await client.init();
  client.subscribe("1", query, variables);
  // Also says that the server lives; an operation that has nothing to say yet is left.
  await client.roundTrip();
  client.send({ type: "complete", id: "1" });
  await client.roundTrip();
  const answers = client.messages.filter(({ id }) => id === "1");
  for (const { type, payload } of answers) {
    if (type === "error") expectTyped({ errors: payload as NonNullable<Answer["errors"]> });
    if (type === "next") expectTyped(payload as Answer);
  }
  client.socket.terminate();
  expect(answers.map(({ type }: ProtocolMessage) => type)).not.toContain("connection_error");
}

/** Of this process, which Slipway, Azure and the test share, in MiB. */
function memoryInUse(): number {
  setFlagsFromString("--expose_gc");
  (runInNewContext("gc") as () => void)();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}

async function expectNothingWritten({ api, azure }: Slipway): Promise<void> {
  const { provisions } = await api.data<{ provisions: { edges: object[] } }>(operation("Provisions"), { first: 100 });
  expect(provisions.edges).toEqual([]);
  const requests = await azure.requests();
  expect(requests.filter(({ effective }) => effective)).toEqual([]);
}

test(
  `${INPUTS} generated inputs over every field of the roots, by HTTP and WebSocket: each is answered with a code, none breaks or writes anything`,
  { timeout: 60_000 + INPUTS * MS_PER_INPUT },
  async ({ slipway }) => {
    let sent = 0;
    const byHttp = fc.tuple(fc.boolean(), generatedOperations(schema));
    await fc.assert(
      fc.asyncProperty(byHttp, async ([isByHttp, generated]) => {
        const send = isByHttp && generated.kind !== "subscription" ? sendByHttp : sendByWebSocket;
        await send(slipway, generated);
        sent++;
        if (sent % TOLD_EVERY === 0) process.stdout.write(`${sent} inputs: ${memoryInUse()} MiB in use\n`);
      }),
      { numRuns: INPUTS, seed: SEED },
    );
    await expectNothingWritten(slipway);
    expect((await slipway.api.http({ method: "GET", path: "/readyz" })).status).toBe(200);
  },
);

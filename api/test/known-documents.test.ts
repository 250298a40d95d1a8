import { createHash } from "node:crypto";
import { expect } from "vitest";
import operations from "../../operations.json" with { type: "json" };
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import { connectProtocol } from "./protocol-client.ts";

const OWN = "query Own { viewer { name } }";
const [SESSION_HASH, SESSION] = Object.entries(operations).find(([, text]) => text.startsWith("query Session ")) ?? [];
if (SESSION_HASH === undefined || SESSION === undefined) throw new Error("The web UI asks who looks at it.");
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const KNOWN = persisted(SESSION_HASH);
const MADE_UP = persisted(createHash("sha256").update("made up").digest("hex"));

interface Answer {
  readonly data?: object | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** The data, or the code of the refusal. */
const outcomeOf = ({ data, errors }: Answer): object | string => errors?.[0]?.extensions.code ?? data ?? "nothing";

async function post({ api }: Slipway, body: object, headers: Record<string, string> = {}) {
  const answer = await api.http({
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, outcome: outcomeOf(JSON.parse(answer.text) as Answer) };
}

async function overWebSocket({ api }: Slipway, payloads: readonly object[], init: object = {}) {
  const client = await connectProtocol(api.url);
  await client.init(init);
  const outcomes = [];
  for (const [index, payload] of payloads.entries()) {
    const id = String(index);
    client.send({ type: "subscribe", id, payload: { query: "", ...payload } });
    const answer = await client.until((message) => message.id === id && message.type !== "complete");
    const given = answer.type === "error" ? { errors: answer.payload } : answer.payload;
    outcomes.push(outcomeOf(given as Answer));
  }
  client.socket.terminate();
  return outcomes;
}

const SESSION_DATA = { viewer: expect.anything() as object, azure: expect.anything() as object };
const OWN_DATA = { viewer: { name: expect.any(String) as string } };

test("an operation of the web UI is asked for by its hash, over HTTP and WebSocket, beside documents of one's own", async ({
  slipway,
}) => {
  expect(await post(slipway, KNOWN)).toEqual({ status: 200, outcome: SESSION_DATA });
  expect(await post(slipway, { query: OWN })).toEqual({ status: 200, outcome: OWN_DATA });
  const get = await slipway.api.http({
    method: "GET",
    path: `/graphql?${new URLSearchParams({ extensions: JSON.stringify(KNOWN.extensions) })}`,
  });
  expect(outcomeOf(JSON.parse(get.text) as Answer)).toEqual(SESSION_DATA);
  expect(await overWebSocket(slipway, [KNOWN, { query: OWN }])).toEqual([SESSION_DATA, OWN_DATA]);
});

test("a hash that is made up is refused with a code, and the connection stays", async ({ slipway }) => {
  expect(await post(slipway, MADE_UP)).toEqual({ status: 400, outcome: "PERSISTED_OPERATION_UNKNOWN" });
  expect(await post(slipway, persisted("__proto__"))).toEqual({ status: 400, outcome: "PERSISTED_OPERATION_UNKNOWN" });
  expect(await overWebSocket(slipway, [MADE_UP, KNOWN])).toEqual(["PERSISTED_OPERATION_UNKNOWN", SESSION_DATA]);
});

test("where nobody may send documents of their own, the web UI's are executed and no other", async ({ start }) => {
  const slipway = await start({ settings: { SLIPWAY_FREE_DOCUMENTS: "nobody" } });
  expect(await post(slipway, { query: OWN })).toEqual({ status: 403, outcome: "FREE_DOCUMENTS_OFF" });
  expect(await post(slipway, { query: OWN, ...KNOWN })).toEqual({ status: 403, outcome: "FREE_DOCUMENTS_OFF" });
  expect(await post(slipway, { query: SESSION })).toEqual({ status: 200, outcome: SESSION_DATA });
  expect(await overWebSocket(slipway, [{ query: OWN }, { query: OWN, ...KNOWN }, KNOWN])).toEqual([
    "FREE_DOCUMENTS_OFF",
    "FREE_DOCUMENTS_OFF",
    SESSION_DATA,
  ]);
});

test("where administrators alone may, others are refused, on every way in", async ({ start }) => {
  const provider = await startIdentityProvider({});
  try {
    const slipway = await start({ settings: { ...provider.settings, SLIPWAY_FREE_DOCUMENTS: "admins" } });
    for (const [role, status, outcome] of [
      ["Slipway.Admin", 200, OWN_DATA],
      ["Slipway.Viewer", 403, "FREE_DOCUMENTS_OFF"],
    ] as const) {
      const authorization = `Bearer ${await provider.accessToken([role])}`;
      expect(await post(slipway, { query: OWN }, { authorization })).toEqual({ status, outcome });
      expect(await post(slipway, KNOWN, { authorization })).toEqual({ status: 200, outcome: SESSION_DATA });
      expect(await overWebSocket(slipway, [{ query: OWN }, KNOWN], { authorization })).toEqual([outcome, SESSION_DATA]);
    }
  } finally {
    await provider.stop();
  }
});

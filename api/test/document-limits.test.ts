import { readFileSync } from "node:fs";
import { getIntrospectionQuery, parse } from "graphql";
import { describe, expect } from "vitest";
import { parseConfig } from "../src/config/config.ts";
import { measureDocument } from "../src/graphql/document-size.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { connectProtocol } from "./protocol-client.ts";

interface Attack {
  readonly document: string;
  readonly code: string;
}

/** Each connection leads back to where it came from, as deep as one likes. */
function deep(levels: number): string {
  let selection = "name";
  for (let level = 0; level < levels; level++) selection = `... on Viewer { ${selection} }`;
  return `{ viewer { ${selection} } }`;
}

const nested = (levels: number): string =>
  `{ clusters ${"{ edges { node { nodePools ".repeat(Math.ceil(levels / 4))}{ name }${" } } }".repeat(Math.ceil(levels / 4))} }`;

/** Doubles itself with every fragment: a million fields in thirty lines. */
const exponential = [
  "query { viewer { ...F0 } }",
  ...Array.from({ length: 20 }, (_, n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`),
  "fragment F20 on Viewer { name }",
].join("\n");

const ATTACKS: Readonly<Record<string, Attack>> = {
  "fourteen fields deep": { document: nested(14), code: "DOCUMENT_TOO_DEEP" },
  "two hundred aliases": {
    document: `{ ${Array.from({ length: 200 }, (_, n) => `a${n}: viewer { name }`).join(" ")} }`,
    code: "TOO_MANY_ALIASES",
  },
  "three hundred directives": {
    document: `{ viewer { name ${"@include(if: true) ".repeat(300)} } }`,
    code: "TOO_MANY_DIRECTIVES",
  },
  "fragments that double themselves": { document: exponential, code: "DOCUMENT_TOO_COSTLY" },
  "six thousand words": { document: `{ ${"viewer { name } ".repeat(1500)} }`, code: "DOCUMENT_TOO_LONG" },
};

interface Answer {
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly limit?: number };
  }[];
}

async function post(slipway: Slipway, query: string): Promise<{ readonly status: number; readonly answer: Answer }> {
  const { status, text } = await slipway.api.http({
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query }),
  });
  return { status, answer: JSON.parse(text) as Answer };
}

describe("a document that would cost too much", () => {
  test.for(Object.entries(ATTACKS))("is refused with the limit over HTTP: %s", async ([, attack], { slipway }) => {
    const { status, answer } = await post(slipway, attack.document);
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: attack.code, limit: expect.any(Number) as number });
    expect(answer.errors?.[0]?.message).toMatch(/SLIPWAY_MAX_/);
  });

  test("is refused over a WebSocket, whose other operations go on", async ({ slipway }) => {
    const client = await connectProtocol(slipway.api.url);
    await client.init();
    for (const [index, { document, code }] of Object.values(ATTACKS).entries()) {
      const id = String(index);
      client.subscribe(id, document);
      const error = await client.until((message) => message.id === id);
      expect(error.type).toBe("error");
      expect(error.payload).toMatchObject([{ extensions: { code } }]);
    }
    client.subscribe("good", "{ viewer { name } }");
    expect((await client.until(({ id }) => id === "good")).type).toBe("next");
    client.socket.terminate();
  });

  test("is counted by its code", async ({ slipway }) => {
    await post(slipway, exponential);
    const { text } = await slipway.api.http({ method: "GET", path: "/metrics" });
    expect(text).toContain('slipway_refusals_total{code="DOCUMENT_TOO_COSTLY"} 1');
  });

  test("is taken where the settings allow it", async ({ start }) => {
    const slipway = await start({ settings: { SLIPWAY_MAX_ALIASES: "0" } });
    expect((await post(slipway, String(ATTACKS["two hundred aliases"]?.document))).status).toBe(200);
  });

  test("in a cycle of fragments is refused as one", async ({ slipway }) => {
    const { status, answer } = await post(
      slipway,
      "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }",
    );
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.message).toMatch(/Cannot spread fragment/);
  });

  test("is told from one that only looks deep: fragments in each other cost nothing by themselves", async ({
    slipway,
  }) => {
    expect((await post(slipway, deep(40))).status).toBe(200);
  });
});

test("every document of the contract is within every limit", () => {
  const parsed = parseConfig({});
  if (!parsed.ok) throw new Error("The defaults are no settings.");
  const { documentLimits } = parsed.config;
  const text = readFileSync(new URL("contract/operations.graphql", import.meta.url), "utf8");
  const { depth, fields, aliases, directives } = measureDocument(parse(text, { maxTokens: documentLimits.tokens }));
  expect(depth).toBeGreaterThan(3);
  expect(fields).toBeGreaterThan(30);
  expect(depth).toBeLessThan(documentLimits.depth);
  expect(fields).toBeLessThan(documentLimits.fields);
  expect(aliases).toBeLessThan(documentLimits.aliases);
  expect(directives).toBeLessThan(documentLimits.directives);
});

describe("the schema", () => {
  test("can be asked for on this machine", async ({ slipway }) => {
    expect((await post(slipway, getIntrospectionQuery())).status).toBe(200);
  });

  test("can't be asked for, guessed at, or played with where that is off", async ({ start }) => {
    const slipway = await start({ settings: { SLIPWAY_INTROSPECTION: "off" } });
    for (const query of [getIntrospectionQuery(), '{ __type(name: "Query") { name } }']) {
      const { status, answer } = await post(slipway, query);
      expect(status).toBe(400);
      expect(answer.errors?.[0]?.message).toMatch(/introspection/i);
    }
    const { answer } = await post(slipway, "{ viewr { name } }");
    expect(answer.errors?.[0]?.message).toBe('Cannot query field "viewr" on type "Query".');
    const page = await slipway.api.http({ method: "GET", headers: { accept: "text/html" } });
    expect(page.text).not.toContain("graphiql");
    const client = await connectProtocol(slipway.api.url);
    await client.init();
    client.subscribe("1", getIntrospectionQuery());
    expect((await client.until(({ id }) => id === "1")).type).toBe("error");
    client.socket.terminate();
  });
});

import { GraphQLError, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { createClient } from "graphql-ws";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ForbiddenError } from "../auth/viewer.ts";
import { AzureError } from "../shared/azure-error.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import { startGraphQLServer, type GraphQLServer } from "./graphql-server.fixture.ts";
import { createErrorMask } from "./mask-error.ts";

const SECRET = "sig=S3cr3tS1gnature at /srv/slipway/secret.ts:12";

interface Masked {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

describe("createErrorMask", () => {
  const logged: object[] = [];
  let unexpected = 0;
  const mask = createErrorMask({
    log: { error: (fields) => void logged.push(fields) },
    onUnexpected: () => void unexpected++,
  });

  test.each([
    [new StoreUnavailableError("The store is full."), "STORE_UNAVAILABLE", "The store is full."],
    [
      new AzureError({ kind: "transient", body: { code: "Busy", message: "Azure is busy." } }),
      "AZURE_UNAVAILABLE",
      "Azure is busy.",
    ],
    [new ForbiddenError("clusters:write"), "FORBIDDEN", "Slipway.Operator"],
  ])("an error that says what to do goes out with its code: %s", (error, code, message) => {
    for (const given of [error, new GraphQLError(error.message, { originalError: error })]) {
      const masked = mask(given);
      expect(masked.extensions["code"]).toBe(code);
      expect(masked.message).toContain(message);
    }
    expect(unexpected).toBe(0);
  });

  test("an error made for the client is left as it is", () => {
    const error = new GraphQLError("Not here.", { extensions: { code: "NOT_FOUND" } });
    expect(mask(error)).toBe(error);
  });

  test("what graphql-js says of variables has a code as well", () => {
    const masked = mask(new GraphQLError('Variable "$id" of required type "ID!" was not provided.'));
    expect(masked.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(masked.message).toContain('"$id"');
  });

  test.each([new Error(SECRET), new TypeError(SECRET), SECRET, { secret: SECRET }, undefined])(
    "anything else becomes an id that the log has too: %s",
    (error) => {
      const before = unexpected;
      const masked = mask(error);
      expect(JSON.stringify(masked)).not.toContain("S3cr3t");
      expect(masked.stack ?? "").not.toContain("S3cr3t");
      expect(masked.extensions).toMatchObject({
        code: "INTERNAL_SERVER_ERROR",
        errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(masked.message).toContain(String(masked.extensions["errorId"]));
      expect(logged.at(-1)).toMatchObject({ "error.id": masked.extensions["errorId"], err: error });
      expect(unexpected).toBe(before + 1);
    },
  );
});

describe("a server whose resolvers fail with secrets in their errors", () => {
  const text = { type: new GraphQLNonNull(GraphQLString) };
  const fail = (): never => {
    throw new Error(SECRET);
  };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: "Query",
      fields: { fine: { ...text, resolve: () => "fine" }, broken: { ...text, resolve: fail } },
    }),
    subscription: new GraphQLObjectType({
      name: "Subscription",
      fields: {
        refused: { ...text, subscribe: fail },
        breaks: {
          ...text,
          subscribe: async function* () {
            yield { breaks: "first" };
            throw new Error(SECRET);
          },
        },
        lasts: {
          ...text,
          subscribe: async function* () {
            yield { lasts: "first" };
            await broken.promise;
            yield { lasts: "second" };
          },
        },
      },
    }),
  });
  let broken = Promise.withResolvers<void>();
  let server: GraphQLServer;
  beforeEach(async () => {
    broken = Promise.withResolvers();
    server = await startGraphQLServer({ schema });
  });
  afterEach(() => server.stop());

  async function post(query: string): Promise<string> {
    const response = await fetch(server.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify({ query }),
    });
    return response.text();
  }

  test.each(["{ broken }", "subscription { refused }", "subscription { breaks }"])(
    "tells nothing of it over HTTP: %s",
    async (query) => {
      const answer = await post(query);
      expect(answer).not.toContain("S3cr3t");
      expect(answer).toContain("Something went wrong in Slipway");
      expect(answer).toMatch(/"errorId":"[0-9a-f-]{36}"/);
    },
  );

  test("tells nothing of it over a WebSocket, also in the middle of a stream, and leaves the other streams alone", async () => {
    let sockets = 0;
    const client = createClient({
      url: server.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      on: { connected: () => void sockets++ },
    });
    const run = (query: string, messages: unknown[] = []): Promise<readonly Masked[]> =>
      new Promise((resolve) => {
        client.subscribe(
          { query },
          {
            next: ({ data, errors }) => (errors ? resolve(errors) : void messages.push(data)),
            error: (error) => resolve(Array.isArray(error) ? (error as Masked[]) : [{ message: String(error) }]),
            complete: () => resolve([]),
          },
        );
      });
    const lasting: unknown[] = [];
    const lasts = run("subscription { lasts }", lasting);
    for (const query of ["{ broken }", "subscription { refused }", "subscription { breaks }"]) {
      const errors = await run(query);
      expect(errors, query).toHaveLength(1);
      expect(JSON.stringify(errors), query).not.toContain("S3cr3t");
      expect(errors[0]?.message, query).toContain("Something went wrong in Slipway");
      expect(errors[0]?.extensions, query).toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
    }
    broken.resolve();
    expect(await lasts).toEqual([]);
    expect(lasting).toEqual([{ lasts: "first" }, { lasts: "second" }]);
    expect(sockets).toBe(1);
    await client.dispose();
  });
});

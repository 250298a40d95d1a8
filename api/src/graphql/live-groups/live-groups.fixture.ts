import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { createClient, type Client } from "graphql-ws";
import { WebSocket } from "ws";
import type { Role, Viewer } from "../../auth/viewer.ts";
import type { GraphQLContext } from "../../context.ts";
import { createLiveLog } from "../../events/live-log.ts";
import { createLiveState } from "../../events/live-state.ts";
import { createLiveWorld } from "../../events/live-world.fixture.ts";
import { startGraphQLServer } from "../graphql-server.fixture.ts";
import { withCapturableSources } from "./captured-source.ts";

export interface Thing {
  readonly name: string;
  readonly version: number;
  readonly text?: string;
  readonly isLast?: boolean;
}

const LINES_A_PAGE = 100;

/**
 * A server with one live topic over real sockets: `thing` (shared) and `privateThing` show `things`, and only an operator may
 * see those of the topic `secret`. Who connects is told by the connection's `authorization`, a role. Beside it a log, `line`.
 */
export async function createGroupWorld() {
  const live = createLiveWorld();
  const liveState = createLiveState(live.deps);
  const things = new Map<string, Thing>();
  const liveLog = createLiveLog(live.deps);
  const log = { lines: [] as Thing[], isComplete: false };
  const counts = { executions: 0, reads: 0, logReads: 0 };
  const hold = { reads: Promise.resolve() as Promise<unknown> };
  const failing = { reads: false };
  const open = (_root: unknown, { topic = "things" }: { topic?: string }, { viewer }: GraphQLContext) => {
    if (topic === "secret" && !viewer.roles.includes("Slipway.Operator")) throw new Error("Not for this viewer.");
    return liveState.stream<Thing>({
      topic,
      async read() {
        counts.reads++;
        const found = [...things.values()];
        await hold.reads;
        if (failing.reads) throw new Error("S3cr3t cause");
        return found;
      },
      keyOf: ({ name }) => name,
      versionOf: ({ version }) => version,
      isLast: ({ isLast }) => isLast === true,
    });
  };
  const thing = new GraphQLObjectType<Thing>({
    name: "Thing",
    fields: {
      name: { type: new GraphQLNonNull(GraphQLString) },
      version: {
        type: new GraphQLNonNull(GraphQLInt),
        resolve: ({ version }) => {
          counts.executions++;
          return version;
        },
      },
      text: {
        type: GraphQLString,
        args: { most: { type: GraphQLInt } },
        resolve: ({ text }, { most }: { most?: number }) => {
          if (text === "broken") throw new Error("S3cr3t field");
          return text?.slice(0, most);
        },
      },
    },
  });
  const field = {
    type: thing,
    args: { topic: { type: GraphQLString } },
    subscribe: open,
    resolve: (record: Thing) => record,
  };
  const openLog = (_root: unknown, { after = 0 }: { after?: number }) =>
    liveLog.stream<Thing>(
      {
        topic: "log",
        async readAfter(sequence) {
          counts.logReads++;
          if (failing.reads) throw new Error("S3cr3t cause");
          const entries = log.lines.slice(sequence, sequence + LINES_A_PAGE);
          return { entries, complete: log.isComplete && sequence + entries.length === log.lines.length };
        },
        sequenceOf: ({ version }) => version,
      },
      after,
    );
  const schema = withCapturableSources(
    new GraphQLSchema({
      query: new GraphQLObjectType({ name: "Query", fields: { ping: { type: GraphQLString, resolve: () => "pong" } } }),
      subscription: new GraphQLObjectType({
        name: "Subscription",
        fields: {
          thing: { ...field, extensions: { shared: true } },
          privateThing: field,
          line: {
            type: thing,
            args: { after: { type: GraphQLInt } },
            subscribe: openLog,
            resolve: (line: Thing) => line,
            extensions: { shared: true, cursor: "after" },
          },
        },
      }),
    }),
  );
  const { webSocketUrl, groups, logged, stop } = await startGraphQLServer({
    schema,
    viewerOf: (role) => viewerOf((role as Role | undefined) ?? "Slipway.Viewer"),
  });
  const clients: Client[] = [];
  const sockets: WebSocket[] = [];

  return {
    ...live,
    things,
    counts,
    hold,
    failing,
    groups,
    logged,
    log,
    /** Appends a line to the log, then hints. */
    append(text?: string) {
      const version = log.lines.length + 1;
      log.lines.push({ name: "line", version, ...(text !== undefined && { text }) });
      live.hints.publish("log", { sequence: version });
    },
    /** No line will follow. */
    completeLog() {
      log.isComplete = true;
      live.hints.publish("log", { sequence: log.lines.length });
    },
    /** Stores the record, then hints. */
    publish(record: Thing, topic = "things") {
      things.set(record.name, record);
      live.hints.publish(topic, { sequence: record.version, state: record });
    },
    client(options: { readonly role?: Role; readonly generateID?: () => string } = {}): Client {
      const client = createClient({
        url: webSocketUrl,
        webSocketImpl: WebSocket,
        lazy: true,
        retryAttempts: 0,
        connectionParams: { authorization: options.role ?? "Slipway.Viewer" },
        ...(options.generateID && { generateID: options.generateID }),
      });
      clients.push(client);
      return client;
    },
    /** A client without a library, which can stop reading and says what it likes. */
    async rawClient() {
      const socket = new WebSocket(webSocketUrl, "graphql-transport-ws");
      sockets.push(socket);
      const messages: { id?: string; type: string; payload?: { data?: Readonly<Record<string, Thing>> } }[] = [];
      let wake: (() => void) | undefined;
      socket.on("message", (data: Buffer) => {
        messages.push(JSON.parse(data.toString()) as (typeof messages)[number]);
        wake?.();
      });
      socket.on("close", () => wake?.());
      const send = (message: object): void => socket.send(JSON.stringify(message));
      await new Promise((resolve) => socket.once("open", resolve));
      send({ type: "connection_init", payload: { authorization: "Slipway.Viewer" } });
      const until = async (fits: (message: (typeof messages)[number]) => boolean): Promise<void> => {
        while (!messages.some(fits)) {
          if (socket.readyState !== socket.OPEN) throw new Error("The connection was closed.");
          await new Promise<void>((resolve) => (wake = resolve));
        }
      };
      await until(({ type }) => type === "connection_ack");
      return { socket, messages, send, until };
    },
    async stop() {
      for (const client of clients) await client.dispose();
      for (const socket of sockets) socket.terminate();
      await stop();
    },
  };
}

function viewerOf(role: Role): Viewer {
  return { id: `one with ${role}`, name: "Somebody", roles: [role] };
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExecutionArgs } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { createPubSub, createSchema, createYoga } from "graphql-yoga";
import { WebSocketServer } from "ws";
import { announcePort, everyUpdate, PROGRESS_SDL } from "../payload.ts";

interface YogaArgs extends ExecutionArgs {
  readonly rootValue: { execute(args: ExecutionArgs): unknown; subscribe(args: ExecutionArgs): unknown };
}

/** Yoga with its own pub/sub and graphql-ws, as its documentation has it. */
const hub = createPubSub<{ progress: [object] }>();
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: PROGRESS_SDL,
    resolvers: {
      Subscription: {
        provisionProgress: { subscribe: () => hub.subscribe("progress"), resolve: (progress: object) => progress },
      },
    },
  }),
});
const http = createServer((request, response) => void yoga(request, response));
const sockets = new WebSocketServer({ server: http, path: yoga.graphqlEndpoint, perMessageDeflate: false });
useServer(
  {
    execute: (args) => (args as YogaArgs).rootValue.execute(args) as never,
    subscribe: (args) => (args as YogaArgs).rootValue.subscribe(args) as never,
    async onSubscribe(context, _id, params) {
      const enveloped = yoga.getEnveloped({ ...context, req: context.extra.request, params });
      const document = enveloped.parse(params.query);
      const errors = enveloped.validate(enveloped.schema, document);
      if (errors.length > 0) return errors;
      return {
        schema: enveloped.schema,
        document,
        variableValues: params.variables ?? {},
        contextValue: await enveloped.contextFactory(),
        rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
      };
    },
  },
  sockets,
);
http.listen(0, "127.0.0.1", () => announcePort((http.address() as AddressInfo).port));
everyUpdate((progress) => hub.publish("progress", progress));
